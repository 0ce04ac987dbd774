// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/commitment_desk.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "connectors/base/text.hpp"
#include "daemon/checks/coaching/verdict.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/runtime/commitment_entry.hpp"
#include "daemon/warehouse/commitments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>

namespace nudged::runtime {
namespace {

using checks::number_text;
using warehouse::Commitment;
using warehouse::CommitmentState;
using warehouse::Database;

/// What storing an entry came to.
struct Stored {
    enum class Kind { is_new, was_there, is_refused };
    Kind kind = Kind::is_new;
    std::int64_t id = 0;
    std::string why;  // of a refusal
};

std::string agreed_text(const Commitment& commitment) {
    return fmt::format("{} {} in {}, from {}", number_text(commitment.promised), commitment.kpi,
                       commitment.week.str(), number_text(commitment.baseline));
}

/// True when a revision says what the entry says. A baseline that was worked out may come to
/// something else another day.
bool says_the_same(const Commitment& revision, const CommitmentEntry& entry) {
    return revision.week == entry.commitment.week &&
           revision.promised == entry.commitment.promised &&
           (entry.is_baseline_worked_out || revision.baseline == entry.commitment.baseline);
}

/// The one that holds for the week, if any.
const Commitment* holding(const std::vector<Commitment>& present, const Commitment& wanted) {
    const auto found = std::find_if(present.begin(), present.end(), [&](const Commitment& one) {
        return one.kpi == wanted.kpi && one.week == wanted.week && one.id != wanted.id &&
               one.state == CommitmentState::agreed;
    });
    return found == present.end() ? nullptr : &*found;
}

std::string taken(const Commitment& other) {
    return fmt::format("number {} is agreed for that week already ({}); to change it: nudged "
                       "commit correct {} --to …",
                       other.id, agreed_text(other), other.id);
}

/// A line of a file that was imported before changes nothing, whatever became of it since. What
/// somebody types a second time is only refused while it holds.
Stored store(Database& database, const CommitmentEntry& entry, bool is_import) {
    const auto& wanted = entry.commitment;
    if (is_import)
        for (const auto& revision :
             warehouse::read_commitment_past(database, wanted.person, wanted.kpi))
            if (says_the_same(revision, entry))
                return {.kind = Stored::Kind::was_there, .id = revision.id, .why = {}};
    const auto present = warehouse::read_commitments(database, {.person = wanted.person});
    if (const auto* other = holding(present, wanted)) {
        if (says_the_same(*other, entry))
            return {.kind = Stored::Kind::was_there, .id = other->id, .why = {}};
        return {.kind = Stored::Kind::is_refused, .id = other->id, .why = taken(*other)};
    }
    return {.kind = Stored::Kind::is_new,
            .id = warehouse::insert_commitment(database, wanted),
            .why = {}};
}

CareReport explain_added(const CommitmentEntry& entry, const Stored& stored) {
    CareReport report;
    report.facts["id"] = fmt::format("{}", stored.id);
    if (stored.kind == Stored::Kind::is_refused) {
        report.status = 1;
        report.sentences.push_back(stored.why);
        return report;
    }
    report.facts["from"] = number_text(entry.commitment.baseline);
    report.sentences.push_back(
        fmt::format("{}: {} for {}{}.", stored.id, agreed_text(entry.commitment), entry.rep,
                    stored.kind == Stored::Kind::is_new ? "" : " was there already"));
    if (entry.is_baseline_worked_out)
        report.sentences.push_back(fmt::format("{} is the median of the last usable weeks.",
                                               number_text(entry.commitment.baseline)));
    if (checks::Promise{entry.commitment.baseline, entry.commitment.promised}.is_hold())
        report.sentences.emplace_back("That is no more than before: it is met by holding it.");
    return report;
}

/// As the checks see it, now.
struct Desk {
    const CareContext& context;
    warehouse::Reader reader;
    warehouse::People people;
    checks::Scene scene;

