// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/weeks.hpp"

#include "daemon/checks/book.hpp"
#include "daemon/checks/kpi/computed_weeks.hpp"
#include "daemon/checks/kpi/parts.hpp"
#include "daemon/checks/kpi/query_weeks.hpp"
#include "daemon/checks/kpi/score.hpp"
#include "daemon/checks/kpi/targets.hpp"
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
    Sums sums{};
};

std::string local_text(const Zone& zone, Instant moment) {
    const auto local = zone.local_time(moment);
    const auto day = std::chrono::floor<days>(local);
    const auto minutes = std::chrono::floor<std::chrono::minutes>(local - day).count();
    return fmt::format("{} {:02}:{:02}", format_date(day), minutes / 60, minutes % 60);
}

/// What is planned for today or later is no result yet: it is read up to the day that is over where
/// the rep lives.
std::map<PersonId, warehouse::WeekSums> read_sums(const Scene& scene,
                                                  const warehouse::Measure& measure,
                                                  const std::vector<const Rep*>& reps,
                                                  local_days from) {
    std::map<local_days, std::vector<PersonId>> until;
    const auto latest = Zone::utc().local_day(scene.as_of) + days{2};
    for (const auto* rep : reps)
        until[measure.is_planned_ahead ? rep->zone.local_day(scene.as_of) : latest].push_back(
            rep->id);
    std::map<PersonId, warehouse::WeekSums> sums;
    for (const auto& [day, people] : until)
        sums.merge(warehouse::read_weeks(scene.reader, measure.name, people, from, day));
    return sums;
}

/// What a rep's calendar says of a week, whatever is counted: worked out once for all KPIs.
struct CalendarWeek {
    double working_days = 0;
    Instant complete_from{};
};

