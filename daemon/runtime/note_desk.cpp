// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/note_desk.hpp"

#include "connectors/base/text.hpp"
#include "connectors/sources/csv/parser.hpp"
#include "daemon/runtime/coaching_desk.hpp"
#include "daemon/runtime/note_draft.hpp"
#include "daemon/warehouse/audit.hpp"
#include "daemon/warehouse/persons.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

namespace nudged::runtime {
namespace {

using warehouse::Database;
using warehouse::NoteId;
using warehouse::NoteUse;
using warehouse::PersonId;
using warehouse::Role;

constexpr std::array<std::string_view, 11> columns{"type",    "rep",     "team", "manager",
                                                   "held",    "written", "text", "agreed",
                                                   "minutes", "skill",   "kpi"};

NoteId read_id(const ControlRequest& request) {
    return NoteId{
        read_number("note", request.argument("id"), 1, std::numeric_limits<std::int64_t>::max())};
}

std::string required(const ControlRequest& request, const std::string& name, const char* remedy) {
    auto text = std::string{trim(request.argument(name))};
    if (text.empty()) refuse(remedy);
    return text;
}

CareReport told(std::string sentence) {
    CareReport report;
    report.sentences.push_back(std::move(sentence));
    return report;
}

warehouse::AuditEntry entry_of(const ControlRequest& request, NoteUse use, Instant now) {
    return {.at = now, .user = request.user, .use = use};
}

/// What a CSV file's columns are called, in the order of the file.
using Header = std::vector<std::string>;

/// The rows of a text, one after the other; a row that cannot be read has its problem.
template <typename Take>
void for_each_row(std::string_view text, std::uint64_t line, const Take& take) {
    sources::csv::RowParser parser(',', line);
    while (!text.empty()) {
        parser.feed(text);
        if (!parser.has_row()) parser.finish();
        if (!parser.has_row()) return;
        if (!parser.row().is_blank() || parser.row().problem != sources::csv::RowProblem::none)
            take(parser.row());
        text.remove_prefix(std::min<std::size_t>(text.size(), parser.row().bytes));
    }
}

Header read_header(const std::string& text) {
    Header header;
    for_each_row(text, 1, [&](const sources::csv::Row& row) {
        for (const auto cell : row.cells) header.push_back(to_lower_ascii(trim(cell)));
    });
    if (!header.empty() && header[0].starts_with("\xEF\xBB\xBF")) header[0].erase(0, 3);
    for (const auto& name : header)
        if (name != "opportunity" &&
            std::find(columns.begin(), columns.end(), name) == columns.end())
            refuse(fmt::format("line 1: there is no column \"{}\"; there are {}, opportunity", name,
                               fmt::join(columns, ", ")));
    for (const auto* needed : {"type", "held", "text"})
        if (std::find(header.begin(), header.end(), needed) == header.end())
            refuse(fmt::format("line 1: the column \"{}\" is missing", needed));
    return header;
}

/// The same line has the same key, whatever stands around it in the file.
std::string key_of(const warehouse::NoteDraft& note) {
    return fingerprint(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", to_string(note.type),
                                   static_cast<std::int64_t>(note.rep), note.team,
                                   format_date(note.held_on), note.body, note.agreed));
}

class Import {
public:
    Import(Database& database, const CareContext& context, Header header)
        : database_(database), context_(context), header_(std::move(header)) {}

    /// One row for each person or team.
    void audit(const ControlRequest& request) {
        for (const auto& [about, count] : imported_) {
            auto entry = entry_of(request, NoteUse::imported, context_.clock());
            std::tie(entry.about, entry.team) = about;
            entry.notes = count;
            warehouse::store_audit(database_, entry);
        }
    }

    void take(const sources::csv::Row& row) {
        try {
            warehouse::Savepoint savepoint(database_);
            store(row);
            savepoint.keep();
        } catch (const Failure& failure) {
            if (failure.kind() != FailureKind::refused) throw;
            ++refused_;
            report_.sentences.push_back(fmt::format("line {}: {}", row.line, failure.what()));
        }
    }