    explicit Desk(const CareContext& of)
        : context(of),
          reader(of.config.warehouse_path().string()),
          people(warehouse::read_people(reader, of.config.roster)),
          scene{reader, people, of.config.checks, of.clock()} {}
};

asio::awaitable<CareReport> add(const CareContext& context, const CommitmentWords& words) {
    auto read = [&] {
        const Desk desk(context);
        return read_entry(desk.scene, words, "command");
    };
    const auto entry = co_await on(context.workers, read);
    auto write = [&](Database& database) { return store(database, entry, false); };
    const auto stored = co_await context.writer.run(write);
    co_return explain_added(entry, stored);
}

/// What adding it would come to, and whose it would be; nothing is stored.
asio::awaitable<CareReport> look_at(const CareContext& context, const CommitmentWords& words) {
    CareReport report;
    auto read = [&] {
        const Desk desk(context);
        const auto entry = read_entry(desk.scene, words, "command");
        const auto& wanted = entry.commitment;
        const auto present =
            warehouse::read_commitments(desk.reader.database(), {.person = wanted.person});
        const auto* other = holding(present, wanted);
        if (other != nullptr && !says_the_same(*other, entry))
            throw Failure(FailureKind::refused, taken(*other));
        const auto* rep = desk.people.rep(wanted.person);
        report.facts = {{"rep", entry.rep},
                        {"email", rep->email},
                        {"team", desk.people.team_of(*rep).name},
                        {"kpi", wanted.kpi},
                        {"what", agreed_text(wanted)}};
    };
    co_await on(context.workers, read);
    co_return report;
}

std::uint64_t line_of(const CommitmentWords& words) {
    const auto found = words.find("line");
    std::uint64_t line = 2;
    if (found != words.end())
        std::from_chars(found->second.data(), found->second.data() + found->second.size(), line);
    return line;
}

std::string argument(const CommitmentWords& words, const std::string& name) {
    const auto found = words.find(name);
    return found == words.end() ? std::string{} : found->second;
}

asio::awaitable<CareReport> import_lines(const CareContext& context, const CommitmentWords& words) {
    auto read = [&] {
        const Desk desk(context);
        return read_lines(desk.scene, argument(words, "header"), argument(words, "text"),
                          line_of(words));
    };
    auto lines = co_await on(context.workers, read);
    std::vector<Stored> stored;
    auto write = [&](Database& database) {
        for (const auto& entry : lines.entries) stored.push_back(store(database, entry, true));
    };
    co_await context.writer.run(write);
    int added = 0, there = 0;
    for (std::size_t i = 0; i < stored.size(); ++i) {
        if (stored[i].kind == Stored::Kind::is_refused)
            lines.problems.push_back(
                fmt::format("line {}: {}", lines.entries[i].line, stored[i].why));
        else
            ++(stored[i].kind == Stored::Kind::is_new ? added : there);
    }
    CareReport report;
    report.facts = {{"stored", fmt::format("{}", added)},
                    {"there_already", fmt::format("{}", there)},
                    {"refused", fmt::format("{}", lines.problems.size())}};
    report.sentences = lines.problems;
    report.sentences.push_back(fmt::format("{} stored, {} there already, {} refused", added, there,
                                           lines.problems.size()));
    report.status = lines.problems.empty() ? 0 : 1;
    co_return report;
}

/// What somebody wrote of it, where they wrote anything: a sheet has no such columns.
bool says_no_other(const std::string& known, const std::string& said) {
    return said.empty() || known == said;
}

/// Nothing that a person would want to know is different.
bool is_as_before(const Commitment& revision, const CommitmentEntry& entry) {
    const auto& said = entry.commitment;
    return says_the_same(revision, entry) && revision.note == said.note &&
           revision.acknowledged == said.acknowledged &&
           says_no_other(revision.worked, said.worked) && says_no_other(revision.hard, said.hard);
}

bool is_of_crm(const Commitment& commitment) {
    return commitment.source == "crm";
}

/// What a note said has that in its origin; all else of a CRM was a task.
std::string change_reason(const Commitment& said) {
    const bool is_note = said.origin.starts_with("note ");
    const auto* what = !is_of_crm(said) ? "sheet " : is_note ? "" : "task ";
    return fmt::format("changed in the {}{}", what, said.origin);
}

/// Whether the last word of the sheet, task or note on the commitment was this one.
bool was_said_before(const Database& database, const Commitment& present,
                     const CommitmentEntry& entry) {
    const auto past = warehouse::read_commitment_past(database, present.person, present.kpi);
    const auto reason = change_reason(entry.commitment);
    const auto last = std::find_if(past.rbegin(), past.rend(), [&](const Commitment& revision) {
        const bool is_theirs = revision.revision == 1 || revision.reason == reason;
        return revision.id == present.id && is_theirs;
    });
    return last != past.rend() && is_as_before(*last, entry);
}

/// What the same row, task or note has said before, and holds. A sheet has one row for a rep, KPI
/// and week; a task or note is itself, whatever week it names.
const Commitment* said_before(const std::vector<Commitment>& present, const Commitment& wanted) {
    const auto found = std::find_if(present.begin(), present.end(), [&](const Commitment& one) {
        return one.state == CommitmentState::agreed && one.origin == wanted.origin &&
               one.kpi == wanted.kpi && (is_of_crm(wanted) || one.week == wanted.week);
    });
    return found == present.end() ? nullptr : &*found;
}

/// A row of a sheet, a task or a note. One that changed corrects what it has said before.
Stored store_row(Database& database, const CommitmentEntry& entry, bool& is_changed) {
    const auto& wanted = entry.commitment;
    const auto present = warehouse::read_commitments(database, {.person = wanted.person});
    const auto* other = said_before(present, wanted);
    if (other == nullptr) return store(database, entry, true);
    if (is_as_before(*other, entry) || was_said_before(database, *other, entry))
        return {.kind = Stored::Kind::was_there, .id = other->id, .why = {}};
    auto next = *other;
    next.week = wanted.week;
    if (const auto* taken_by = holding(present, next))
        return {.kind = Stored::Kind::is_refused, .id = taken_by->id, .why = taken(*taken_by)};
    next.promised = wanted.promised;
    if (!entry.is_baseline_worked_out) next.baseline = wanted.baseline;
    next.note = wanted.note;
    if (!wanted.worked.empty()) next.worked = wanted.worked;
    if (!wanted.hard.empty()) next.hard = wanted.hard;
    next.acknowledged = wanted.acknowledged;
    next.reason = change_reason(wanted);
    next.made_at = wanted.made_at;
    warehouse::revise_commitment(database, next);
    is_changed = true;
    return {.kind = Stored::Kind::was_there, .id = next.id, .why = {}};
}

/// A row as it is to be stored: whose it is, and what a CRM says beside what every row does.
CommitmentEntry entry_of(const checks::Scene& scene, const SheetRow& row,
                         const std::string& sheet) {
    const auto record = argument(row, "crm");
    auto entry = read_entry(scene, row, record.empty() ? "sheet" : "crm");
    auto& commitment = entry.commitment;
    commitment.origin = record.empty() ? sheet : record.substr(record.starts_with("task ") ? 5 : 0);
    constexpr std::size_t longest = 2000;
    commitment.worked = shorten(argument(row, "worked"), longest);
    commitment.hard = shorten(argument(row, "hard"), longest);
    return entry;
}

std::int64_t id_of(const CommitmentWords& words) {
    const auto text = argument(words, "id");
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size())
        throw Failure(FailureKind::refused,
                      fmt::format("\"{}\" is no commitment's number; `nudged commit list` shows "
                                  "them",
                                  text));
    return id;
}

Commitment require(const Database& database, std::int64_t id) {
    auto commitment = warehouse::find_commitment(database, id);
    if (!commitment)
        throw Failure(
            FailureKind::refused,
            fmt::format("there is no commitment {}; `nudged commit list` shows them", id));
    if (commitment->state != CommitmentState::agreed)
        throw Failure(FailureKind::refused,
                      fmt::format("commitment {} is {}: {}; agree a new one with `nudged commit "
                                  "add`",
                                  id, to_string(commitment->state), commitment->reason));
    return *commitment;
}

/// What the words change; false when it is nothing.
bool change(Commitment& commitment, const CommitmentWords& words) {
    const auto before = commitment;
    const auto has = [&](const char* name) { return words.contains(name); };
    if (has("to")) commitment.promised = read_value("to", argument(words, "to"));
    if (has("from")) commitment.baseline = read_value("from", argument(words, "from"));
    if (has("week")) commitment.week = read_week(argument(words, "week"));
    if (has("note")) commitment.note = argument(words, "note");
    if (has("worked")) commitment.worked = argument(words, "worked");
    if (has("hard")) commitment.hard = argument(words, "hard");
    if (has("acknowledged")) commitment.acknowledged = argument(words, "acknowledged") == "yes";
    const auto all = [](const Commitment& one) {
        return std::tie(one.promised, one.baseline, one.week, one.note, one.worked, one.hard,
                        one.acknowledged);
    };
    return all(before) != all(commitment);
}

asio::awaitable<CareReport> correct(const CareContext& context, const CommitmentWords& words) {
    const auto id = id_of(words);
    const auto now = context.clock();
    CareReport report;
    auto write = [&](Database& database) {
        auto commitment = require(database, id);
        const auto before = agreed_text(commitment);
        if (!change(commitment, words)) {
            report.sentences.push_back(fmt::format("{}: {}, as before.", id, before));
            return;
        }
        const auto present = warehouse::read_commitments(database, {.person = commitment.person});
        if (const auto* other = holding(present, commitment))
            throw Failure(FailureKind::refused, taken(*other));
        commitment.reason = argument(words, "reason");
        commitment.made_at = now;
        warehouse::revise_commitment(database, commitment);
        const auto after = agreed_text(commitment);
        report.sentences.push_back(
            after == before ? fmt::format("{}: {}; what was written of it is stored.", id, after)
                            : fmt::format("{}: {}. It was: {}.", id, after, before));
    };
    co_await context.writer.run(write);
    report.facts["id"] = fmt::format("{}", id);
    co_return report;
}

asio::awaitable<CareReport> take_back(const CareContext& context, const CommitmentWords& words) {
    const auto id = id_of(words);
    const auto reason = argument(words, "reason");
    if (trim(reason).empty())
        throw Failure(FailureKind::refused,
                      "what was agreed is void for a reason: say it with --reason");
    const auto now = context.clock();
    CareReport report;
    auto write = [&](Database& database) {
        auto commitment = require(database, id);
        commitment.state = CommitmentState::taken_back;
        commitment.reason = reason;
        commitment.made_at = now;
        warehouse::revise_commitment(database, commitment);
        report.sentences.push_back(fmt::format("{}: {} is void.", id, agreed_text(commitment)));
    };
    co_await context.writer.run(write);
    report.facts["id"] = fmt::format("{}", id);
    co_return report;
}

}  // namespace

