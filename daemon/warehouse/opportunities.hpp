// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/decimal.hpp"
#include "connectors/base/instant.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/record_key.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nudged::warehouse {

// Every question is answered as of a moment T, by event time. Stage, amount, close date, owner,
// forecast category and next step are those of T as far as opportunity_change reaches: the old
// value of the earliest change after T, else today's. Name, account, pipeline and type have no
// history, and a close date that the CRM overwrote when it closed the deal is only known by a
// change.

/// An opportunity that was neither won nor lost at T.
struct OpenOpportunity {
    RecordKey key;
    std::string name;
    std::string url;
    std::string account_id;
    std::string account;  // its name
    PersonId owner = PersonId::nobody;
    std::string pipeline_id;
    std::string stage_id;  // empty when it has been closed since and no change tells where it was
    std::string stage;     // its name; the id where the CRM tells no stages
    int stage_rank = 0;    // the n-th open stage of its pipeline, from 1; 0: not known
    int stage_count = 0;   // how many open stages the pipeline has
    std::optional<Instant> stage_since;  // by the CRM's word or by a change; empty: not known
    std::optional<Instant> owner_since;  // the last change of owner, if one is known
    std::optional<Instant> created_at;
    std::optional<Decimal> amount;
    std::string currency;
    std::optional<std::chrono::local_days> close_date;
    std::string forecast_category;
    std::string next_step;  // the CRM's free text
    std::string type;       // the CRM's own classification
    std::string pipeline;   // its name; the id where the CRM tells no pipelines
    /// The user who owns it: whom the CRM does not tell at all is taken for an active person.
    std::string owner_user;                 // the CRM's id; empty: nobody
    std::string owner_name;                 // may be empty
    bool owner_is_person = true;            // false for a queue
    bool owner_active = true;               // false once the CRM says that the user has left
    std::optional<Instant> owner_modified;  // when the CRM last changed that user
};
std::vector<OpenOpportunity> read_open_opportunities(const Reader& reader, Instant as_of);

/// How long one opportunity was in one stage that it then left forwards: to a later stage, or won.
struct StageStay {
    std::string source;
    std::string pipeline_id;
    std::string stage_id;
    Instant entered;
    Instant left;
};
/// Those that left in [from, as_of). An opportunity without an earlier change entered its first
/// stage when it was created.
std::vector<StageStay> read_stage_stays(const Reader& reader, Instant from, Instant as_of);

/// From creation to the win.
struct WonCycle {
    std::string source;
    std::string pipeline_id;
    Instant created;
    Instant won;
};
/// Those won in [from, as_of).
std::vector<WonCycle> read_won_cycles(const Reader& reader, Instant from, Instant as_of);

}  // namespace nudged::warehouse
