// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/surprise.hpp"

#include "daemon/checks/book.hpp"
#include "daemon/checks/kpi/targets.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/statistics/rates.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>

namespace nudged::checks {
namespace {

/// Weeks looked back over to know what has been told of late.
constexpr int memory = 16;
/// Weeks read: those, the weeks before the first of them, and as many again for leave.
constexpr int weeks_read = memory + 28;

constexpr std::array<std::string_view, 3> ids{"kpi.unusual_week", "kpi.drift", "kpi.team_week"};

/// The lines that one manager hears of together: so many tests are made at once.
struct Desk {
    std::vector<SurpriseLine> lines;
    std::optional<IsoWeek> week;  // the last one complete for all
};

using TotalKey = std::tuple<std::size_t, const Kpi*, int>;  // team, KPI, weeks together
using Totals = std::map<TotalKey, TeamTotal>;

struct Round {
    std::vector<SurpriseVerdict> verdicts;  // a low and a high one a line
    Totals totals;
};

std::optional<IsoWeek> last_complete(const KpiSeries& series) {
    for (auto week = series.weeks.rbegin(); week != series.weeks.rend(); ++week)
        if (!week->provisional) return week->week;
    return std::nullopt;
}

bool is_counted(const Scene& scene, const Kpi& kpi) {
    const auto& measures = scene.options.measures;
    const auto* measure = measures.find(kpi.measure);
    if (!measure || !measure->is_count()) return false;
    int place = 0;
    for (const auto& one : scene.options.kpis) {
        if (&one == &kpi) return place < scene.options.kpi_unusual_week.most_kpis;
        const auto* other = measures.find(one.measure);
        place += other && other->is_count();
    }
    return false;
}

BaselineRule baseline_rule(const Scene& scene) {
    return {scene.options.kpi_baseline.weeks, scene.options.kpi_baseline.minimum};
}

std::string percent(double share) {
    return number_text(share * 100);
}

/// All tests of one desk and week, and what each of them is kept for.
class Judge {
public:
    Judge(const Scene& scene, const Desk& desk, IsoWeek week)
        : rule_(scene.options.kpi_unusual_week),
          baseline_(baseline_rule(scene)),
          desk_(desk),
          week_(week) {}

    Round judge() {
        for (const auto& line : desk_.lines) test(line);
        for (auto& verdict : round_.verdicts) adjust(verdict);
        for (const auto direction : {Direction::low, Direction::high}) keep(direction);
        return std::move(round_);
    }

private:
    TotalKey key_of(const SurpriseLine& line, int weeks) const {
        return {line.series->rep->team, line.series->kpi, weeks};
    }

    void test(const SurpriseLine& line) {
        const int week = week_number(week_);
        const auto single = test_window(line.weeks, week, 1, baseline_);
        if (!single) return;
        round_.totals[key_of(line, 1)].add(*single);
        const auto several = test_window(line.weeks, week, small_count_window, baseline_);
        if (several) round_.totals[key_of(line, small_count_window)].add(*several);
        const auto& chosen = single->baseline.mean >= rule_.too_few ? single : several;
        if (!chosen) return;
        round_.verdicts.push_back(
            {&line, week_, *chosen, Direction::low, chosen->low, {}, "", false});
        round_.verdicts.push_back(
            {&line, week_, *chosen, Direction::high, chosen->high, {}, "", false});
    }

    void adjust(SurpriseVerdict& verdict) const {
        const auto& total = round_.totals.at(key_of(*verdict.line, verdict.test.weeks));
        if (!total.can_adjust()) return;
        verdict.given_team = verdict.direction == Direction::low
                                 ? total.adjusted_low(verdict.test)
                                 : total.adjusted_high(verdict.test);
    }

    void keep(Direction direction) {
        std::vector<double> chances;
        for (const auto& verdict : round_.verdicts)
            if (verdict.direction == direction)
                chances.push_back(verdict.given_team.value_or(verdict.chance));
        const double believed = largest_rejected(chances, rule_.false_share);
        for (auto& verdict : round_.verdicts)
            if (verdict.direction == direction) decide(verdict, believed, chances.size());
    }

    void decide(SurpriseVerdict& verdict, double believed, std::size_t tests) const {
        auto& reason = verdict.kept_because;
        if (verdict.chance >= rule_.chance)
            reason = fmt::format("luck does that in {} of 100 weeks", percent(verdict.chance));
        else if (!is_large(verdict.test, verdict.direction, rule_))
            reason = fmt::format("less than {} %, or {}, from what is usual",
                                 percent(rule_.least_change), number_text(rule_.least_difference));
        else if (verdict.given_team && *verdict.given_team >= rule_.team_chance) {
            reason = fmt::format("the team moved as well: {} of 100 by its total",
                                 percent(*verdict.given_team));
            verdict.is_team_wide = true;
        } else if (verdict.given_team.value_or(verdict.chance) > believed)
            reason = fmt::format("of {} tests at once so much may be luck", tests);
    }

