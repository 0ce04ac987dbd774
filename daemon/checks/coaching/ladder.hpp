// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/coaching/verdict.hpp"
#include "daemon/checks/options.hpp"

#include <optional>
#include <span>
#include <vector>

namespace nudged::checks {

/// A commitment that has been judged, as a ladder sees it.
struct Rung {
    Promise promise;
    VerdictStatus verdict = VerdictStatus::pending;
};

/// What rep and manager may agree next; the proposal only opens the talk.
struct Proposal {
    enum class Kind {
        first,    // a ladder begins
        next,     // the last one was kept
        again,    // the same rung once more
        half,     // two were missed running: half a step, and the question whether KPI or time fit
        reached,  // the target was kept: there is nothing to climb
    };
    Kind kind = Kind::first;
    double from = 0;
    double to = 0;
    std::vector<double> rungs;  // from `to` up to the target
};

/// The width of a step, fixed where a ladder begins: a fifth of the way to the target and at least
/// one, or ten percent of the target (sales practice §7).
double ladder_step(double from, double target, LadderMode mode);

/// `past` are the rungs of the present ladder, the first one first, those without a judgement left
/// out; `usual` is what the rep's weeks come to now. Never more than one step above the last rung.
Proposal propose_rung(std::span<const Rung> past, double usual, double target, LadderMode mode);

}  // namespace nudged::checks
