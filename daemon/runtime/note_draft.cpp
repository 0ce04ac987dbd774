// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/note_draft.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

namespace nudged::runtime {
namespace {

using warehouse::NoteDraft;
using warehouse::NoteType;
using warehouse::OnRoster;
using warehouse::Role;

NoteType read_type(const std::string& text) {
    if (const auto type = warehouse::note_type_of(text)) return *type;
    std::vector<std::string_view> names;
    for (const auto type : warehouse::all_note_types()) names.push_back(to_string(type));
    refuse(fmt::format("\"{}\" is no type of a note; there are: {}", text, fmt::join(names, ", ")));
}

/// "crm/o1", one or several, between blanks or on lines.
std::vector<warehouse::NoteLink> read_links(const config::Config& config, std::string text) {
    for (auto& c : text)
        if (c == '\n') c = ' ';
    std::vector<warehouse::NoteLink> links;
    for (const auto part : split(text, ' ')) {
        if (part.empty()) continue;
        const auto slash = part.find('/');
        if (slash == part.npos || slash == 0 || slash + 1 == part.size())
            refuse(fmt::format("\"{}\" names no opportunity; write SOURCE/ID", part));
        const auto source = part.substr(0, slash);
        const bool is_known = std::any_of(config.sources.begin(), config.sources.end(),
                                          [&](const auto& one) { return one.name == source; });
        if (!is_known)
            refuse(fmt::format("there is no source \"{}\"; see `nudged status`", source));
        links.push_back({std::string{source}, std::string{part.substr(slash + 1)}});
    }
    return links;
}

/// A day means its end: the note was written in its course.
Instant read_written(const std::string& text, const Zone& zone) {
    if (const auto instant = parse_instant(text)) return *instant;
    const auto day = read_day("written", text);
    return zone.instant(LocalTime{day + std::chrono::days{1}}) - std::chrono::milliseconds{1};
}

void read_about(NoteDraft& note, warehouse::Database& database, const config::Config& config,
                const Values& values, const warehouse::RosterTeam*& team) {
    if (const auto rep = values("rep"); !rep.empty()) {
        const auto somebody = warehouse::find_on_roster(config.roster, rep, Role::rep);
        note.rep = settle_person(database, config, somebody);
        team = somebody.team;
    } else if (const auto name = values("team"); !name.empty()) {
        if (note.type != NoteType::scrum && note.type != NoteType::best_practice)
            refuse(fmt::format("a note of type {} is about a rep: say which one with rep",
                               to_string(note.type)));
        team = &warehouse::find_team(config.roster, name);
    } else {
        refuse("say whom it is about: rep, or the team of a scrum");
    }
    note.team = team->name;
}

void read_dates(NoteDraft& note, const Values& values, const Zone& zone, Instant now) {
    const auto today = zone.local_day(now);
    const auto held = values("held");
    note.held_on = held.empty() ? today : read_day("held", held);
    if (note.held_on > today) refuse(fmt::format("held {} lies ahead", held));
    const auto written = values("written");
    if (!written.empty()) note.written_at = read_written(written, zone);
    if (note.written_at && zone.local_day(*note.written_at) < note.held_on)
        refuse(fmt::format("written {} lies before held {}", written, format_date(note.held_on)));
}

}  // namespace

void refuse(const std::string& what) {
    throw Failure(FailureKind::refused, what);
}

std::chrono::local_days read_day(std::string_view name, std::string_view text) {
    const auto day = parse_date(text);
    if (!day) refuse(fmt::format("{} \"{}\" is no day; write it like 2026-11-20", name, text));
    return *day;
}

std::int64_t read_number(std::string_view name, std::string_view text, std::int64_t least,
                         std::int64_t most) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < least || number > most)
        refuse(fmt::format("{} \"{}\" is no whole number from {} to {}", name, text, least, most));
    return number;
}

warehouse::PersonId settle_person(warehouse::Database& database, const config::Config& config,
                                  const OnRoster& somebody) {
    if (!warehouse::find_own_person(database, *somebody.person))
        warehouse::apply_roster(database, config.roster);
    return warehouse::person_on_roster(database, somebody);
}

OnRoster manager_on(const warehouse::RosterTeam& team, std::chrono::local_days day) {
    for (const auto& past : team.past_managers)
        if (past.until && day < *past.until) return {&team, &past};
    return {&team, &team.manager};
}

NoteDraft read_draft(warehouse::Database& database, const config::Config& config,
                     const Values& values, Instant now) {
    NoteDraft note;
    note.type = read_type(values("type"));
    const warehouse::RosterTeam* team = nullptr;
    read_about(note, database, config, values, team);
    read_dates(note, values, team->zone, now);
    const auto manager = values("manager");
    const auto holder = manager.empty()
                            ? manager_on(*team, note.held_on)
                            : warehouse::find_on_roster(config.roster, manager, Role::manager);
    note.manager = settle_person(database, config, holder);
    note.body = trim(values("text"));
    note.agreed = trim(values("agreed"));
    if (note.body.empty()) refuse("a note needs a text");
    if (note.body.size() > warehouse::longest_note || note.agreed.size() > warehouse::longest_note)
        refuse(fmt::format("a text of more than {} KiB is no note; shorten it",
                           warehouse::longest_note / 1024));
    note.opportunities = read_links(config, values("opportunity"));
    if (const auto minutes = values("minutes"); !minutes.empty())
        note.minutes = static_cast<int>(read_number("minutes", minutes, 1, 600));
    note.skill = trim(values("skill"));
    note.kpi = trim(values("kpi"));
    return note;
}

}  // namespace nudged::runtime