    const KpiUnusualWeek& rule_;
    BaselineRule baseline_;
    const Desk& desk_;
    IsoWeek week_;
    Round round_;
};

/// Finds what is worth telling at one desk.
class DeskReport {
public:
    DeskReport(const Scene& scene, const Desk& desk, std::span<const KpiSeries> all,
               Surprises& surprises)
        : scene_(scene), desk_(desk), all_(all), surprises_(surprises) {}

    void add() {
        for (int back = memory; back > 0; --back)
            for (const auto& verdict :
                 Judge(scene_, desk_, desk_.week->plus(-back)).judge().verdicts)
                is_cooling_down(verdict);
        auto round = Judge(scene_, desk_, *desk_.week).judge();
        for (auto& verdict : round.verdicts) {
            if (is_cooling_down(verdict))
                verdict.kept_because = fmt::format("told within the last {} weeks",
                                                   scene_.options.kpi_unusual_week.cool_down);
            if (verdict.kept_because.empty()) {
                surprises_.findings.push_back(unusual_week_finding(scene_, verdict, all_));
                told_now_.insert(verdict.line);
            }
        }
        add_held_back(round);
        add_team_notes(round);
        for (const auto& line : desk_.lines) add_drift(line);
    }

private:
    struct Told {
        int week = 0;
        TrendClass trend = TrendClass::learning;
    };

    /// Notes what is told; true when the same was told too short a time ago. What has turned into a
    /// trend since then may be told again.
    bool is_cooling_down(const SurpriseVerdict& verdict) {
        if (!verdict.kept_because.empty()) return false;
        const auto trend = trend_until(scene_, *verdict.line->series, verdict.week).kind;
        const int week = week_number(verdict.week);
        const auto turned =
            verdict.direction == Direction::low ? TrendClass::declining : TrendClass::improving;
        const auto [told, is_first] =
            told_.try_emplace({verdict.line, verdict.direction}, Told{week, trend});
        if (is_first) return false;
        const bool is_news = trend == turned && told->second.trend != turned;
        if (week - told->second.week <= scene_.options.kpi_unusual_week.cool_down && !is_news)
            return true;
        told->second = {week, trend};
        return false;
    }

    /// Of each line the verdict of the direction in which it went.
    void add_held_back(const Round& round) {
        std::set<const SurpriseLine*> tested;
        for (const auto& verdict : round.verdicts) {
            tested.insert(verdict.line);
            const bool is_low = verdict.test.value < verdict.test.expected();
            if (!verdict.kept_because.empty() && is_low == (verdict.direction == Direction::low))
                surprises_.held_back.push_back(held_back_of(scene_, verdict));
        }
        for (const auto& line : desk_.lines) {
            if (tested.contains(&line)) continue;
            surprises_.held_back.push_back(held_back_of(
                scene_, ids[0], line, line.series->kpi->label + " in " + desk_.week->str(),
                why_untested(line)));
        }
    }

    std::string why_untested(const SurpriseLine& line) const {
        for (const auto& week : line.series->weeks)
            if (week.week == *desk_.week && !week.is_usable()) return week.excluded;
        const auto minimum = scene_.options.kpi_baseline.minimum;
        const auto before = std::max<std::size_t>(line.weeks.size(), 1) - 1;
        if (static_cast<int>(before) < minimum)
            return fmt::format("still learning, {} of {} weeks", before, minimum);
        return fmt::format("fewer than {} a week are usual, and not yet {} weeks to go by",
                           number_text(scene_.options.kpi_unusual_week.too_few),
                           minimum + small_count_window);
    }

    /// One note where the total is low, or where a rep's item was kept for it.
    void add_team_notes(const Round& round) {
        const auto& rule = scene_.options.kpi_team_week;
        for (const auto& [key, total] : round.totals) {
            const auto& [team, kpi, weeks] = key;
            if (weeks != 1 || !total.can_adjust()) continue;
            const bool is_everybodys = std::any_of(
                round.verdicts.begin(), round.verdicts.end(),
                [&, &kpi = kpi, &team = team](const auto& verdict) {
                    return verdict.is_team_wide && verdict.direction == Direction::low &&
                           verdict.test.weeks == 1 && verdict.line->series->kpi == kpi &&
                           verdict.line->series->rep->team == team;
                });
            const double chance = total.low();
            if (chance >= rule.chance && !is_everybodys) continue;
            if (total.expected - total.value < rule.least_change * total.expected) continue;
            surprises_.findings.push_back(
                team_week_finding(scene_.people.teams[team], *kpi, *desk_.week, total, chance));
        }
    }

