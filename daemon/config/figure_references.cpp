// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/figure_references.hpp"

#include "connectors/base/text.hpp"
#include "daemon/checks/kpi/query_weeks.hpp"
#include "daemon/checks/sql/sql_check.hpp"
#include "daemon/config/named.hpp"
#include "daemon/config/reading.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::config {
namespace {

void check_kpi_shape(const checks::Kpi& kpi, Diagnostics& problems) {
    const int shapes =
        kpi.is_one_measure() + kpi.ratio.has_value() + kpi.is_query() + kpi.is_score();
    if (shapes != 1)
        problems.error(
            kpi.place,
            fmt::format("the KPI \"{}\" needs a measure, a ratio, a query or a score, one of them",
                        kpi.name),
            "write measure = \"…\", ratio = { of = \"…\", by = [\"…\"] }, sql = \"…\" or "
            "score = { … }");
    if (kpi.ratio && kpi.ratio->by.empty())
        problems.error(kpi.place,
                       fmt::format("the ratio of the KPI \"{}\" divides by nothing", kpi.name),
                       "name measures under \"by\"");
}

/// A score is made of KPIs that are none.
void check_score(const checks::Kpi& kpi, const Config& config, Diagnostics& problems) {
    std::vector<std::string> known;
    for (const auto& other : config.checks.kpis)
        if (!other.is_score() && !other.name.empty()) known.push_back(other.name);
    for (const auto& [name, weight] : kpi.score)
        if (std::find(known.begin(), known.end(), name) == known.end())
            problems.error(
                kpi.place,
                fmt::format("the score of the KPI \"{}\" is made of \"{}\", which is no KPI with a "
                            "value of its own",
                            kpi.name, name),
                suggest(name, known));
}

/// Whom a target is meant for has to be there.
void check_target(const checks::DatedTarget& target, const checks::Kpi& kpi, const Config& config,
                  Diagnostics& problems) {
    const auto& teams = config.roster.teams;
    const auto missing = [&](std::string_view what, const std::string& name,
                             const std::vector<std::string>& known) {
        if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) return;
        problems.error(target.place,
                       fmt::format("the KPI \"{}\" has a target for a {} \"{}\" that does not "
                                   "exist",
                                   kpi.name, what, name),
                       suggest(name, known));
    };
    std::vector<std::string> roles, reps;
    for (const auto& team : teams)
        for (const auto& member : team.members) {
            if (!member.role.empty()) roles.push_back(member.role);
            reps.push_back(member.name);
            reps.insert(reps.end(), member.emails.begin(), member.emails.end());
        }
    missing("team", target.team, names_of(teams));
    missing("role", target.role, roles);
    missing("rep", target.rep, reps);
    if (!target.team.empty() + !target.role.empty() + !target.rep.empty() > 1)
        problems.error(target.place,
                       fmt::format("a target of the KPI \"{}\" is for several at once", kpi.name),
                       "say one of team, role and rep");
}

void check_kpis(const Config& config, Diagnostics& problems) {
    const auto teams = names_of(config.roster.teams);
    check_unique(config.checks.kpis, "KPI", problems);
    for (const auto& kpi : config.checks.kpis) {
        check_kpi_shape(kpi, problems);
        check_score(kpi, config, problems);
        for (const auto& target : kpi.dated_targets) check_target(target, kpi, config, problems);
        if (kpi.targets.empty() && kpi.dated_targets.empty())
            problems.error(kpi.place, fmt::format("the KPI \"{}\" has no target", kpi.name),
                           "add target = NUMBER, per rep and week");
        for (const auto& [team, target] : kpi.targets)
            if (!team.empty() && std::find(teams.begin(), teams.end(), team) == teams.end())
                problems.error(kpi.place,
                               fmt::format("the KPI \"{}\" has a target for a team \"{}\" that "
                                           "does not exist",
                                           kpi.name, team),
                               suggest(team, teams));
    }
}

void check_quotas(const Config& config, Diagnostics& problems) {
    const auto teams = names_of(config.roster.teams);
    std::vector<std::string> reps;
    for (const auto& team : config.roster.teams)
        for (const auto& member : team.members)
            reps.insert(reps.end(), member.emails.begin(), member.emails.end());
    for (const auto& quota : config.checks.quotas) {
        if (!quota.rep.empty() && !quota.team.empty())
            problems.error(quota.place, "a quota is one rep's or one team's",
                           "write rep = \"…\" or team = \"…\"");
        const auto rep = to_lower_ascii(quota.rep);
        if (!rep.empty() && std::find(reps.begin(), reps.end(), rep) == reps.end())
            problems.error(quota.place,
                           fmt::format("a quota is for \"{}\", who is on no team", quota.rep),
                           suggest(rep, reps));
        if (!quota.team.empty() && std::find(teams.begin(), teams.end(), quota.team) == teams.end())
            problems.error(
                quota.place,
                fmt::format("a quota is for a team \"{}\" that does not exist", quota.team),
                suggest(quota.team, teams));
    }
}

/// Each query is prepared as it will be run: what SQLite has against it is known before the daemon
/// goes on with it.
class QueryCheck {
public:
    explicit QueryCheck(Diagnostics& problems) : problems_(problems) {}

    void check(const checks::SqlText& query, warehouse::QueryAsks asks,
               std::optional<std::string> (*find_missing)(const std::vector<std::string>&)) {
        if (query.text.empty()) return;  // reported as missing, or none
        try {
            if (!queries_) queries_.emplace(warehouse::ViewQueries::of_schema());
            const auto shape = queries_->prepare(query.text, asks);
            if (const auto missing = find_missing(shape.columns))
                problems_.error(query.place, fmt::format("the query {}", *missing));
        } catch (const Failure& failure) {
            problems_.error(query.place, fmt::format("the query {}", failure.what()));
        }
    }

private:
    Diagnostics& problems_;
    std::optional<warehouse::ViewQueries> queries_;
};

void check_queries(const Config& config, Diagnostics& problems) {
    check_unique(config.checks.sql_checks, "SQL check", problems);
    QueryCheck queries{problems};
    for (const auto& kpi : config.checks.kpis)
        queries.check(kpi.query, warehouse::QueryAsks::of_a_span, checks::find_missing_kpi_column);
    for (const auto& check : config.checks.sql_checks)
        queries.check(check.query, warehouse::QueryAsks::of_today, checks::find_missing_column);
}

}  // namespace

void check_figures(const Config& config, Diagnostics& problems) {
    check_kpis(config, problems);
    check_quotas(config, problems);
    check_queries(config, problems);
}

}  // namespace nudged::config
