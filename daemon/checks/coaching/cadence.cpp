// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/coaching/cadence.hpp"

#include <algorithm>

namespace nudged::checks {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using Days = std::vector<local_days>;

// The shares worth reaching (sales practice §10).
constexpr double one_on_one_goal = 0.8;
constexpr double logged_goal = 0.9;
constexpr double specific_goal = 0.7;
constexpr double followed_up_goal = 0.9;
constexpr double praise_goal = 0.5;

constexpr int days_to_log = 2;
constexpr int scrum_minutes_a_rep = 5;
constexpr days month{28};
constexpr days half_year{183};
constexpr days plan_weeks{56};

/// [from, until)
struct Span {
    local_days from, until;
    bool has(local_days day) const { return from <= day && day < until; }
};

bool any_in(const Days& list, Span span) {
    return std::any_of(list.begin(), list.end(), [&](local_days day) { return span.has(day); });
}

/// What is left of a span while the rep was in the team.
Span in_team(const CadenceRep& rep, Span span) {
    if (rep.from) span.from = std::max(span.from, *rep.from);
    if (rep.until) span.until = std::min(span.until, *rep.until);
    return span;
}

bool works_in(const WorkCalendar& calendar, Span span) {
    return span.from < span.until && calendar.working_days(span.from, span.until) > 0;
}

class Counter {
public:
    explicit Counter(const CadenceInput& input)
        : input_(input), whole_{input.first, input.first + days{7 * input.weeks}} {}

    Cadence count() {
        count_slots();
        count_talks();
        count_gaps();
        count_scrums();
        cadence_.joint =
            once_per_rep(&CadenceRep::joint_calls, {whole_.until - month, whole_.until});
        cadence_.career =
            once_per_rep(&CadenceRep::career_talks, {whole_.until - half_year, whole_.until});
        cadence_.plan_review =
            once_per_rep(&CadenceRep::plan_reviews, {whole_.until - plan_weeks, whole_.until});
        count_praise();
        count_time();
        return std::move(cadence_);
    }

private:
    bool is_excused(const CadenceRep& rep, Span slot) const {
        const auto there = in_team(rep, slot);
        return !works_in(rep.calendar, there) || !works_in(input_.manager, there);
    }

    bool records_talks() const {
        return std::any_of(input_.reps.begin(), input_.reps.end(),
                           [](const CadenceRep& rep) { return !rep.one_on_ones.empty(); });
    }

    void count_slots() {
        auto& kept = cadence_.one_on_one;
        kept.is_recorded = records_talks();
        kept.goal = one_on_one_goal;
        const days length{std::max(1, input_.one_on_one_days)};
        for (const auto& rep : input_.reps)
            for (auto from = whole_.from; from + length <= whole_.until; from += length) {
                const Span slot{from, from + length};
                if (is_excused(rep, slot)) {
                    cadence_.excused += works_in_team(rep, slot);
                    continue;
                }
                ++kept.of;
                kept.done +=
                    std::any_of(rep.one_on_ones.begin(), rep.one_on_ones.end(),
                                [&](const OneOnOne& talk) { return slot.has(talk.held_on); });
            }
    }

    /// A slot outside the team is none, rather than an excused one.
    static bool works_in_team(const CadenceRep& rep, Span slot) {
        const auto there = in_team(rep, slot);
        return there.from < there.until;
    }

    void count_talks() {
        auto& logged = cadence_.logged;
        auto& specific = cadence_.specific;
        logged.goal = logged_goal;
        specific.goal = specific_goal;
        for (const auto& rep : input_.reps)
            for (const auto& talk : rep.one_on_ones) {
                if (!whole_.has(talk.held_on)) continue;
                ++specific.of;
                specific.done += talk.has_commitment;
                if (!talk.written_on) continue;
                ++logged.of;
                logged.done +=
                    input_.manager.working_age(talk.held_on, *talk.written_on) <= days_to_log;
            }
        logged.is_recorded = logged.of > 0;
        specific.is_recorded = specific.of > 0;
        cadence_.followed_up.goal = followed_up_goal;
        if (!input_.follow_up) return;
        cadence_.followed_up.is_recorded = true;
        cadence_.followed_up.of = input_.follow_up->due;
        cadence_.followed_up.done = input_.follow_up->recorded;
    }

