// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/checks/coaching/ladder.hpp"
#include "daemon/checks/coaching/verdict.hpp"
#include "daemon/checks/kpi/weeks.hpp"
#include "daemon/warehouse/commitment_verdicts.hpp"
#include "daemon/warehouse/commitments.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nudged::checks {

/// A commitment and what has come of it as of the scene. The pointers are into the scene.
struct JudgedCommitment {
    warehouse::Commitment commitment;
    const warehouse::Rep* rep =
        nullptr;               // of the stay that the week is in; null: not on the roster
    const Kpi* kpi = nullptr;  // null: kpis.toml has none of that name
    Verdict verdict;
    std::string why;           // it cannot be judged, or is void
    bool is_over = false;      // its week has ended where the rep lives
    bool is_disputed = false;  // somebody says that what was told of it is wrong
    bool was_better =
        false;  // an earlier verdict on the same promise was better: then it is not told
    bool has_next = false;              // the same rep and KPI have a later verdict
    Streak streak;                      // with this one
    std::optional<Proposal> next;       // from here; needs a target
    std::optional<IsoWeek> moved_from;  // the rep was away in the week that it was agreed for

    bool is_agreed() const { return commitment.state == warehouse::CommitmentState::agreed; }
};

/// By person, KPI, week; and what is not stored yet: the daemon writes it down.
struct Judgement {
    std::vector<JudgedCommitment> commitments;
    std::vector<warehouse::StoredVerdict> verdicts;
    std::vector<warehouse::Commitment> revisions;  // moved to another week, or void
    /// By rep and KPI, up to now.
    std::map<std::pair<warehouse::PersonId, std::string>, Streak> streaks;

    /// How many the rep has kept in a row, up to now.
    int kept_in_a_row(warehouse::PersonId person, const std::string& kpi) const;
};

/// Commitments due in `first` or later, as of the scene.
Judgement judge_commitments(const Scene& scene, IsoWeek first);
/// Those of the last year and to come; made at the first call.
const Judgement& judgement_of(const Scene& scene);

/// The next rung for a rep and KPI as of the scene; nullopt without a target or a usable week.
std::optional<Proposal> propose_next(const Scene& scene, const warehouse::Rep& rep, const Kpi& kpi);

/// What is usual for a rep: the median of their last usable weeks, per standard week; nullopt when
/// there is none.
std::optional<double> usual_of(const KpiSeries& series);

/// Inside a write transaction. What of the judgement still fits what is stored by now.
void note_judgement(warehouse::Database& database, const Judgement& judgement);

}  // namespace nudged::checks
