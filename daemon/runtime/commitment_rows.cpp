// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/commitment_rows.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "connectors/base/text.hpp"
#include "daemon/runtime/commitment_store.hpp"
#include "daemon/warehouse/commitments.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::runtime {
namespace {

using warehouse::Commitment;
using warehouse::CommitmentState;
using warehouse::Database;

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

}  // namespace

asio::awaitable<SheetTaken> take_commitments(const CareContext& context, std::string sheet,
                                             std::vector<CommitmentWords> rows) {
    SheetTaken taken;
    std::vector<CommitmentEntry> entries;
    auto read = [&] {
        const CommitmentScene desk(context);
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
