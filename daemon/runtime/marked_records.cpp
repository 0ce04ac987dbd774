// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/marked_records.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "connectors/base/text.hpp"
#include "daemon/runtime/coaching_desk.hpp"
#include "daemon/runtime/note_draft.hpp"
#include "daemon/warehouse/escalations.hpp"
#include "daemon/warehouse/plans.hpp"
#include "daemon/warehouse/reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::runtime {
namespace {

using warehouse::Database;
using warehouse::NoteUse;
using warehouse::OnRoster;
using warehouse::Role;

std::string cell(const SheetRow& row, const std::string& name) {
    const auto found = row.find(name);
    return found == row.end() ? std::string{} : found->second;
}

std::string_view note_type_of(std::string_view mark) {
    if (mark == "1:1") return "one_on_one";
    if (mark == "best") return "best_practice";
    return mark == "praise" ? "praise" : "";
}

std::optional<OnRoster> find_rep(const warehouse::Roster& roster, std::string_view name) {
    if (name.empty()) return std::nullopt;
    try {
        return warehouse::find_on_roster(roster, name, Role::rep);
    } catch (const Failure&) {
        return std::nullopt;
    }
}

/// Whom a record is about, and what its title says beside that.
struct About {
    OnRoster rep;
    std::string name;  // by which the rep is found
    std::string title;
};

/// The rep who owns it; else, where a manager wrote it, the one who stands behind the mark, before
/// a colon: "[1:1] Ana: the renewal".
About about_of(const warehouse::Roster& roster, const SheetRow& row) {
    const auto owner = cell(row, "rep");
    const auto title = cell(row, "title");
    if (const auto rep = find_rep(roster, owner)) return {*rep, owner, title};
    const auto colon = std::min(title.find(':'), title.size());
    const std::string name{trim(std::string_view{title}.substr(0, colon))};
    const auto rest = trim(std::string_view{title}.substr(std::min(colon + 1, title.size())));
    if (const auto rep = find_rep(roster, name)) return {*rep, name, std::string{rest}};
    refuse(fmt::format("it is about nobody on the roster: its owner is no rep of teams.toml, and "
                       "no rep's name stands behind the mark; write \"[{}] Ana\"",
                       cell(row, "mark")));
}

/// The day on which it was made; "" for today, and where the team's day is not over yet.
std::string held_of(const SheetRow& row, const OnRoster& rep, Instant now) {
    auto held = cell(row, "held");
    const auto day = parse_date(held);
    return day && *day <= rep.team->zone.local_day(now) ? held : std::string{};
}

enum class Taken { is_new, is_changed, is_known };

Taken store_note(Database& database, const CareContext& context, const SheetRow& row) {
    const auto now = context.clock();
    const auto about = about_of(context.config.roster, row);
    auto text = about.title;
    if (const auto words = cell(row, "text"); !words.empty())
        text += (text.empty() ? "" : "\n") + words;
    const Values values = [&](std::string_view name) -> std::string {
        if (name == "type") return std::string{note_type_of(cell(row, "mark"))};
        if (name == "rep") return about.name;
        if (name == "held") return held_of(row, about.rep, now);
        if (name == "text") return text;
        return name == "agreed" || name == "kpi" ? cell(row, std::string{name}) : std::string{};
    };
    auto note = read_draft(database, context.config, values, now);
    note.origin_key = "crm " + cell(row, "crm");
    const auto stored = warehouse::store_note(database, note, now);
    if (!stored.is_new) {
        if (warehouse::was_said(database, stored.id, note.body, note.agreed))
            return Taken::is_known;
        warehouse::revise_note(database, stored.id, note.body, note.agreed, now);
    }
    const auto use = stored.is_new ? NoteUse::imported : NoteUse::changed;
    warehouse::store_audit_of(database, {.at = now, .user = {}, .use = use}, stored.id);
    return stored.is_new ? Taken::is_new : Taken::is_changed;
}

/// What one record asks of the desk; of one that is known, nothing.
struct Asked {
    std::optional<ControlRequest> request;
    Taken taken = Taken::is_known;
};

Asked ask_for_escalation(const warehouse::Reader& reader, const config::Config& config,
                         const SheetRow& row, Instant now) {
    const auto owner = cell(row, "rep");
    const auto rep = find_rep(config.roster, owner);
    if (!rep) refuse("its owner is no rep of teams.toml; give it the rep whose customer it is");
    const auto customer = cell(row, "title");
    const auto text = cell(row, "text");
    std::optional<warehouse::EscalationId> open;
    for (const auto& known : warehouse::read_escalations(reader, now)) {
        if (known.rep_name != rep->person->name ||
            to_lower_ascii(known.customer) != to_lower_ascii(customer))
            continue;
        const bool says_it =
            std::ranges::count(known.updates, text, &warehouse::EscalationUpdate::text) > 0;
        if (says_it || text.empty()) return {};
        if (!known.closed_at) open = known.id;
    }
    const auto next = cell(row, "next");
    if (open)
        return {ControlRequest{
                    .command = "escalation.update",
                    .arguments = {{"id", fmt::format("{}", static_cast<std::int64_t>(*open))},
                                  {"text", text},
                                  {"next", next}}},
                Taken::is_changed};
    return {
        ControlRequest{
            .command = "escalation.open",
            .arguments = {{"customer", customer}, {"rep", owner}, {"text", text}, {"next", next}}},
        Taken::is_new};
}

/// A plan begins on the Monday of its week, else on the day on which it was made.
std::string start_of(const SheetRow& row, const OnRoster& rep, Instant now) {
    if (const auto week = IsoWeek::parse(cell(row, "week"))) return format_date(week->monday());
    auto held = held_of(row, rep, now);
    return held.empty() ? format_date(rep.team->zone.local_day(now)) : held;
}

Asked ask_for_plan(const warehouse::Reader& reader, const config::Config& config,
                   const SheetRow& row, Instant now) {
    const auto owner = cell(row, "rep");
    const auto rep = find_rep(config.roster, owner);
    if (!rep) refuse("its owner is no rep of teams.toml; give it the rep whose plan it is");
    const auto start = start_of(row, *rep, now);
    const auto goal = fmt::format("{}:{}:{}", cell(row, "kpi"), cell(row, "from"), cell(row, "to"));
    for (const auto& known : warehouse::read_plans(reader)) {
        if (known.rep_name != rep->person->name || format_date(known.from) != start) continue;
        const auto has_goal = std::ranges::any_of(known.goals, [&](const auto& one) {
            return fmt::format("{}:{}:{}", one.kpi, one.from, one.to) == goal;
        });
        if (has_goal) return {};
        refuse(fmt::format("plan {} of that day has other goals, and a plan that runs is not "
                           "changed; begin another one in a later week: week: 2026-W48",
                           static_cast<std::int64_t>(known.id)));
    }
    return {ControlRequest{.command = "plan.add",
                           .arguments = {{"rep", owner}, {"goals", goal}, {"start", start}}},
            Taken::is_new};
}

class RecordTaker {
public:
    explicit RecordTaker(const CareContext& context) : context_(context) {}

