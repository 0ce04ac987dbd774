// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/routing.hpp"

#include <algorithm>

namespace nudged::alerts {

std::chrono::hours AlertOptions::expiry_of(std::string_view channel) const {
    const auto own = channel_expiry.find(channel);
    if (own != channel_expiry.end()) return own->second;
    return expires_after > expires_after.zero() ? expires_after : std::chrono::hours{24};
}

bool fits_check(std::string_view check, const std::vector<std::string>& patterns) {
    return patterns.empty() ||
           std::any_of(patterns.begin(), patterns.end(), [&](std::string_view pattern) {
               if (!pattern.ends_with('*')) return check == pattern;
               return check.starts_with(pattern.substr(0, pattern.size() - 1));
           });
}

const TeamContacts& contacts_of(const RoutingOptions& routing, std::string_view team) {
    static const TeamContacts nobody;
    const auto found = std::find_if(routing.teams.begin(), routing.teams.end(),
                                    [&](const auto& one) { return one.name == team; });
    return found == routing.teams.end() ? nobody : *found;
}

Timing timing_of(const AlertOptions& options, std::string_view check, std::string_view team) {
    Timing timing;
    timing.repeat_after = options.repeat_after;
    timing.escalate_after = options.escalate_after;
    for (const auto& rule : options.routing.rules) {
        const bool fits_team = rule.teams.empty() || std::find(rule.teams.begin(), rule.teams.end(),
                                                               team) != rule.teams.end();
        if (!fits_team || !fits_check(check, rule.checks)) continue;
        timing.grace = rule.grace.value_or(timing.grace);
        timing.hold = rule.hold.value_or(timing.hold);
        timing.repeat_after = rule.repeat_after.value_or(timing.repeat_after);
        timing.escalate_after = rule.escalate_after.value_or(timing.escalate_after);
        timing.escalates_any_severity |= rule.escalate_after.has_value();
        timing.rep_first = rule.rep_first.value_or(timing.rep_first);
        timing.at_once = rule.at_once.value_or(timing.at_once);
    }
    return timing;
}

}  // namespace nudged::alerts
