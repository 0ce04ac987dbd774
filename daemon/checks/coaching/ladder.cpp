// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/coaching/ladder.hpp"

#include "daemon/checks/kpi/attainment.hpp"

#include <algorithm>
#include <cmath>

namespace nudged::checks {
namespace {

constexpr double tolerance = 1e-9;
constexpr double percent_step = 0.1;
constexpr int misses_for_half = 2;

double half_of(double step) {
    return std::max(1.0, std::round(step / 2));
}

/// A ladder of steps of one width from where it began, the last one cut at the target.
class Ladder {
public:
    Ladder(double begin, double target, LadderMode mode)
        : begin_(begin), target_(target), step_(ladder_step(begin, target, mode)) {}

    double step() const { return step_; }
    /// The rung above `from`. One that is less than half a step away is passed over, and none is
    /// more than a step away.
    double above(double from) const {
        const double steps = std::ceil((from + half_of(step_) - begin_ - tolerance) / step_);
        const double rung = begin_ + std::max(1.0, steps) * step_;
        return std::min({std::round(rung), std::round(from + step_), target_});
    }
    std::vector<double> from(double rung) const {
        std::vector<double> rungs{rung};
        while (rungs.back() < target_ - tolerance && rungs.size() < max_rungs)
            rungs.push_back(above(rungs.back()));
        return rungs;
    }

private:
    static constexpr std::size_t max_rungs = 100;
    double begin_, target_, step_;
};

Proposal make(Proposal::Kind kind, double from, double to, const Ladder& ladder) {
    return {.kind = kind, .from = from, .to = to, .rungs = ladder.from(to)};
}

}  // namespace

double ladder_step(double from, double target, LadderMode mode) {
    if (mode == LadderMode::percent) return std::max(1.0, percent_step * target);
    return next_rung(from, target) - from;
}

Proposal propose_rung(std::span<const Rung> past, double usual, double target, LadderMode mode) {
    if (past.empty()) {
        if (usual >= target - tolerance)
            return {.kind = Proposal::Kind::reached, .from = usual, .to = target, .rungs = {}};
        const Ladder ladder(usual, target, mode);
        double first = ladder.above(usual);
        // The whole way in one week is never proposed.
        if (first >= target - tolerance) first = std::round(usual + half_of(target - usual));
        return make(Proposal::Kind::first, usual, first, ladder);
    }
    const Ladder ladder(past.front().promise.from, target, mode);
    const auto& last = past.back();
    if (is_kept(last.verdict)) {
        if (last.promise.to >= target - tolerance)
            return {.kind = Proposal::Kind::reached,
                    .from = last.promise.to,
                    .to = target,
                    .rungs = {}};
        return make(Proposal::Kind::next, last.promise.to, ladder.above(last.promise.to), ladder);
    }
    std::vector<VerdictStatus> verdicts;
    for (const auto& rung : past) verdicts.push_back(rung.verdict);
    if (count_streak(verdicts).missed >= misses_for_half && !last.promise.is_hold()) {
        const double missed_step = std::min(ladder.step(), last.promise.to - last.promise.from);
        const double halved = std::round(last.promise.from + half_of(missed_step));
        return make(Proposal::Kind::half, last.promise.from, std::min(halved, target), ladder);
    }
    return make(Proposal::Kind::again, last.promise.from, last.promise.to, ladder);
}

}  // namespace nudged::checks
