// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/note_reading.hpp"

#include "connectors/base/text.hpp"
#include "daemon/warehouse/persons.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <tuple>

namespace nudged::warehouse {
namespace {

enum class Access { none, counts, metadata, whole };

/// What decides who may read a note.
struct Claim {
    PersonId rep = PersonId::nobody;
    std::string team;
    PersonId manager = PersonId::nobody;
    Instant stored_at;
};

/// Decides for one asker; the roster's tables say who leads whom on the day of the question.
class Gate {
public:
    Gate(const Database& database, const NoteAsker& asker)
        : database_(database), asker_(asker), today_(format_date(asker.today)) {}

    Access access(const Claim& claim) {
        if (!asker_.person) return Access::metadata;
        const auto person = as_counted(*asker_.person);
        if (claim.rep != PersonId::nobody) {
            if (claim.rep == person) return Access::whole;
            if (managers_of(claim.rep).contains(person))
                return claim.manager == person || is_handed_over(claim, person) ? Access::whole
                                                                                : Access::counts;
        } else {
            const auto leads = managers_of_team(claim.team);
            if (leads.contains(person) || is_member(claim.team, person)) return Access::whole;
        }
        return is_above(claim, person) ? Access::counts : Access::none;
    }

    PersonId as_counted(PersonId id) {
        if (id == PersonId::nobody) return id;
        const auto [known, is_new] = counted_.try_emplace(id);
        if (is_new) known->second = counted_as(database_, id);
        return known->second;
    }

private:
    using People = std::set<PersonId>;

    /// Whoever manages a team that the person is in today.
    const People& managers_of(PersonId person) {
        static const People none;
        if (!managers_) managers_ = read_managers();
        const auto found = managers_->find(person);
        return found == managers_->end() ? none : found->second;
    }

    std::map<PersonId, People> read_managers() {
        std::map<PersonId, People> managers;
        auto rows = database_.prepare(R"sql(
SELECT m.person_id, g.person_id FROM team_member m JOIN team_manager g ON g.team_id = m.team_id
 WHERE m.from_day <= ?1 AND ?1 < m.until_day AND g.from_day <= ?1 AND ?1 < g.until_day)sql");
        rows.bind(1, today_);
        while (rows.step())
            managers[as_counted(PersonId{rows.integer(0)})].insert(
                as_counted(PersonId{rows.integer(1)}));
        return managers;
    }

    People managers_of_team(const std::string& team) {
        People found;
        auto rows = database_.prepare(
            "SELECT g.person_id FROM team_manager g JOIN team t ON t.id = g.team_id WHERE "
            "t.name = ?2 AND g.from_day <= ?1 AND ?1 < g.until_day");
        rows.bind(1, today_).bind(2, team);
        while (rows.step()) found.insert(as_counted(PersonId{rows.integer(0)}));
        return found;
    }

    bool is_member(const std::string& team, PersonId person) {
        auto rows = database_.prepare(
            "SELECT m.person_id FROM team_member m JOIN team t ON t.id = m.team_id WHERE "
            "t.name = ?2 AND m.from_day <= ?1 AND ?1 < m.until_day");
        rows.bind(1, today_).bind(2, team);
        while (rows.step())
            if (as_counted(PersonId{rows.integer(0)}) == person) return true;
        return false;
    }

    /// Of everything that the handover could have meant: what was stored by then.
    bool is_handed_over(const Claim& claim, PersonId person) {
        auto rows = database_.prepare("SELECT rep_id, to_id FROM note_handover WHERE at >= ?1");
        rows.bind(1, claim.stored_at);
        while (rows.step())
            if (as_counted(PersonId{rows.integer(0)}) == claim.rep &&
                as_counted(PersonId{rows.integer(1)}) == person)
                return true;
        return false;
    }

    /// Whether they manage somebody who manages the rep, at any height.
    bool is_above(const Claim& claim, PersonId person) {
        People seen;
        auto next =
            claim.rep == PersonId::nobody ? managers_of_team(claim.team) : managers_of(claim.rep);
        while (!next.empty()) {
            People above;
            for (const auto manager : next) {
                if (!seen.insert(manager).second) continue;
                const auto& theirs = managers_of(manager);
                if (theirs.contains(person)) return true;
                above.insert(theirs.begin(), theirs.end());
            }
            next = std::move(above);
        }
        return false;
    }

