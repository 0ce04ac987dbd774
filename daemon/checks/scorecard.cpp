// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/scorecard.hpp"

#include "connectors/base/text.hpp"
#include "daemon/checks/book.hpp"
#include "daemon/checks/coaching/judgement.hpp"
#include "daemon/checks/departed.hpp"
#include "daemon/checks/kpi/targets.hpp"
#include "daemon/checks/next_step_coverage.hpp"
#include "daemon/checks/people/no_data.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace nudged::checks {
namespace {

using warehouse::PersonId;

bool is_wanted(const Scene& scene, const warehouse::Rep& person, std::string_view team,
               std::string_view rep) {
    if (!team.empty() && scene.people.team_of(person).name != team) return false;
    if (rep.empty()) return !has_left(person, scene.as_of);
    const auto wanted = to_lower_ascii(rep);
    return to_lower_ascii(person.email) == wanted || to_lower_ascii(person.name) == wanted;
}

/// Deals or accounts of which something of attention or more is open.
class Unclean {
public:
    explicit Unclean(const Evaluation& evaluation) {
        for (const auto* findings : {&evaluation.findings, &evaluation.folded})
            for (const auto& finding : *findings)
                if (!finding.is_praise && finding.severity >= Severity::attention)
                    records_.insert(std::tuple{finding.subject.type, finding.subject.source,
                                               finding.subject.id});
    }
    bool holds(const char* type, const warehouse::RecordKey& key) const {
        return records_.contains(std::tuple{std::string{type}, key.source, key.id});
    }

private:
    std::set<std::tuple<std::string, std::string, std::string>> records_;
};

/// Counts by what is planned, and by what is clean.
CoverageOfOwners opportunity_coverage(const Scene& scene, const Unclean& unclean,
                                      CoverageCount& clean) {
    CoverageCount coverage(scene);
    each_open_deal(scene, [&](const Owner& owner, const auto& key, bool has_next_step) {
        coverage.count(owner, key.source, has_next_step);
        clean.count(owner, key.source, !unclean.holds("opportunity", key));
    });
    return coverage.take();
}

CoverageOfOwners account_coverage(const Scene& scene, const Unclean& unclean,
                                  CoverageCount& clean) {
    CoverageCount coverage(scene);
    each_account(scene, [&](const Owner& owner, const auto& key, bool has_next_step) {
        coverage.count(owner, key.source, has_next_step);
        clean.count(owner, key.source, !unclean.holds("account", key));
    });
    return coverage.take();
}

std::map<PersonId, FindingCounts> count_findings(const Findings& findings) {
    std::map<PersonId, FindingCounts> counts;
    for (const auto& finding : findings) {
        auto& count = counts[finding.owner];
        if (finding.is_praise)
            ++count.praise;
        else if (finding.severity == Severity::high)
            ++count.high;
        else if (finding.severity == Severity::attention)
            ++count.attention;
        else
            ++count.info;
    }
    return counts;
}

ScorecardKpi scorecard_kpi(KpiSeries series, std::size_t weeks) {
    if (series.weeks.size() > weeks)
        series.weeks.erase(series.weeks.begin(),
                           series.weeks.end() - static_cast<std::ptrdiff_t>(weeks));
    const Kpi& kpi = *series.kpi;
    return {.name = kpi.name,
            .label = kpi.label,
            .unit = kpi.unit,
            .week_target = series.week_target,
            .weeks = std::move(series.weeks),
            .has_data = series.has_data,
            .cases = series.cases,
            .trend = series.trend,
            .edits = {}};
}

/// Whether there is a KPI without a target for everybody.
bool may_lack_target(const CheckOptions& options) {
    return std::any_of(options.kpis.begin(), options.kpis.end(), [](const Kpi& kpi) {
        return !kpi.targets.contains("") &&
               std::none_of(kpi.dated_targets.begin(), kpi.dated_targets.end(),
                            [](const DatedTarget& target) {
                                return target.team.empty() && target.role.empty() &&
                                       target.rep.empty() && !target.from;
                            });
    });
}

/// Edits by person and measure.
using Edits = std::map<std::pair<PersonId, std::string>, std::vector<warehouse::WeekEdit>>;

Edits read_edits(const Scene& scene, int weeks) {
    // The week of `as_of` may be an earlier one elsewhere on the globe.
    const auto first = IsoWeek::of(Zone::utc().local_day(scene.as_of)).plus(-weeks);
    Edits edits;
    for (auto& edit : warehouse::read_week_edits(scene.reader, first, scene.as_of))
        edits[{edit.person, edit.measure}].push_back(std::move(edit));
    return edits;
}

template <typename Map>
typename Map::mapped_type value_or_none(const Map& map, const typename Map::key_type& key) {
    const auto found = map.find(key);
    return found == map.end() ? typename Map::mapped_type{} : found->second;
}

std::vector<warehouse::WeekEdit> edits_of(const Edits& edits, PersonId rep, const Kpi& kpi,
                                          const std::vector<KpiWeek>& weeks) {
    const auto found = edits.find({rep, kpi.measure});
    if (found == edits.end() || weeks.empty()) return {};
    auto shown = found->second;
    std::erase_if(shown, [&](const auto& edit) { return edit.week < weeks.front().week; });
    return shown;
}

std::vector<ScorecardTeam> team_sums(const Scene& scene, int weeks, std::string_view team) {
    std::vector<ScorecardTeam> teams;
    for (const auto& one : scene.people.teams)
        if (one.shows_sums() && (team.empty() || one.name == team))
            teams.push_back({one.name, one.privacy.minimum, {}});
    if (teams.empty()) return teams;
    const auto first = IsoWeek::of(Zone::utc().local_day(scene.as_of)).plus(-weeks);
    for (auto& week : warehouse::read_team_weeks(scene.reader, first)) {
        const auto one = std::ranges::find(teams, week.team, &ScorecardTeam::name);
        if (one != teams.end()) one->weeks.push_back(std::move(week));
    }
    return teams;
}

std::vector<ReadSource> read_sources(const Scene& scene) {
    std::vector<ReadSource> sources;
    for (const auto& [source, states] : streams_of(scene)) {
        ReadSource read{source, Instant::max()};
        for (const auto& state : states) {
            if (!model::tells_records(state.stream.lane)) continue;
            if (!state.complete_at)
                read.complete_at.reset();
            else if (read.complete_at && state.stream.lane == model::Lane::incremental)
                read.complete_at = std::min(*read.complete_at, *state.complete_at);
        }
        if (read.complete_at == Instant::max()) read.complete_at.reset();
        sources.push_back(std::move(read));
    }
    return sources;
}

}  // namespace

