// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"
#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/finding.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

enum class CommitmentState {
    agreed,
    taken_back,  // void: it holds no more
    superseded,  // another one took its place
};
std::string_view to_string(CommitmentState state);

/// One revision of what a rep agreed to reach in a week; the last one counts. Nothing is
/// overwritten: what it said before stays.
struct Commitment {
    std::int64_t id = 0;  // by which people name it; counts from 1
    int revision = 1;
    PersonId person{};
    std::string kpi;  // by its name in kpis.toml
    CommitmentState state = CommitmentState::agreed;
    IsoWeek week = IsoWeek::of({});  // due in
    double baseline = 0;             // per standard week, as what is promised
    double promised = 0;
    std::string agreed_by;
    Instant agreed_at{};
    bool acknowledged = false;      // the rep has said yes to it
    std::string source{"command"};  // command, csv, crm or sheet
    std::string origin{};           // what it was made from: a task's source and id; may be empty
    std::string note{};
    std::string worked{};  // what worked, in the rep's words
    std::string hard{};    // where it was hard
    std::string reason{};  // of this revision; empty for the first one
    Instant made_at{};
};

/// Which ones are asked for.
struct CommitmentFilter {
    std::optional<PersonId> person{};
    std::optional<IsoWeek> first{};  // due in this week or later
    std::optional<IsoWeek> last{};   // and no later
    std::optional<Instant> as_of{};  // as they stood then; empty: as they stand
};

/// As they stand: by person, KPI, week and number. What was due in another week before counts by
/// the week that it is due in now.
std::vector<Commitment> read_commitments(const Database& database, const CommitmentFilter& filter);
std::optional<Commitment> find_commitment(const Database& database, std::int64_t id);
/// Every revision of every commitment of a person and KPI, the oldest first.
std::vector<Commitment> read_commitment_past(const Database& database, PersonId person,
                                             std::string_view kpi);

/// Inside a write transaction. Stores a new one under the next number, which it returns.
std::int64_t insert_commitment(Database& database, const Commitment& commitment);
/// Inside a write transaction. Stores the next revision of a commitment that is there.
void revise_commitment(Database& database, const Commitment& commitment);

}  // namespace nudged::warehouse
