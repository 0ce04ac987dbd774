// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/funnel.hpp"

#include "connectors/base/failure.hpp"
#include "daemon/warehouse/closed_deals.hpp"
#include "daemon/warehouse/measures.hpp"
#include "daemon/warehouse/rollups.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace nudged::checks {
namespace {

using std::chrono::days;
using warehouse::PersonId;

/// What was counted of a measure over the history.
struct Counted {
    double own = 0;
    double team = 0;
};

/// Reads sums of the weeks before the one of `as_of`.
class History {
public:
    History(const Scene& scene, const warehouse::Rep& rep) : scene_(scene), rep_(rep) {
        for (const auto& one : scene.people.reps)
            if (one.team == rep.team) team_.push_back(one.id);
        until_ = IsoWeek::of(rep.zone.local_day(scene.as_of)).monday();
        from_ = until_ - days{7 * scene.options.funnel.history_weeks};
    }

    Counted read(const std::string& name) const {
        const auto* measure = scene_.options.measures.find(name);
        if (!measure) return {};
        const auto proof =
            warehouse::read_rollup_proof(scene_.reader, scene_.options.measures.all());
        if (const auto reason = proof.why_not(*measure, rep_.id))
            throw Failure(FailureKind::transient, fmt::format("{}: {}", name, *reason));
        Counted counted;
        for (const auto& [person, weeks] :
             warehouse::read_weeks(scene_.reader, name, team_, from_, until_))
            for (const auto& [week, sum] : weeks) {
                const double value = static_cast<double>(sum) / static_cast<double>(measure->parts);
                counted.team += value;
                if (person == rep_.id) counted.own += value;
            }
        return counted;
    }

    /// Those in which the team won.
    std::set<std::string> currencies() const {
        const auto moment = [&](std::chrono::local_days day) {
            return rep_.zone.instant(LocalTime{day});
        };
        std::set<std::string> told;
        for (const auto& deal : warehouse::read_won_currencies(scene_.reader, moment(from_)))
            if (std::ranges::count(team_, deal.owner) > 0 &&
                deal.closed_at.value_or(moment(deal.close_date)) < moment(until_))
                told.insert(deal.currency);
        return told;
    }

private:
    const Scene& scene_;
    const warehouse::Rep& rep_;
    std::vector<PersonId> team_;
    std::chrono::local_days from_{}, until_{};
};

double deal_size(const Funnel& funnel, const History& history) {
    if (funnel.deal_size > 0) return funnel.deal_size;
    const double wins = history.read("wins").team;
    if (wins <= 0)
        throw Failure(FailureKind::needs_person,
                      "the team has won nothing yet that says what a deal is worth: set deal_size "
                      "under [funnel] in kpis.toml");
    if (const auto currencies = history.currencies(); currencies.size() > 1)
        throw Failure(FailureKind::needs_person,
                      fmt::format("the team has won in {}, which do not add up to what a deal is "
                                  "worth: set deal_size under [funnel] in kpis.toml",
                                  fmt::join(currencies, ", ")));
    return history.read("won_amount").team / wins;
}

}  // namespace

std::vector<double> steps_back(double results, std::span<const double> rates) {
    std::vector<double> needed{results};
    for (const double rate : rates)
        needed.push_back(rate > 0 ? needed.back() / rate : std::numeric_limits<double>::infinity());
    return needed;
}

std::vector<double> steps_forward(double efforts, std::span<const double> rates) {
    std::vector<double> reached(rates.size() + 1, efforts);
    for (std::size_t i = rates.size(); i > 0; --i) reached[i - 1] = reached[i] * rates[i - 1];
    return reached;
}

FunnelChain read_funnel(const Scene& scene, const warehouse::Rep& rep) {
    const auto& funnel = scene.options.funnel;
    if (funnel.quota <= 0 || funnel.steps.size() < 2)
        throw Failure(FailureKind::needs_person,
                      "there is no funnel: set quota and steps under [funnel] in kpis.toml");
    const History history(scene, rep);
    FunnelChain chain;
    chain.weeks = funnel.weeks;
    chain.steps = funnel.steps;
    chain.deal_size = deal_size(funnel, history);
    chain.deals = funnel.quota / chain.deal_size;
    std::vector<double> own, team;
    auto above = history.read(funnel.steps.front());
    for (std::size_t i = 1; i < funnel.steps.size(); ++i) {
        const auto below = history.read(funnel.steps[i]);
        FunnelRate rate;
        rate.hits = static_cast<long>(above.own);
        rate.cases = static_cast<long>(below.own);
        rate.team = below.team > 0 ? above.team / below.team : 0;
        rate.own = shrunk_rate(rate.hits, rate.cases, rate.team);
        own.push_back(rate.own);
        team.push_back(rate.team);
        chain.rates.push_back(rate);
        above = below;
    }
    chain.own = steps_back(chain.deals, own);
    chain.team = steps_back(chain.deals, team);
    return chain;
}

}  // namespace nudged::checks