asio::awaitable<CareReport> keep_commitments(const CareContext& context, ControlRequest request) {
    const auto what = request.argument("do");
    CareReport report;
    if (what == "add") {
        report = co_await add(context, request.arguments);
    } else if (what == "look") {
        report = co_await look_at(context, request.arguments);
    } else if (what == "import") {
        report = co_await import_lines(context, request.arguments);
    } else if (what == "correct") {
        report = co_await correct(context, request.arguments);
    } else if (what == "void") {
        report = co_await take_back(context, request.arguments);
    } else {
        throw Failure(FailureKind::refused,
                      fmt::format("nothing is known of \"{}\"; this daemon and the command are of "
                                  "different versions: restart the daemon",
                                  what));
    }
    co_return report;
}

asio::awaitable<SheetTaken> take_commitments(const CareContext& context, std::string sheet,
                                             std::vector<CommitmentWords> rows) {
    SheetTaken taken;
    std::vector<CommitmentEntry> entries;
    auto read = [&] {
        const Desk desk(context);
        for (const auto& row : rows) {
            try {
                entries.push_back(entry_of(desk.scene, row, sheet));
            } catch (const Failure& failure) {
                taken.refused.push_back(fmt::format("{}: {}", row_text(row), failure.what()));
            }
        }
    };
    co_await on(context.workers, read);
    auto write = [&](Database& database) {
        for (const auto& entry : entries) {
            bool is_changed = false;
            const auto stored = store_row(database, entry, is_changed);
            if (stored.kind == Stored::Kind::is_refused)
                taken.refused.push_back(fmt::format("{}, {} in {}: {}", entry.rep,
                                                    entry.commitment.kpi,
                                                    entry.commitment.week.str(), stored.why));
            taken.stored += stored.kind == Stored::Kind::is_new ? 1 : 0;
            taken.changed += is_changed ? 1 : 0;
        }
    };
    co_await context.writer.run(write);
    co_return taken;
}

}  // namespace nudged::runtime
