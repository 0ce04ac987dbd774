// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/checks/kpi/weeks.hpp"
#include "daemon/warehouse/team_weeks.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::checks {

/// One KPI of one rep over the weeks of the scorecard, oldest first; the last is the week of
/// `as_of`.
struct ScorecardKpi {
    std::string name;
    std::string label;
    std::string unit;
    std::optional<double> week_target;  // of a whole week
    /// Where none is set: what four of five weeks of the peers stay below. A proposal.
    std::optional<double> suggested_target{};
    std::vector<KpiWeek> weeks;
    bool has_data = false;
    std::optional<Cases> cases{};  // of a share: those of the trend's window
    Trend trend;                   // of the last eight usable weeks, whatever the scorecard shows
    /// Of these weeks, what was changed after they had been complete; oldest week first.
    std::vector<warehouse::WeekEdit> edits;
};

/// How many of the objects in scope have a next step (sales practice §2).
struct Coverage {
    std::size_t covered = 0;
    std::size_t in_scope = 0;
};

/// Open findings of one rep; praise apart.
struct FindingCounts {
    std::size_t info = 0;
    std::size_t attention = 0;
    std::size_t high = 0;
    std::size_t praise = 0;
};

struct ScorecardRep {
    warehouse::PersonId id{};
    std::string name;
    std::string email;
    std::string team;
    bool no_data = false;  // no source tells anything of them: missing, not zero
    std::vector<ScorecardKpi> kpis;
    /// Empty where a source with objects of theirs does not prove what is planned.
    std::optional<Coverage> opportunities;
    std::optional<Coverage> accounts;
    /// Deals and accounts together of which no finding of attention or more is open; empty where
    /// either is. A share of them is the hygiene score (sales practice §5).
    std::optional<Coverage> clean;
    FindingCounts findings;
};

/// A team that shows no figures of its members: what its weeks came to, by measure and week.
struct ScorecardTeam {
    std::string name;
    int minimum = 0;  // of fewer members there is no sum
    std::vector<warehouse::TeamWeek> weeks;
};

/// How many objects of each owner have a next step.
struct CoverageOfOwners {
    std::map<warehouse::PersonId, Coverage> counted;
    std::set<warehouse::PersonId>
        unproven;  // of whom a source with objects of theirs proves nothing

    /// Empty for an owner of whom nothing is proven.
    std::optional<Coverage> of(warehouse::PersonId owner) const;
};

/// What a scorecard says of a person beside the weeks of the KPIs. It takes a look at every open
/// deal and account, so it is made once for the scorecards of all teams.
struct ScorecardBasis {
    std::map<warehouse::PersonId, FindingCounts> findings;
    CoverageOfOwners opportunities;
    CoverageOfOwners accounts;
    CoverageOfOwners clean;  // of both: without a finding of attention or more
    std::set<warehouse::PersonId> without_data;
    /// Commitments kept in a row, by person and KPI; one who is not in it kept none.
    std::map<std::pair<warehouse::PersonId, std::string>, int> kept_in_a_row;
    std::vector<Held> held;
};
ScorecardBasis make_scorecard_basis(const Scene& scene, const Evaluation& evaluation);

/// How far a source has been read: all of its streams up to that moment; empty: a first load goes
/// on.
struct ReadSource {
    std::string source;
    std::optional<Instant> complete_at;
};

/// Figures only; rendering is the caller's. Reps and teams stand in the order of the roster.
struct Scorecard {
    Instant as_of;
    std::vector<ScorecardRep> reps;
    std::vector<ScorecardTeam> teams;  // those that show sums alone
    std::vector<Held> held;
    std::vector<ReadSource> sources{};
    bool has_amounts = false;  // of deals, which are their owner's in full
};

/// `weeks` counts the week of `as_of`. `team` is a team's name; `rep` an e-mail address or a name,
/// letter case aside; empty: all who have not left.
Scorecard make_scorecard(const Scene& scene, const ScorecardBasis& basis, int weeks,
                         std::string_view team = {}, std::string_view rep = {});
/// The same where nothing has been evaluated yet.
Scorecard make_scorecard(const Scene& scene, int weeks, std::string_view team = {},
                         std::string_view rep = {});

}  // namespace nudged::checks
