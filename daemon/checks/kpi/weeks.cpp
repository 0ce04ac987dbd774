// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/weeks.hpp"

#include "daemon/checks/book.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/measures.hpp"
#include "daemon/warehouse/rollups.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::checks {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using warehouse::PersonId;
using warehouse::Rep;

/// What is read once for all series.
struct Facts {
    std::map<model::Entity, std::map<PersonId, local_days>> first_day;  // of anything counted
    std::map<PersonId, std::set<std::string>> sources_of;               // that know them as a user
    warehouse::RollupProof proof;
};

std::optional<double> target_of(const Kpi& kpi, const std::string& team) {
    auto found = kpi.targets.find(team);
    if (found == kpi.targets.end()) found = kpi.targets.find("");
    return found == kpi.targets.end() ? std::nullopt : std::optional{found->second};
}

std::string local_text(const Zone& zone, Instant moment) {
    const auto local = zone.local_time(moment);
    const auto day = std::chrono::floor<days>(local);
    const auto minutes = std::chrono::floor<std::chrono::minutes>(local - day).count();
    return fmt::format("{} {:02}:{:02}", format_date(day), minutes / 60, minutes % 60);
}

std::optional<std::string> outside_team(const Rep& rep, IsoWeek week) {
    if (rep.from && *rep.from >= week.end()) return "not in the team yet";
    if (rep.until && *rep.until <= week.monday()) return "no longer in the team";
    const auto works = [&](local_days from, local_days until) {
        return rep.calendar.working_days(from, until) > 0;
    };
    if (rep.from && works(week.monday(), *rep.from))
        return "joined the team on " + format_date(*rep.from);
    if (rep.until && works(*rep.until, week.end()))
        return "left the team on " + format_date(*rep.until);
    return std::nullopt;
}

std::optional<std::string> too_few_days(const Rep& rep, IsoWeek week, double worked) {
    if (worked >= least_working_days) return std::nullopt;
    const auto away = rep.calendar.away.lower_bound(week.monday());
    if (worked == 0 && away != rep.calendar.away.end() && away->first < week.end()) return "away";
    return fmt::format("{} of {} days worked", number_text(worked), rep.calendar.week.count());
}

/// One rep and KPI on the way to a series.
class SeriesMaker {
public:
    SeriesMaker(const Scene& scene, const Facts& facts, const Rep& rep, const Kpi& kpi,
                const warehouse::Measure& measure)
        : scene_(scene), rep_(rep), measure_(measure) {
        series_.rep = &rep;
        series_.kpi = &kpi;
        series_.week_target = target_of(kpi, scene.people.team_of(rep).name);
        // Calls may be known from a later day on than deals, so each entity begins by itself.
        const auto& first_days = facts.first_day.at(measure.entity);
        if (const auto first = first_days.find(rep.id); first != first_days.end())
            first_day_ = first->second;
        recount_ = facts.proof.why_not(measure.entity, rep.id);
        const auto known = facts.sources_of.find(rep.id);
        if (known == facts.sources_of.end()) return;
        for (const auto& source : known->second)
            if (tells(scene, source, measure.entity)) sources_.push_back(source);
    }

    KpiSeries make(const warehouse::WeekSums& sums, int weeks) {
        const auto now = IsoWeek::of(rep_.zone.local_day(scene_.as_of));
        if (recount_) return make_unproven(now, weeks);
        series_.has_data = first_day_ && !sources_.empty() && IsoWeek::of(*first_day_) <= now;
        for (int back = weeks - 1; back >= 0; --back)
            series_.weeks.push_back(make_week(now.plus(-back), sums));
        decide_series_trend();
        note_unproven();
        return std::move(series_);
    }

private:
    /// While the sums are counted anew nothing is known: neither a value nor where data begins.
    KpiSeries make_unproven(IsoWeek now, int weeks) {
        series_.has_data = true;
        for (int back = weeks - 1; back >= 0; --back) {
            const auto week = now.plus(-back);
            series_.weeks.push_back({.week = week,
                                     .working_days = working_days_in_team(rep_, week),
                                     .excluded = "not proven: " + *recount_});
        }
        series_.unproven.push_back({"kpi.attainment", "", *recount_});
        return std::move(series_);
    }

    KpiWeek make_week(IsoWeek week, const warehouse::WeekSums& sums) const {
        KpiWeek made{.week = week};
        made.working_days = working_days_in_team(rep_, week);
        made.provisional = scene_.as_of < complete_from(rep_, week, scene_.options.settle);
        made.excluded = why_excluded(made).value_or("");
        const auto sum = sums.find(week);
        if (sum != sums.end())
            made.value = static_cast<double>(sum->second) / static_cast<double>(measure_.parts);
        else if (made.is_usable() ||
                 (series_.has_data && !is_before_data(week) && !why_unproven(week)))
            made.value = 0;
        if (!series_.week_target) return made;
        made.target = *series_.week_target * made.working_days / standard_week;
        if (made.value && made.working_days >= least_working_days && *made.target > 0)
            made.attainment = *made.value / *made.target;
        return made;
    }