    asio::awaitable<void> take(const SheetRow& row) {
        try {
            Taken taken{};
            if (note_type_of(cell(row, "mark")).empty())
                taken = co_await take_other(row);
            else
                taken = co_await take_note(row);
            total_.stored += taken == Taken::is_new ? 1 : 0;
            total_.changed += taken == Taken::is_changed ? 1 : 0;
        } catch (const Failure& failure) {
            if (failure.kind() != FailureKind::refused) throw;
            total_.refused.push_back(fmt::format("{}: {}", cell(row, "crm"), failure.what()));
        }
    }

    SheetTaken total() { return std::move(total_); }

private:
    asio::awaitable<Taken> take_note(const SheetRow& row) {
        auto store = [&](Database& database) { return store_note(database, context_, row); };
        co_return co_await context_.writer.run(store);
    }

    asio::awaitable<Taken> take_other(const SheetRow& row) {
        auto look = [&] {
            const warehouse::Reader reader(context_.config.warehouse_path().string());
            const auto ask = cell(row, "mark") == "plan" ? ask_for_plan : ask_for_escalation;
            return ask(reader, context_.config, row, context_.clock());
        };
        const auto asked = co_await on(context_.workers, look);
        if (!asked.request) co_return Taken::is_known;
        auto work = find_desk(*asked.request, context_);
        const auto report = co_await std::move(*work);
        if (report.status != 0)
            refuse(report.sentences.empty() ? "it was refused" : report.sentences.front());
        co_return asked.taken;
    }

    const CareContext& context_;
    SheetTaken total_;
};

}  // namespace

asio::awaitable<SheetTaken> take_records(const CareContext& context, std::vector<SheetRow> rows) {
    RecordTaker taker(context);
    for (const auto& row : rows) co_await taker.take(row);
    co_return taker.total();
}

}  // namespace nudged::runtime
