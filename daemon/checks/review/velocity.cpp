// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/review/velocity.hpp"

#include "daemon/checks/kpi/trend.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/review/criteria.hpp"
#include "daemon/checks/statistics/rates.hpp"
#include "daemon/warehouse/closed_deals.hpp"

#include <algorithm>

namespace nudged::checks {
namespace {

using warehouse::PersonId;

/// What closed of one rep, or of a team.
struct Closed {
    std::size_t won = 0, closed = 0;
    Decimal amount;
    std::size_t with_amount = 0;
    std::vector<double> cycles;
    double value() const {
        return with_amount == 0 ? 0 : amount.to_double() / static_cast<double>(with_amount);
    }
};

using Cycles = std::map<PersonId, std::vector<double>>;

Cycles read_cycles(const Scene& scene) {
    const auto first = months_before(scene.as_of, scene.options.rep_coverage_gap.win_months);
    Cycles cycles;
    for (const auto& cycle : warehouse::read_deal_cycles(scene.reader, first, scene.as_of)) {
        const double days = days_between(cycle.created, cycle.closed, Days::calendar);
        if (cycle.is_won && days > 0) cycles[cycle.owner].push_back(days);
    }
    return cycles;
}

std::vector<const warehouse::ClosedDeal*> closed_of(const Scene& scene, const warehouse::Rep& rep) {
    const auto first =
        rep.zone.local_day(months_before(scene.as_of, scene.options.rep_coverage_gap.win_months));
    const auto& book = closed_book(scene);
    std::vector<const warehouse::ClosedDeal*> closed;
    if (const auto of_rep = book.of_owner.find(rep.id); of_rep != book.of_owner.end())
        for (const auto index : of_rep->second)
            if (book.deals[index].closed >= first) closed.push_back(&book.deals[index]);
    return closed;
}

std::string usual_currency(const Scene& scene, const std::vector<const warehouse::Rep*>& reps) {
    std::map<std::string, std::size_t> counts;
    for (const auto* rep : reps)
        for (const auto* deal : closed_of(scene, *rep))
            if (deal->is_won && deal->amount) ++counts[deal->currency];
    const auto usual = std::max_element(counts.begin(), counts.end(), [](auto& one, auto& other) {
        return one.second < other.second;
    });
    return usual == counts.end() ? "" : usual->first;
}

Closed count_closed(const Scene& scene, const warehouse::Rep& rep, const Cycles& cycles,
                    TeamVelocity& team) {
    Closed counted;
    for (const auto* deal : closed_of(scene, rep)) {
        ++counted.closed;
        if (!deal->is_won) continue;
        ++counted.won;
        if (!deal->amount || deal->currency != team.currency) {
            ++team.left_out;
            continue;
        }
        ++counted.with_amount;
        counted.amount = counted.amount.plus(*deal->amount).value_or(counted.amount);
    }
    if (const auto found = cycles.find(rep.id); found != cycles.end())
        counted.cycles = found->second;
    return counted;
}

std::size_t real_deals(const Scene& scene, const warehouse::Rep& rep) {
    const auto& book = book_of(scene);
    const auto of_rep = book.opportunities_of_owner.find(rep.id);
    if (of_rep == book.opportunities_of_owner.end()) return 0;
    return static_cast<std::size_t>(
        std::count_if(of_rep->second.begin(), of_rep->second.end(), [&](std::size_t index) {
            return judge_reality(scene, book.opportunities[index]).is_real;
        }));
}

void add(Closed& all, const Closed& one) {
    all.won += one.won;
    all.closed += one.closed;
    all.amount = all.amount.plus(one.amount).value_or(all.amount);
    all.with_amount += one.with_amount;
    all.cycles.insert(all.cycles.end(), one.cycles.begin(), one.cycles.end());
}

void decide_levers(const Scene& scene, TeamVelocity& team, const std::vector<Closed>& closed) {
    Closed all;
    double open = 0;
    for (std::size_t i = 0; i < closed.size(); ++i) {
        add(all, closed[i]);
        team.reps[i].levers.open = static_cast<double>(real_deals(scene, *team.reps[i].rep));
        open += team.reps[i].levers.open;
    }
    team.won = all.won;
    team.closed = all.closed;
    const auto least =
        static_cast<std::size_t>(std::max(1, scene.options.rep_coverage_gap.minimum_deals));
    if (all.closed < least || all.with_amount == 0 || all.cycles.empty()) {
        team.reps.clear();
        return;
    }
    const double rate = static_cast<double>(all.won) / static_cast<double>(all.closed);
    team.levers = Levers{open, rate, all.value(), median(all.cycles)};
    auto usual = *team.levers;
    usual.open = open / static_cast<double>(closed.size());
    for (std::size_t i = 0; i < closed.size(); ++i) {
        auto& one = team.reps[i];
        one.won = closed[i].won;
        one.closed = closed[i].closed;
        one.has_own_value = closed[i].with_amount >= least && closed[i].cycles.size() >= least;
        one.levers.win_rate =
            shrunk_rate(static_cast<long>(one.won), static_cast<long>(one.closed), rate);
        one.levers.value = one.has_own_value ? closed[i].value() : usual.value;
        one.levers.cycle = one.has_own_value ? median(closed[i].cycles) : usual.cycle;
        one.gain = largest_gain(one.levers, usual);
    }
}

}  // namespace

std::string_view to_string(Lever lever) {
    constexpr std::array<std::string_view, 4> names{"open deals", "win rate", "deal value",
                                                    "cycle"};
    return names[static_cast<std::size_t>(lever)];
}

double velocity(const Levers& levers) {
    return levers.open * levers.win_rate * levers.value / levers.cycle;
}

std::optional<Gain> largest_gain(const Levers& own, const Levers& others) {
    std::optional<Gain> largest;
    constexpr std::array members{&Levers::open, &Levers::win_rate, &Levers::value, &Levers::cycle};
    for (std::size_t i = 0; i < members.size(); ++i) {
        auto with_theirs = own;
        with_theirs.*members[i] = others.*members[i];
        const double reached = velocity(with_theirs);
        if (reached > (largest ? largest->velocity : velocity(own)))
            largest = Gain{static_cast<Lever>(i), reached};
    }
    return largest;
}

std::vector<TeamVelocity> read_velocity(const Scene& scene, std::string_view only) {
    const auto cycles = read_cycles(scene);
    std::vector<TeamVelocity> all;
    for (std::size_t index = 0; index < scene.people.teams.size(); ++index) {
        const auto& named = scene.people.teams[index];
        if (!only.empty() && named.name != only) continue;
        TeamVelocity team;
        team.team = named.name;
        std::vector<const warehouse::Rep*> reps;
        for (const auto& rep : scene.people.reps)
            if (rep.team == index && rep.id != PersonId::nobody && scene.people.rep(rep.id) == &rep)
                reps.push_back(&rep);
        team.currency = usual_currency(scene, reps);
        std::vector<Closed> closed;
        for (const auto* rep : reps) {
            team.reps.emplace_back().rep = rep;
            closed.push_back(count_closed(scene, *rep, cycles, team));
        }
        decide_levers(scene, team, closed);
        all.push_back(std::move(team));
    }
    return all;
}

}  // namespace nudged::checks