    std::optional<std::string> why_excluded(const KpiWeek& week) const {
        if (const auto outside = outside_team(rep_, week.week)) return outside;
        if (!series_.has_data) return "no data";
        if (is_before_data(week.week)) return "no data before " + format_date(*first_day_);
        if (week.provisional)
            return "not complete until " +
                   local_text(rep_.zone, complete_from(rep_, week.week, scene_.options.settle));
        if (const auto few = too_few_days(rep_, week.week, week.working_days)) return few;
        if (const auto reason = why_unproven(week.week)) return "not proven: " + reason->reason;
        return std::nullopt;
    }

    /// Before the first full week of data there is no telling what is missing.
    bool is_before_data(IsoWeek week) const {
        return *first_day_ > week.monday() &&
               (*first_day_ >= week.end() ||
                rep_.calendar.working_days(week.monday(), *first_day_) > 0);
    }

    std::optional<Held> why_unproven(IsoWeek week) const {
        const Instant needed = complete_from(rep_, week, scene_.options.settle);
        for (const auto& source : sources_)
            if (auto reason = incomplete(scene_, source, measure_.entity, needed))
                return Held{"kpi.attainment", source, *reason};
        return std::nullopt;
    }

    void decide_series_trend() {
        std::vector<TrendWeek> usable;
        for (const auto& week : series_.weeks) {
            if (!week.is_usable()) continue;
            const auto number = (week.week.monday().time_since_epoch().count()) / 7;
            usable.push_back({static_cast<int>(number),
                              *week.value * standard_week / week.working_days, week.attainment});
        }
        const auto& rule = scene_.options.kpi_attainment;
        series_.trend = decide_trend(usable, {rule.low, rule.weeks_in_a_row});
    }

    void note_unproven() {
        if (!series_.has_data) return;
        for (auto week = series_.weeks.rbegin(); week != series_.weeks.rend(); ++week) {
            if (week->provisional) continue;
            if (auto reason = why_unproven(week->week)) series_.unproven.push_back(*reason);
            return;
        }
    }

    const Scene& scene_;
    const Rep& rep_;
    const warehouse::Measure& measure_;
    std::optional<local_days> first_day_;
    std::vector<std::string> sources_;
    std::optional<std::string> recount_;  // why no sum can be believed
    KpiSeries series_;
};

}  // namespace

Instant complete_from(const Rep& rep, IsoWeek week, std::chrono::hours settle) {
    return rep.zone.instant(LocalTime{week.end()}) + settle;
}

double working_days_in_team(const Rep& rep, IsoWeek week) {
    const auto from = rep.from ? std::max(*rep.from, week.monday()) : week.monday();
    const auto until = rep.until ? std::min(*rep.until, week.end()) : week.end();
    return rep.calendar.working_days(from, until);
}

std::vector<KpiSeries> read_kpi_series(const Scene& scene, int weeks, const RepFilter& wanted) {
    std::vector<const Rep*> reps;
    std::vector<PersonId> ids;
    for (const auto& rep : scene.people.reps) {
        if (wanted && !wanted(rep)) continue;
        reps.push_back(&rep);
        ids.push_back(rep.id);
    }
    Facts facts{{},
                warehouse::read_sources_of_people(scene.reader),
                warehouse::read_rollup_proof(scene.reader)};
    // The week of `as_of` may be another one elsewhere on the globe.
    const auto today = Zone::utc().local_day(scene.as_of);
    const auto from = IsoWeek::of(today - days{1}).plus(1 - weeks).monday();
    std::vector<std::vector<KpiSeries>> of_rep(reps.size());
    for (const auto& kpi : scene.options.kpis) {
        const auto* measure = warehouse::find_measure(kpi.measure);
        if (!measure) continue;
        if (!facts.first_day.contains(measure->entity))
            facts.first_day[measure->entity] =
                warehouse::read_first_days(scene.reader, measure->entity, ids);
        const auto sums =
            warehouse::read_weeks(scene.reader, kpi.measure, ids, from, today + days{2});
        for (std::size_t i = 0; i < reps.size(); ++i) {
            const auto found = sums.find(reps[i]->id);
            SeriesMaker maker(scene, facts, *reps[i], kpi, *measure);
            of_rep[i].push_back(
                maker.make(found == sums.end() ? warehouse::WeekSums{} : found->second, weeks));
        }
    }
    std::vector<KpiSeries> all;
    for (auto& series : of_rep)
        for (auto& one : series) all.push_back(std::move(one));
    return all;
}

std::vector<warehouse::WeekValue> complete_weeks(std::span<const KpiSeries> all) {
    std::vector<warehouse::WeekValue> values;
    for (const auto& series : all)
        for (const auto& week : series.weeks)
            if (week.is_usable() && week.value)
                values.push_back({series.rep->id, series.kpi->measure, week.week, *week.value});
    return values;
}

}  // namespace nudged::checks
