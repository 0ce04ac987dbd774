// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/coaching/verdict.hpp"

#include "daemon/checks/kpi/weeks.hpp"

#include <array>
#include <utility>

namespace nudged::checks {
namespace {

/// 1.1 times 50 is not 55 in binary.
constexpr double tolerance = 1e-9;
constexpr double beyond = 1.1;
constexpr double half_way = 0.5;

constexpr std::array<std::pair<VerdictStatus, std::string_view>, 8> status_names{{
    {VerdictStatus::pending, "pending"},
    {VerdictStatus::excused, "excused"},
    {VerdictStatus::unverifiable, "unverifiable"},
    {VerdictStatus::met, "met"},
    {VerdictStatus::exceeded, "exceeded"},
    {VerdictStatus::partly, "partly"},
    {VerdictStatus::some, "some"},
    {VerdictStatus::missed, "missed"},
}};

VerdictStatus decide_status(const Promise& promise, const Verdict& verdict) {
    const double value = *verdict.value;
    if (promise.is_hold()) return is_reached(verdict) ? VerdictStatus::met : VerdictStatus::missed;
    if (value >= beyond * verdict.due - tolerance) return VerdictStatus::exceeded;
    if (is_reached(verdict)) return VerdictStatus::met;
    if (*verdict.progress >= half_way - tolerance) return VerdictStatus::partly;
    return *verdict.progress > tolerance ? VerdictStatus::some : VerdictStatus::missed;
}

}  // namespace

std::string_view to_string(VerdictStatus status) {
    return status_names[static_cast<std::size_t>(status)].second;
}

std::optional<VerdictStatus> verdict_status_of(std::string_view name) {
    for (const auto& [status, text] : status_names)
        if (text == name) return status;
    return std::nullopt;
}

bool Promise::is_hold() const {
    return to <= from + tolerance;
}

Verdict decide_verdict(const Promise& promise, const WeekOutcome& week) {
    Verdict verdict;
    verdict.value = week.value;
    verdict.working_days = week.working_days;
    verdict.due = promise.to * week.working_days / standard_week;
    verdict.baseline = promise.from * week.working_days / standard_week;
    if (week.value && !promise.is_hold() && week.working_days > 0)
        verdict.progress = (*week.value - verdict.baseline) / (verdict.due - verdict.baseline);
    if (!week.is_complete) return verdict;
    if (week.working_days < least_working_days) {
        verdict.status = VerdictStatus::excused;
        verdict.progress.reset();
    } else if (!week.is_proven || !week.value) {
        verdict.status = VerdictStatus::unverifiable;
        verdict.progress.reset();
    } else {
        verdict.status = decide_status(promise, verdict);
    }
    return verdict;
}

bool is_reached(const Verdict& verdict) {
    return verdict.value && verdict.working_days >= least_working_days &&
           *verdict.value >= verdict.due - tolerance;
}

Streak count_streak(std::span<const VerdictStatus> verdicts) {
    Streak streak;
    for (const auto status : verdicts) {
        if (!is_judged(status)) continue;
        streak.kept = is_kept(status) ? streak.kept + 1 : 0;
        streak.missed = status == VerdictStatus::missed ? streak.missed + 1 : 0;
    }
    return streak;
}

}  // namespace nudged::checks