    CareReport report() {
        report_.facts = {{"stored", fmt::format("{}", stored_)},
                         {"known", fmt::format("{}", known_)},
                         {"refused", fmt::format("{}", refused_)}};
        report_.status = refused_ > 0 ? 1 : 0;
        return std::move(report_);
    }

private:
    void store(const sources::csv::Row& row) {
        if (row.problem != sources::csv::RowProblem::none)
            refuse(fmt::format("{}; write a quote inside quotes twice", to_string(row.problem)));
        if (row.cells.size() != header_.size())
            refuse(fmt::format("it has {} cells, the first line {}; quote texts with commas",
                               row.cells.size(), header_.size()));
        const Values values = [&](std::string_view name) {
            const auto at = std::find(header_.begin(), header_.end(), name);
            if (at == header_.end()) return std::string{};
            return std::string{trim(row.cells[static_cast<std::size_t>(at - header_.begin())])};
        };
        if (values("held").empty()) refuse("held is empty; write the day like 2026-11-20");
        auto note = read_draft(database_, context_.config, values, context_.clock());
        note.origin_key = key_of(note);
        const bool is_new = warehouse::store_note(database_, note, context_.clock()).is_new;
        ++(is_new ? stored_ : known_);
        const auto team = note.rep == PersonId::nobody ? note.team : std::string{};
        if (is_new) ++imported_[{note.rep, team}];
    }