    void add_drift(const SurpriseLine& line) {
        const auto& rule = scene_.options.kpi_drift;
        const auto drifts = find_drifts(line.weeks, baseline_rule(scene_), rule,
                                        scene_.options.kpi_unusual_week.too_few);
        if (drifts.empty() || drifts.back().week != week_number(*desk_.week)) return;
        const auto& drift = drifts.back();
        const auto reason = why_kept(line, drifts);
        if (!reason)
            return surprises_.findings.push_back(drift_finding(scene_, line, drift, *desk_.week));
        surprises_.held_back.push_back(
            held_back_of(scene_, ids[1], line,
                         fmt::format("{}: {} over {} weeks to {}, about {} are usual",
                                     line.series->kpi->label, number_text(drift.value), drift.weeks,
                                     desk_.week->str(), number_text(drift.expected())),
                         *reason));
    }

    std::optional<std::string> why_kept(const SurpriseLine& line,
                                        const std::vector<Drift>& drifts) const {
        const auto& drift = drifts.back();
        const auto& rule = scene_.options.kpi_drift;
        if (drift.value > (1 - rule.least_fall) * drift.expected())
            return fmt::format("less than {} % below what is usual", percent(rule.least_fall));
        if (told_now_.contains(&line)) return "told as an unusual week";
        if (scene_.options.kpi_attainment.enabled &&
            line.series->trend.kind == TrendClass::declining)
            return "told as a decline";
        const auto cool_down = scene_.options.kpi_unusual_week.cool_down;
        if (drifts.size() > 1 && drift.week - drifts[drifts.size() - 2].week <= cool_down)
            return fmt::format("told within the last {} weeks", cool_down);
        TeamTotal total;
        std::optional<CountTest> own;
        for (const auto& other : desk_.lines) {
            if (other.series->kpi != line.series->kpi ||
                other.series->rep->team != line.series->rep->team)
                continue;
            const auto test =
                test_span(other.weeks, drift.first_week, drift.week, baseline_rule(scene_));
            if (!test) continue;
            total.add(*test);
            if (&other == &line) own = test;
        }
        const double team_chance = scene_.options.kpi_unusual_week.team_chance;
        if (own && total.can_adjust() && total.adjusted_low(*own) >= team_chance)
            return "the team moved as well";
        return std::nullopt;
    }

    const Scene& scene_;
    const Desk& desk_;
    std::span<const KpiSeries> all_;
    Surprises& surprises_;
    std::map<std::pair<const SurpriseLine*, Direction>, Told> told_;
    std::set<const SurpriseLine*> told_now_;
};

/// What can be judged, by the manager who hears of it.
std::map<std::pair<warehouse::PersonId, std::string>, Desk> desks_of(
    const Scene& scene, const std::vector<KpiSeries>& all) {
    std::map<std::pair<warehouse::PersonId, std::string>, Desk> desks;
    for (const auto& series : all) {
        const auto& rep = *series.rep;
        if (!series.has_data || !series.unproven.empty() || !is_counted(scene, *series.kpi))
            continue;
        if (rep.until && rep.zone.local_day(scene.as_of) >= *rep.until) continue;
        const auto week = last_complete(series);
        if (!week) continue;
        const auto& team = scene.people.team_of(rep);
        const bool is_known = team.manager != warehouse::PersonId::nobody;
        auto& desk = desks[{team.manager, is_known ? "" : team.name}];
        desk.week = desk.week ? std::min(*desk.week, *week) : *week;
        SurpriseLine line{&series, {}};
        for (const auto& one : series.weeks)
            if (one.is_usable() && one.value)
                line.weeks.push_back({week_number(one.week), *one.value, one.working_days});
        desk.lines.push_back(std::move(line));
    }
    return desks;
}

void add_of(const Scene& scene, std::string_view check, Findings& findings,
            std::vector<Held>& held) {
    const auto& surprises = surprises_of(scene);
    for (const auto& finding : surprises.findings)
        if (finding.check == check) findings.push_back(finding);
    for (const auto& one : surprises.held)
        held.push_back({std::string{check}, one.source, one.reason});
}

}  // namespace

const Surprises& surprises_of(const Scene& scene) {
    if (scene.surprises) return *scene.surprises;
    auto surprises = std::make_shared<Surprises>();
    const auto all = read_kpi_series(scene, weeks_read);
    std::set<std::pair<std::string, std::string>> reasons;
    for (const auto& series : all)
        for (const auto& one : series.unproven)
            if (reasons.insert({one.source, one.reason}).second) surprises->held.push_back(one);
    for (const auto& [manager, desk] : desks_of(scene, all))
        DeskReport(scene, desk, all, *surprises).add();
    scene.surprises = surprises;
    return *surprises;
}

void kpi_unusual_week(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    add_of(scene, ids[0], findings, held);
}

void kpi_drift(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    add_of(scene, ids[1], findings, held);
}

void kpi_team_week(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    add_of(scene, ids[2], findings, held);
}

}  // namespace nudged::checks