    const Database& database_;
    const NoteAsker& asker_;
    std::string today_;
    std::map<PersonId, PersonId> counted_;
    std::optional<std::map<PersonId, People>> managers_;  // of everybody, once somebody asks
};

/// Each word in quotes, so that nothing of it is an operator; a "*" at its end stays one.
std::string match_of(std::string_view words) {
    std::string match;
    for (const auto raw : split(words, ' ')) {
        auto word = trim(raw);
        const bool is_beginning = word.ends_with('*');
        if (is_beginning) word.remove_suffix(1);
        if (word.empty()) continue;
        match += match.empty() ? "\"" : " \"";
        for (const char c : word) match += c == '"' ? std::string{"\"\""} : std::string{c};
        match += is_beginning ? "\" *" : "\"";
    }
    return match;
}

std::vector<NoteLink> read_links(const Database& database, NoteId id) {
    auto rows = database.prepare("SELECT source, opportunity FROM note_link WHERE note_id = ?1");
    rows.bind(1, id);
    std::vector<NoteLink> links;
    while (rows.step()) links.push_back({std::string{rows.text(0)}, std::string{rows.text(1)}});
    return links;
}

std::optional<NoteText> read_text(const Database& database, NoteId id, const Statement& note) {
    auto row = database.prepare("SELECT body, agreed FROM note_revision WHERE note_id = ?1 "
                                "ORDER BY revision DESC LIMIT 1");
    row.bind(1, id);
    if (!row.step()) return std::nullopt;
    NoteText text;
    text.body = row.text(0);
    text.agreed = row.text(1);
    text.skill = note.text(11);
    text.kpi = note.text(12);
    text.opportunities = read_links(database, id);
    return text;
}

constexpr std::string_view columns = R"sql(
SELECT n.id, n.type, n.rep_id, n.team, n.manager_id, n.held_on, n.written_at, n.stored_at,
       n.minutes, n.removed_at, n.removed_why, n.skill, n.kpi, r.name, m.name,
       (SELECT count(*) FROM note_revision v WHERE v.note_id = n.id)
  FROM note n LEFT JOIN person r ON r.id = n.rep_id LEFT JOIN person m ON m.id = n.manager_id)sql";

/// Of what was found, the latest revision has the words: what a note no longer says is not found.
constexpr std::string_view has_words = R"sql(
 WHERE n.id IN (SELECT v.note_id FROM note_text f JOIN note_revision v ON v.id = f.rowid
                 WHERE note_text MATCH ?1 AND v.revision =
                       (SELECT max(l.revision) FROM note_revision l WHERE l.note_id = v.note_id)))sql";

Note read_row(const Statement& row) {
    Note note;
    note.id = NoteId{row.integer(0)};
    note.type = note_type_of(row.text(1)).value_or(NoteType::one_on_one);
    note.team = row.text(3);
    note.held_on = parse_date(row.text(5)).value_or(std::chrono::local_days{});
    note.written_at = row.maybe_instant(6);
    if (const auto minutes = row.maybe_integer(8)) note.minutes = static_cast<int>(*minutes);
    note.removed_at = row.maybe_instant(9);
    note.removed_why = row.text(10);
    note.rep_name = row.text(13);
    note.manager_name = row.text(14);
    note.revisions = static_cast<int>(row.integer(15));
    return note;
}

bool is_wanted(const Note& note, const NoteFilter& filter) {
    return (!filter.id || note.id == *filter.id) && (!filter.type || note.type == *filter.type) &&
           (!filter.rep || note.rep == *filter.rep) &&
           (!filter.week || IsoWeek::of(note.held_on) == *filter.week) &&
           (filter.with_removed || filter.id || !note.removed_at);
}

}  // namespace

NotesSeen read_notes(const Reader& reader, const NoteAsker& asker, const NoteFilter& filter) {
    const auto& database = reader.database();
    const auto match = match_of(filter.words);
    const bool searches = !filter.words.empty();
    NotesSeen seen;
    if (searches && match.empty()) return seen;
    Gate gate(database, asker);
    auto rows = database.prepare(fmt::format("{}{} ORDER BY n.held_on DESC, n.id DESC", columns,
                                             searches ? has_words : std::string_view{}));
    if (searches) rows.bind(1, match);
    std::map<std::tuple<std::string, NoteType>, int> counts;
    while (rows.step()) {
        Note note = read_row(rows);
        note.rep = gate.as_counted(PersonId{rows.integer(2)});
        if (!is_wanted(note, filter)) continue;
        const Claim claim{note.rep, note.team, gate.as_counted(PersonId{rows.integer(4)}),
                          from_millis(rows.integer(7))};
        const auto access = gate.access(claim);
        if (access == Access::none || (searches && access != Access::whole)) continue;
        if (access == Access::counts) {
            ++counts[{note.rep_name.empty() ? note.team : note.rep_name, note.type}];
            continue;
        }
        if (access == Access::whole)
            note.text = read_text(database, note.id, rows);
        else
            note.removed_why.clear();
        seen.notes.push_back(std::move(note));
    }
    for (const auto& [key, count] : counts)
        seen.counts.push_back({std::get<0>(key), std::get<1>(key), count});
    return seen;
}

}  // namespace nudged::warehouse