std::vector<CalendarWeek> calendar_weeks(const Scene& scene, const Rep& rep, int weeks) {
    const auto now = IsoWeek::of(rep.zone.local_day(scene.as_of));
    std::vector<CalendarWeek> calendar;
    calendar.reserve(static_cast<std::size_t>(weeks));
    for (int back = weeks - 1; back >= 0; --back) {
        const auto week = now.plus(-back);
        calendar.push_back(
            {working_days_in_team(rep, week), complete_from(rep, week, scene.options.settle)});
    }
    return calendar;
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

TrendWeek trend_week(const KpiSeries& series, const KpiWeek& week) {
    const double days = is_prorated(*series.kpi) ? week.working_days : standard_week;
    return {week_number(week.week), *week.value * standard_week / days, week.attainment};
}

/// One rep and KPI on the way to a series.
class SeriesMaker {
public:
    SeriesMaker(const Scene& scene, const Facts& facts, const Rep& rep,
                const std::vector<CalendarWeek>& calendar, const Kpi& kpi, const KpiParts& parts)
        : scene_(scene),
          rep_(rep),
          calendar_(calendar),
          parts_(parts),
          of_(parts.of, facts.sums, rep.id),
          by_(parts.by, facts.sums, rep.id) {
        series_.rep = &rep;
        series_.kpi = &kpi;
        const auto now = IsoWeek::of(rep.zone.local_day(scene.as_of));
        series_.week_target = target_in(scene, kpi, rep, now);
        for (const auto* measure : parts.all()) add(facts, *measure);
        if (parts.query) add(facts, *parts.query);
    }

    KpiSeries make() {
        const auto now = IsoWeek::of(rep_.zone.local_day(scene_.as_of));
        if (recount_) return make_unproven(now);
        series_.has_data =
            first_day_ && (parts_.query || !sources_.empty()) && IsoWeek::of(*first_day_) <= now;
        series_.weeks.reserve(calendar_.size());
        auto week = first_week(now);
        for (const auto& of_calendar : calendar_) {
            series_.weeks.push_back(make_week(week, of_calendar));
            week = week.plus(1);
        }
        series_.trend = trend_until(scene_, series_, now);
        sum_up_cases();
        note_unproven();
        return std::move(series_);
    }

private:
    void add(const Facts& facts, const warehouse::Measure& measure) {
        // Calls may be known from a later day on than deals, so each entity begins by itself.
        const auto& first_days = facts.first_day.at(measure.entity);
        if (const auto first = first_days.find(rep_.id); first != first_days.end())
            first_day_ = std::max(first_day_.value_or(first->second), first->second);
        if (!recount_) recount_ = facts.proof.why_not(measure, rep_.id);
        add_sources(facts, measure.entity);
    }

    /// Before the first week that a query tells of there is no telling what is missing.
    void add(const Facts& facts, const QueryWeeks& query) {
        if (!query.failure.empty()) recount_ = query.failure;
        if (const auto why = query.unproven.find(rep_.id); why != query.unproven.end())
            recount_ = why->second;
        if (const auto weeks = query.values.find(rep_.id); weeks != query.values.end())
            first_day_ = weeks->second.begin()->first.monday();
        for (const auto entity : query.rests_on) add_sources(facts, entity);
    }

    void add_sources(const Facts& facts, model::Entity entity) {
        const auto known = facts.sources_of.find(rep_.id);
        if (known == facts.sources_of.end()) return;
        for (const auto& source : known->second)
            if (tells(scene_, source, entity)) sources_.insert({source, entity});
    }

    /// While the sums are counted anew nothing is known: neither a value nor where data begins.
    KpiSeries make_unproven(IsoWeek now) {
        series_.has_data = true;
        auto week = first_week(now);
        for (const auto& of_calendar : calendar_) {
            series_.weeks.push_back({.week = week,
                                     .working_days = of_calendar.working_days,
                                     .excluded = "not proven: " + *recount_});
            week = week.plus(1);
        }
        series_.unproven.push_back({"kpi.attainment", "", *recount_});
        return std::move(series_);
    }

    IsoWeek first_week(IsoWeek now) const {
        return now.plus(1 - static_cast<int>(calendar_.size()));
    }

    KpiWeek make_week(IsoWeek week, const CalendarWeek& of_calendar) const {
        KpiWeek made{.week = week};
        made.working_days = of_calendar.working_days;
        made.provisional = scene_.as_of < of_calendar.complete_from;
        made.excluded = why_excluded(made, of_calendar).value_or("");
        const bool is_known = made.is_usable() || (series_.has_data && !is_before_data(week) &&
                                                   !why_unproven(of_calendar));
        made.value = parts_.query ? parts_.queried(rep_.id, week) : of_.of(week);
        made.cases = parts_.cases(rep_.id, week);
        if (!made.value && parts_.query && made.is_usable())
            made.excluded = parts_.without;
        else if (!made.value && !parts_.query && is_known)
            made.value = 0;
        if (const auto few = parts_.too_few(rep_.id, week); few && made.is_usable())
            made.excluded = *few;
        if (const auto mixed = parts_.mixed(rep_.id, week)) {
            made.value.reset();
            if (made.is_usable()) made.excluded = *mixed;
        }
        if (series_.kpi->ratio) divide(made, by_.of(week).value_or(0));
        set_target(made);
        return made;
    }

    /// A ratio by nothing is not zero: it is not there.
    void divide(KpiWeek& week, double by) const {
        if (!week.value) return;
        const double of = *week.value;
        week.value = by > 0 ? std::optional{of / by} : std::nullopt;
        const auto all = static_cast<long>(by);
        if (parts_.is_of_counts() && of <= by) week.cases = Cases{static_cast<long>(of), all};
        if (!week.is_usable()) return;
        if (by <= 0)
            week.excluded = "nothing to divide by";
        else if (week.cases && all < cases_for_percentage)
            week.excluded = fmt::format("{} of {}: {} cases make a rate", number_text(of), all,
                                        cases_for_percentage);
    }

    void set_target(KpiWeek& week) const {
        const Kpi& kpi = *series_.kpi;
        const auto whole = target_in(scene_, kpi, rep_, week.week);
        if (!whole) return;
        week.ramp = ramp_in(scene_.options, rep_, week.week);
        if (is_prorated(kpi))
            week.target = *whole * week.ramp * week.working_days / standard_week;
        else if (week.ramp > 0)
            week.target = *whole;
        if (is_prorated(kpi)) set_pace(week, *whole * week.ramp);
        if (!week.value || week.working_days < least_working_days || week.ramp <= 0) return;
        week.attainment = attainment_of(kpi, *week.value, *week.target);
    }

    void set_pace(KpiWeek& week, double whole) const {
        const auto today = rep_.zone.local_day(scene_.as_of);
        if (IsoWeek::of(today) != week.week || !week.value) return;
        const auto from = std::max(week.week.monday(), rep_.from.value_or(local_days::min()));
        const double over = from < today ? rep_.calendar.working_days(from, today) : 0;
        const double asked = whole * over / standard_week;
        if (asked > 0) week.pace = *week.value / asked;
    }

    std::optional<std::string> why_excluded(const KpiWeek& week,
                                            const CalendarWeek& of_calendar) const {
        if (const auto outside = outside_team(rep_, week.week)) return outside;
        if (!series_.has_data) return "no data";
        if (is_before_data(week.week)) return "no data before " + format_date(*first_day_);
        if (week.provisional)
            return "not complete until " + local_text(rep_.zone, of_calendar.complete_from);
        if (const auto few = too_few_days(rep_, week.week, week.working_days)) return few;
        if (const auto reason = why_unproven(of_calendar)) return "not proven: " + reason->reason;
        return std::nullopt;
    }

    /// Before the first full week of data there is no telling what is missing.
    bool is_before_data(IsoWeek week) const {
        return *first_day_ > week.monday() &&
               (*first_day_ >= week.end() ||
                rep_.calendar.working_days(week.monday(), *first_day_) > 0);
    }

    std::optional<Held> why_unproven(const CalendarWeek& week) const {
        for (const auto& [source, entity] : sources_)
            if (auto reason = incomplete(scene_, source, entity, week.complete_from))
                return Held{"kpi.attainment", source, *reason};
        return std::nullopt;
    }

    void sum_up_cases() {
        int weeks = 0;
        for (auto week = series_.weeks.rbegin(); week != series_.weeks.rend(); ++week) {
            if (!week->cases || week->provisional) continue;
            if (++weeks > trend_window) return;
            if (!series_.cases) series_.cases = Cases{};
            series_.cases->hits += week->cases->hits;
            series_.cases->all += week->cases->all;
        }
    }

    void note_unproven() {
        if (!series_.has_data) return;
        for (auto i = series_.weeks.size(); i > 0; --i) {
            if (series_.weeks[i - 1].provisional) continue;
            if (auto reason = why_unproven(calendar_[i - 1])) series_.unproven.push_back(*reason);
            return;
        }
    }

    const Scene& scene_;
    const Rep& rep_;
    const std::vector<CalendarWeek>& calendar_;  // of the weeks of the series
    const KpiParts& parts_;
    PersonSums of_, by_;
    std::optional<local_days> first_day_;
    std::set<std::pair<std::string, model::Entity>> sources_;  // that tell what is counted
    std::optional<std::string> recount_;                       // why no value can be believed
    KpiSeries series_;
};

}  // namespace