    Database& database_;
    const CareContext& context_;
    Header header_;
    CareReport report_;
    int stored_ = 0, known_ = 0, refused_ = 0;
    std::map<std::pair<PersonId, std::string>, int> imported_;
};

/// "12 3": three notes of person 12; "- 2 North": two of that team.
void read_seen(std::string_view line, warehouse::AuditEntry& entry) {
    const auto words = split(line, ' ');
    if (words.size() < 2) refuse("a line of \"seen\" is PERSON NOTES, or - NOTES TEAM");
    entry.notes = static_cast<int>(read_number("notes", words[1], 0, 1'000'000'000));
    if (words[0] != "-")
        entry.about =
            PersonId{read_number("person", words[0], 1, std::numeric_limits<std::int64_t>::max())};
    else if (words.size() > 2)
        entry.team = line.substr(static_cast<std::size_t>(words[2].data() - line.data()));
}

/// The requests that carry the lines, each of which says how notes were seen and whose.
std::vector<ControlRequest> requests_of(const std::string& lines, NoteUse use,
                                        const std::string& as) {
    std::vector<ControlRequest> requests;
    std::string some;
    const auto add = [&] {
        if (some.empty()) return;
        requests.push_back({.command = "note.seen",
                            .arguments = {{"use", std::string{to_string(use)}},
                                          {"as", as},
                                          {"seen", std::exchange(some, {})}}});
    };
    for (const auto line : split(lines, '\n')) {
        if (line.empty()) continue;
        if (some.size() + line.size() > longest_import) add();
        some += fmt::format("{}\n", line);
    }
    add();
    return requests;
}

}  // namespace

asio::awaitable<CareReport> add_note(const CareContext& context, ControlRequest request) {
    const auto now = context.clock();
    auto store = [&](Database& database) {
        const Values values = [&](std::string_view name) {
            return request.argument(std::string{name});
        };
        auto note = read_draft(database, context.config, values, now);
        if (!note.written_at) note.written_at = now;
        const auto id = warehouse::store_note(database, note, now).id;
        warehouse::store_audit_of(database, entry_of(request, NoteUse::written, now), id);
        return std::pair{id, std::move(note)};
    };
    const auto [id, note] = co_await context.writer.run(store);
    const auto number = static_cast<std::int64_t>(id);
    auto report = told(fmt::format("note {}: {} of {} is kept", number, to_string(note.type),
                                   format_date(note.held_on)));
    report.facts["note"] = fmt::format("{}", number);
    if (note.type == warehouse::NoteType::one_on_one && !warehouse::is_specific(note.agreed))
        report.sentences.emplace_back(
            "Nothing agreed in it has a number and a week yet, such as --agreed \"50 dials in "
            "2026-W48\": what would both of you look at next time?");
    co_return report;
}

asio::awaitable<CareReport> edit_note(const CareContext& context, ControlRequest request) {
    const auto id = read_id(request);
    const auto text = required(request, "text", "a note needs a text: --text, or standard input");
    const auto agreed = request.argument("agreed");
    if (text.size() > warehouse::longest_note) refuse("this text is too long for a note");
    const auto now = context.clock();
    auto revise = [&](Database& database) {
        warehouse::revise_note(database, id, text, agreed, now);
        warehouse::store_audit_of(database, entry_of(request, NoteUse::changed, now), id);
        return true;
    };
    co_await context.writer.run(revise);
    co_return told(fmt::format("note {} has a new text; what it said before is kept",
                               static_cast<std::int64_t>(id)));
}

asio::awaitable<CareReport> take_note_away(const CareContext& context, ControlRequest request) {
    const auto id = read_id(request);
    const auto why = required(request, "reason", "say why it goes: --reason");
    const auto now = context.clock();
    auto remove = [&](Database& database) {
        warehouse::remove_note(database, id, why, now);
        warehouse::store_audit_of(database, entry_of(request, NoteUse::removed, now), id);
        return true;
    };
    co_await context.writer.run(remove);
    auto compact = [](Database& database) { return warehouse::compact_search(database); };
    for (bool more = true; more && !context.is_stopped();)
        more = co_await context.writer.run(compact);
    co_return told(fmt::format("note {} is removed; that there was one, and why it went, is kept",
                               static_cast<std::int64_t>(id)));
}

asio::awaitable<CareReport> hand_notes_over(const CareContext& context, ControlRequest request) {
    const auto& roster = context.config.roster;
    const auto rep = warehouse::find_on_roster(roster, request.argument("rep"), Role::rep);
    const auto to = warehouse::find_on_roster(roster, request.argument("to"), Role::manager);
    const auto now = context.clock();
    auto hand_over = [&](Database& database) {
        auto entry = entry_of(request, NoteUse::handed_over, now);
        entry.about = settle_person(database, context.config, rep);
        entry.notes = warehouse::count_notes(database, entry.about);
        warehouse::hand_over_notes(database, entry.about,
                                   settle_person(database, context.config, to), now);
        warehouse::store_audit(database, entry);
        return true;
    };
    co_await context.writer.run(hand_over);
    auto report = told("What was noted so far is handed over: it is read as long as they manage "
                       "the rep.");
    if (rep.team != to.team)
        report.sentences.push_back(
            fmt::format("In teams.toml they do not: the rep is in \"{}\".", rep.team->name));
    co_return report;
}

asio::awaitable<CareReport> audit_seen(const CareContext& context, ControlRequest request) {
    const auto use = warehouse::note_use_of(request.argument("use"));
    if (!use || (*use != NoteUse::listed && *use != NoteUse::read && *use != NoteUse::searched))
        refuse("\"use\" is listed, read or searched");
    const auto now = context.clock();
    const auto seen = request.argument("seen");
    auto store = [&](Database& database) {
        auto entry = entry_of(request, *use, now);
        if (const auto as = request.argument("as"); !as.empty())
            entry.as = warehouse::find_by_address(database, as).value_or(PersonId::nobody);
        for (const auto line : split(seen, '\n')) {
            if (line.empty()) continue;
            auto one = entry;
            read_seen(line, one);
            warehouse::store_audit(database, one);
        }
        return true;
    };
    co_await context.writer.run(store);
    co_return CareReport{};
}

std::vector<ControlRequest> note_seen_requests(const warehouse::NotesSeen& seen,
                                               const std::string& as, bool by_words) {
    std::map<std::pair<PersonId, std::string>, int> whole, listed;
    for (const auto& note : seen.notes) {
        const auto team = note.rep == PersonId::nobody ? note.team : std::string{};
        ++(note.text ? whole : listed)[{note.rep, team}];
    }
    const auto lines_of = [](const auto& counts) {
        std::string lines;
        for (const auto& [about, count] : counts)
            lines += about.first == PersonId::nobody
                         ? fmt::format("- {} {}\n", count, clean_line(about.second))
                         : fmt::format("{} {}\n", static_cast<std::int64_t>(about.first), count);
        return lines;
    };
    auto lines = lines_of(whole);
    if (by_words && seen.notes.empty()) lines = "- 0\n";
    auto requests = requests_of(lines, by_words ? NoteUse::searched : NoteUse::read, as);
    for (auto& more : requests_of(lines_of(listed), NoteUse::listed, as))
        requests.push_back(std::move(more));
    return requests;
}

asio::awaitable<CareReport> import_notes(const CareContext& context, ControlRequest request) {
    const auto line =
        read_number("line", request.argument("line"), 1, std::numeric_limits<std::int64_t>::max());
    const auto rows = request.argument("rows");
    const auto header = request.argument("header");
    auto store = [&](Database& database) {
        Import import(database, context, read_header(header));
        for_each_row(rows, static_cast<std::uint64_t>(line),
                     [&](const sources::csv::Row& row) { import.take(row); });
        import.audit(request);
        return import.report();
    };
    co_return co_await context.writer.run(store);
}

}  // namespace nudged::runtime
