// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace nudged::checks {

/// What came of a commitment (sales practice §7). `pending` until its week is complete.
enum class VerdictStatus {
    pending,
    excused,       // fewer than two days worked: it moves to the next usable week
    unverifiable,  // the sources do not prove the week
    met,
    exceeded,  // by ten percent or more
    partly,    // half of the way or more
    some,      // less, but further than where it began
    missed,
};
std::string_view to_string(VerdictStatus status);
std::optional<VerdictStatus> verdict_status_of(std::string_view name);

constexpr bool is_kept(VerdictStatus status) {
    return status == VerdictStatus::met || status == VerdictStatus::exceeded;
}
/// Whether it says how the week went: neither open nor beside the point.
constexpr bool is_judged(VerdictStatus status) {
    return status >= VerdictStatus::met;
}
/// True when the first is the better one for the rep; both are judged.
constexpr bool is_better(VerdictStatus one, VerdictStatus other) {
    constexpr auto rank = [](VerdictStatus status) {
        return status == VerdictStatus::exceeded ? 0 : static_cast<int>(status);
    };
    return rank(one) < rank(other);
}

/// Baseline and promised value, per standard week of five days.
struct Promise {
    double from = 0;
    double to = 0;

    /// Not less than before is what was promised: met or missed, without progress.
    bool is_hold() const;
};

/// A week as a verdict sees it.
struct WeekOutcome {
    std::optional<double> value;  // empty: not known
    double working_days = 0;
    bool is_complete = true;  // over, and settled
    bool is_proven = true;    // every source was read since
};

struct Verdict {
    VerdictStatus status = VerdictStatus::pending;
    std::optional<double> value;
    double working_days = 0;
    double due = 0;                  // the promise by the days worked
    double baseline = 0;             // the same of where it began
    std::optional<double> progress;  // from baseline to due, 1 being all of it
};

/// The arithmetic of §7. Of a week that is not complete it tells the same numbers and `pending`.
Verdict decide_verdict(const Promise& promise, const WeekOutcome& week);

/// Whether the week, as far as it has come, is what was promised already. More may still be logged.
bool is_reached(const Verdict& verdict);

/// How the last verdicts of one rep and KPI stand in a row.
struct Streak {
    int kept = 0;
    int missed = 0;

    /// Two, four or eight in a row are worth a word of their own.
    bool is_milestone() const { return kept == 2 || kept == 4 || kept == 8; }
};

/// Of the verdicts in the order of their weeks. Those that say nothing neither count nor break a
/// row.
Streak count_streak(std::span<const VerdictStatus> verdicts);

}  // namespace nudged::checks
