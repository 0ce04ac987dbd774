// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/commitment_store.hpp"

#include "daemon/checks/words.hpp"
#include "daemon/warehouse/commitments.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::runtime {

using checks::number_text;
using warehouse::Commitment;
using warehouse::CommitmentState;
using warehouse::Database;

std::string agreed_text(const Commitment& commitment) {
    return fmt::format("{} {} in {}, from {}", number_text(commitment.promised), commitment.kpi,
                       commitment.week.str(), number_text(commitment.baseline));
}

bool says_the_same(const Commitment& revision, const CommitmentEntry& entry) {
    return revision.week == entry.commitment.week &&
           revision.promised == entry.commitment.promised &&
           (entry.is_baseline_worked_out || revision.baseline == entry.commitment.baseline);
}

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

std::string argument(const CommitmentWords& words, const std::string& name) {
    const auto found = words.find(name);
    return found == words.end() ? std::string{} : found->second;
}

}  // namespace nudged::runtime
