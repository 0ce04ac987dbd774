// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/digest.hpp"
#include "tests/support/world/world.hpp"

#include <string>

namespace nudged::tests {

/// Monday 23 November 2026, 08:00 in UTC: the week's first digest is due.
inline const Instant monday = at(std::chrono::year{2026} / 11 / 23, 8);

/// A manager's desk: team "North" of max with ana, ben and cleo in a World, and what an evaluation
/// would bring.
struct Desk {
    Desk();

    /// A finding about the opportunity `deal` of the rep, 48000 worth, that has held since a week.
    warehouse::Finding& found(const std::string& check, const std::string& deal,
                              const std::string& rep,
                              warehouse::Severity severity = warehouse::Severity::attention);
    warehouse::Finding& praise(const std::string& rep, const std::string& text);

    /// As the daemon does after an evaluation at `now`.
    alerts::FindingChanges apply(Instant now = monday);
    alerts::Digest compose(Instant now = monday);
    alerts::Enqueued enqueue(const alerts::Digest& digest, Instant now = monday);
    warehouse::Team team();
    /// The findings that hold now, by check and subject.
    std::vector<std::string> live();
    std::string state_of(const std::string& check, const std::string& deal);

    World world{monday};
    checks::Evaluation evaluation;
    checks::Scorecard scorecard;
    alerts::AlertOptions options;
    bool shared = false;
};

}  // namespace nudged::tests