    /// Before the first 1:1 that anybody recorded nothing is known.
    std::optional<local_days> first_recorded() const {
        std::optional<local_days> first;
        for (const auto& rep : input_.reps)
            for (const auto& talk : rep.one_on_ones)
                if (!first || talk.held_on < *first) first = talk.held_on;
        return first;
    }

    void count_gaps() {
        const auto first = first_recorded();
        if (!first) return;
        for (const auto& rep : input_.reps) {
            const bool is_there = (!rep.from || *rep.from <= input_.today) &&
                                  (!rep.until || input_.today < *rep.until);
            if (!is_there) continue;
            Gap gap{rep.name, std::nullopt, 0, longest_gap(input_.one_on_one_days, rep.calendar)};
            for (const auto& talk : rep.one_on_ones)
                if (talk.held_on <= input_.today && (!gap.last || talk.held_on > *gap.last))
                    gap.last = talk.held_on;
            const auto since = gap.last.value_or(std::max(*first, rep.from.value_or(*first)));
            gap.working_days = rep.calendar.working_age(since, input_.today);
            cadence_.gaps.push_back(std::move(gap));
        }
        std::stable_sort(
            cadence_.gaps.begin(), cadence_.gaps.end(),
            [](const Gap& one, const Gap& other) { return one.working_days > other.working_days; });
    }

    void count_scrums() {
        auto& kept = cadence_.scrum;
        auto& brief = cadence_.short_scrum;
        kept.is_recorded = !input_.scrums.empty();
        kept.goal = brief.goal = 1;
        const auto reps_on = [&](local_days day) {
            return std::count_if(input_.reps.begin(), input_.reps.end(), [&](const auto& rep) {
                return works_in(rep.calendar, in_team(rep, {day, day + days{1}}));
            });
        };
        for (int week = 0; week < input_.weeks; ++week) {
            const auto monday = whole_.from + days{7 * week};
            const Span span{monday, monday + days{7}};
            if (!works_in(input_.manager, span)) continue;
            ++kept.of;
            kept.done += std::any_of(input_.scrums.begin(), input_.scrums.end(),
                                     [&](const Scrum& scrum) { return span.has(scrum.held_on); });
        }
        for (const auto& scrum : input_.scrums) {
            if (!whole_.has(scrum.held_on) || !scrum.minutes) continue;
            ++brief.of;
            const auto reps = std::max<std::ptrdiff_t>(1, reps_on(scrum.held_on));
            brief.done += *scrum.minutes <= scrum_minutes_a_rep * reps;
        }
        brief.is_recorded = brief.of > 0;
    }

    /// Of the reps who are in the team at the end and were there to be talked with.
    Kept once_per_rep(Days CadenceRep::*list, Span span) const {
        Kept kept;
        kept.goal = 1;
        for (const auto& rep : input_.reps) {
            kept.is_recorded = kept.is_recorded || !(rep.*list).empty();
            const bool is_there = !rep.until || rep.until >= span.until;
            if (!is_there || is_excused(rep, span)) continue;
            // Whoever came lately has not had the time for it yet.
            if (rep.from && *rep.from > span.from && !any_in(rep.*list, span)) continue;
            ++kept.of;
            kept.done += any_in(rep.*list, span);
        }
        return kept;
    }

    void count_praise() {
        auto& kept = cadence_.praise;
        kept.goal = praise_goal;
        for (const auto& rep : input_.reps) {
            kept.is_recorded = kept.is_recorded || !rep.praises.empty();
            for (int week = 0; week < input_.weeks; ++week) {
                const auto monday = whole_.from + days{7 * week};
                const Span span{monday, monday + days{7}};
                if (is_excused(rep, span)) continue;
                ++kept.of;
                kept.done += any_in(rep.praises, span);
            }
        }
    }

    void count_time() {
        for (const auto& talk : input_.talks) {
            if (!whole_.has(talk.held_on)) continue;
            ++cadence_.time.talks;
            cadence_.time.timed += talk.minutes.has_value();
            cadence_.time.minutes += talk.minutes.value_or(0);
        }
    }

    const CadenceInput& input_;
    Span whole_;
    Cadence cadence_;
};

}  // namespace

Cadence make_cadence(const CadenceInput& input) {
    return Counter{input}.count();
}

double longest_gap(int one_on_one_days, const WorkCalendar& calendar, double multiple) {
    const auto worked = static_cast<double>(calendar.week.count());
    return multiple * one_on_one_days * worked / 7;
}

}  // namespace nudged::checks