int week_number(IsoWeek week) {
    return static_cast<int>(week.monday().time_since_epoch().count() / 7);
}

std::string value_text(const KpiWeek& week) {
    if (!week.value) return "";
    if (!week.cases) return number_text(*week.value);
    if (week.cases->all < cases_for_percentage)
        return fmt::format("{} of {}", week.cases->hits, week.cases->all);
    return fmt::format("{:.0f} %", *week.value * 100);
}

std::string target_text(const KpiWeek& week) {
    if (!week.target) return "";
    return week.cases ? number_text(*week.target * 100) + " %" : number_text(*week.target);
}

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
                warehouse::read_rollup_proof(scene.reader, scene.options.measures.all())};
    // The week of `as_of` may be another one elsewhere on the globe.
    const auto today = Zone::utc().local_day(scene.as_of);
    const auto from = IsoWeek::of(today - days{1}).plus(1 - weeks).monday();
    std::vector<std::vector<KpiSeries>> of_rep(reps.size());
    std::vector<std::vector<CalendarWeek>> calendars;
    for (const auto* rep : reps) calendars.push_back(calendar_weeks(scene, *rep, weeks));
    for (const auto& kpi : scene.options.kpis) {
        if (kpi.is_score()) continue;
        auto parts = parts_of(scene, kpi);
        if (!parts) continue;
        if (kpi.is_query())
            parts->query =
                &query_weeks(scene, kpi, IsoWeek::of(from), IsoWeek::of(today + days{1}).plus(1));
        if (const auto* computed = computed_measure_of(kpi))
            parts->query = &computed_weeks(scene, *computed, IsoWeek::of(from));
        if (adds_up_amounts(kpi))
            parts->other_currencies = other_currencies(scene, kpi, IsoWeek::of(from));
        for (const auto* measure : parts->all()) {
            if (!facts.first_day.contains(measure->entity))
                facts.first_day[measure->entity] =
                    warehouse::read_first_days(scene.reader, measure->entity, ids);
            if (!facts.sums.contains(measure->name))
                facts.sums[measure->name] = read_sums(scene, *measure, reps, from);
        }
        for (std::size_t i = 0; i < reps.size(); ++i)
            of_rep[i].push_back(
                SeriesMaker(scene, facts, *reps[i], calendars[i], kpi, *parts).make());
    }
    for (const auto& kpi : scene.options.kpis)
        for (std::size_t i = 0; kpi.is_score() && i < reps.size(); ++i)
            of_rep[i].push_back(make_score(scene, *reps[i], kpi, of_rep[i]));
    for (auto& series : of_rep)  // a score stands where the configuration has it
        std::stable_sort(series.begin(), series.end(),
                         [](const auto& one, const auto& other) { return one.kpi < other.kpi; });
    std::vector<KpiSeries> all;
    all.reserve(of_rep.size() * scene.options.kpis.size());
    for (auto& series : of_rep)
        for (auto& one : series) all.push_back(std::move(one));
    return all;
}

Trend trend_until(const Scene& scene, const KpiSeries& series, IsoWeek last) {
    std::vector<TrendWeek> usable;
    usable.reserve(series.weeks.size());
    for (const auto& week : series.weeks)
        if (week.is_usable() && week.value && week.week <= last)
            usable.push_back(trend_week(series, week));
    const auto& rule = scene.options.kpi_attainment;
    return decide_trend(usable, {rule.low, rule.weeks_in_a_row, series.kpi->lower_is_better});
}

std::vector<warehouse::WeekValue> complete_weeks(std::span<const KpiSeries> all) {
    std::vector<warehouse::WeekValue> values;
    for (const auto& series : all)
        for (const auto& week : series.weeks)
            if (series.kpi->is_one_measure() && !computed_measure_of(*series.kpi) &&
                week.is_usable() && week.value)
                values.push_back({series.rep->id, series.kpi->measure, week.week, *week.value});
    return values;
}

}  // namespace nudged::checks
