// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/checks/scorecard.hpp"
#include "tests/support/world/world.hpp"

#include <string_view>

namespace nudged::tests {

/// Friday noon, in UTC. The working days before it are Thursday 19, Wednesday 18, Tuesday 17,
/// Monday 16, Friday 13, …
inline const Instant friday = noon(std::chrono::year{2026} / 11 / 20);

/// A World with team "north" (manager max, reps ana and bob) whose streams are complete as of
/// Friday, and the options that its checks are run with.
struct Office {
    World world{friday};
    checks::CheckOptions options;

    Office();
    /// What the check finds; "" runs all that are switched on, and folds.
    checks::Evaluation evaluate(std::string_view check, Instant as_of = friday);
    checks::Findings find(std::string_view check, Instant as_of = friday) {
        return evaluate(check, as_of).findings;
    }
    checks::Scorecard scorecard(int weeks, std::string_view team = {}, std::string_view rep = {},
                                Instant as_of = friday);
    /// An open opportunity of ana's, created long ago.
    Draft& deal(std::string_view id);
    /// A pipeline of four open stages "s1" … "s4" and a won one, "won".
    void stages();
    /// `count` outbound calls of the user on that day, at noon.
    void calls(std::string_view user, std::chrono::local_days day, int count);
    /// Calls spread over the week's Monday to Friday, the first days getting one more.
    void week_of_calls(std::string_view user, std::string_view week, int count, int days = 5);
    checks::Kpi& dials(double target);

private:
    int calls_ = 0;
};

}  // namespace nudged::tests