std::optional<Coverage> CoverageOfOwners::of(PersonId owner) const {
    if (unproven.contains(owner)) return std::nullopt;
    const auto found = counted.find(owner);
    return found == counted.end() ? Coverage{} : found->second;
}

ScorecardBasis make_scorecard_basis(const Scene& scene, const Evaluation& evaluation) {
    const Unclean unclean{evaluation};
    CoverageCount clean(scene);
    ScorecardBasis basis{.findings = count_findings(evaluation.findings),
                         .opportunities = opportunity_coverage(scene, unclean, clean),
                         .accounts = account_coverage(scene, unclean, clean),
                         .clean = clean.take(),
                         .without_data = people_without_data(scene),
                         .kept_in_a_row = {},
                         .held = evaluation.held};
    for (const auto& [of, streak] : judgement_of(scene).streaks)
        basis.kept_in_a_row[of] = streak.kept;
    return basis;
}

Scorecard make_scorecard(const Scene& scene, int weeks, std::string_view team,
                         std::string_view rep) {
    return make_scorecard(scene, make_scorecard_basis(scene, evaluate(scene)), weeks, team, rep);
}

Scorecard make_scorecard(const Scene& scene, const ScorecardBasis& basis, int weeks,
                         std::string_view team, std::string_view rep) {
    // The trend needs its own weeks, whatever is shown.
    weeks = std::max(1, weeks);
    std::map<PersonId, std::vector<ScorecardKpi>> kpis;
    const auto edits = read_edits(scene, weeks);
    const auto is_shown = [&](const warehouse::Rep& person) {
        return is_wanted(scene, person, team, rep);
    };
    // Peers may be of other teams.
    const auto all = read_kpi_series(scene, std::max(weeks, 2 * trend_window),
                                     may_lack_target(scene.options) ? RepFilter{} : is_shown);
    for (const auto& series : all) {
        if (!is_shown(*series.rep)) continue;
        const auto rep_id = series.rep->id;
        const Kpi& kpi = *series.kpi;
        auto& shown =
            kpis[rep_id].emplace_back(scorecard_kpi(series, static_cast<std::size_t>(weeks)));
        shown.trend = with_kept_commitments(series.trend,
                                            value_or_none(basis.kept_in_a_row, {rep_id, kpi.name}));
        if (!series.week_target) shown.suggested_target = suggested_target(scene, all, series);
        shown.edits = edits_of(edits, rep_id, kpi, shown.weeks);
    }

    Scorecard card{scene.as_of, {}, {}, basis.held, read_sources(scene)};
    card.has_amounts =
        std::any_of(scene.options.kpis.begin(), scene.options.kpis.end(), [&](const Kpi& kpi) {
            const auto* measure = scene.options.measures.find(kpi.measure);
            return measure != nullptr && measure->unit == "currency";
        });
    if (rep.empty()) card.teams = team_sums(scene, weeks, team);
    for (const auto& person : scene.people.reps) {
        if (!is_shown(person)) continue;
        ScorecardRep row;
        row.id = person.id;
        row.name = person.name;
        row.email = person.email;
        row.team = scene.people.team_of(person).name;
        row.no_data = basis.without_data.contains(person.id);
        row.kpis = std::move(kpis[person.id]);
        row.opportunities = basis.opportunities.of(person.id);
        row.accounts = basis.accounts.of(person.id);
        row.clean = basis.clean.of(person.id);
        row.findings = value_or_none(basis.findings, person.id);
        card.reps.push_back(std::move(row));
    }
    return card;
}

}  // namespace nudged::checks
