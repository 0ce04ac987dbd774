// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/checks/holds.hpp"
#include "daemon/warehouse/coverage_weeks.hpp"
#include "daemon/warehouse/edits.hpp"
#include "daemon/warehouse/record_key.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace nudged::checks {

/// Source, pipeline and stage.
using StageKey = std::tuple<std::string, std::string, std::string>;

/// Days in a stage of deals that left it forwards, and from creation to the win of a pipeline's.
struct StallDays {
    std::map<StageKey, std::vector<double>> stays;
    std::map<std::pair<std::string, std::string>, std::vector<double>> cycles;
    bool operator==(const StallDays&) const = default;
};

/// Working days from entering a stage to the win: their median, and of how many deals.
struct UsualDays {
    double days = 0;
    std::size_t deals = 0;
    bool operator==(const UsualDays&) const = default;
};
using WinDays = std::map<StageKey, UsualDays>;

/// Of the e-mails about a deal, whether any says who wrote it, and whether any does not.
struct MailSigns {
    bool directed = false;
    bool bare = false;
};

/// What a rule compares a record with that is not its owner's: of all deals and all history. Filled
/// by the first rule that asks, and kept from one evaluation to the next (standing.hpp).
struct Baselines {
    std::optional<warehouse::EditFilter> edits;                 // past.hpp
    std::map<std::pair<int, Days>, StallDays> stalls;           // by months: hygiene/stalled.hpp
    std::map<int, WinDays> wins;                                // by months
    std::map<warehouse::RecordKey, bool> names_contact;         // open deals
    std::map<warehouse::RecordKey, MailSigns> mails;            // the same
    std::set<std::string> without_contacts, without_direction;  // sources
    /// Of each person: kpi/coverage_weeks.hpp.
    std::map<warehouse::CoverageObject, std::vector<warehouse::CoverageWeek>> coverage;
    // Whether a source gives a field of any opportunity, as far as a rule went by that; says why
    // any was lost; says of any close date who moved it.
    std::map<std::pair<std::string, std::string>, bool> told_fields;
    std::optional<std::set<std::string>> with_reasons;
    std::map<std::string, bool> tells_movers;
    /// When time alone changes what is held.
    std::optional<Instant> held_until;
    std::optional<Holds> holds;  // noted while there is one
};

/// Those of the scene; none of them is read yet, unless it was given them.
Baselines& baselines_of(const Scene& scene);
void give_baselines(const Scene& scene, std::shared_ptr<Baselines> baselines);

/// The day's beginning in UTC: what rules compare with is of the days before, so that the verdict
/// of a day stays what it is.
Instant day_start(Instant moment);

// Read anew. All up to now; the others up to the beginning of the day.
warehouse::EditFilter read_edits(const Scene& scene);
StallDays read_stall_days(const Scene& scene, int months, Days counted);
WinDays read_win_days(const Scene& scene, int months);

}  // namespace nudged::checks
