// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/decimal.hpp"
#include "connectors/base/diagnostics.hpp"
#include "daemon/alerts/texts.hpp"
#include "daemon/warehouse/finding.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::alerts {

/// When a manager's digest goes out, and how much of it there is (sales practice §12.1).
struct DigestOptions {
    std::chrono::minutes at{8 * 60};      // local time of the team's zone
    std::chrono::minutes until{18 * 60};  // from then on it waits for the next day
    bool every_day = false;               // false: on the team's working days
    int max_items = 7;
    int max_per_rep = 2;
};

/// The brief of the week, the card before a 1:1 and the sheet for a scrum: each at its local hour.
struct BriefOptions {
    bool enabled = true;  // false: the week's first digest tells what it would
    std::chrono::minutes at{7 * 60 + 30};
    int weekday = 1;  // from Monday: 1; on the first day worked from this one on
    int max_items = 7;
    int max_per_rep = 2;
};
struct CardOptions {
    std::chrono::minutes at{7 * 60};
    int max_items = 3;
};
struct ScrumOptions {
    std::chrono::minutes at{8 * 60 + 30};
};

/// When findings of some checks are told: `[[rule]]`. What is not set goes by the rules before it
/// that fit, and by AlertOptions in the end.
struct Rule {
    std::vector<std::string> checks{};         // ids, or beginnings such as "kpi.*"
    std::vector<std::string> teams{};          // empty: all
    std::optional<int> grace{};                // working days that it stands before anybody is told
    std::optional<std::chrono::hours> hold{};  // that it is gone before it counts as resolved
    std::optional<int> repeat_after{};         // working days; 0: never
    std::optional<int> escalate_after{};       // working days; 0: never
    std::optional<bool> rep_first{};
    std::optional<bool> at_once{};
    Place place{};
};

/// Whereto findings go: `[[route]]`, a tree. A finding goes down it: the deepest route that fits
/// says where to, and what it leaves open is as in the route above it.
struct Route {
    std::string name;
    // What fits; what is empty fits everything.
    std::vector<std::string> teams;
    std::vector<std::string> reps;    // addresses
    std::vector<std::string> checks;  // ids, or beginnings such as "kpi.*"
    std::optional<warehouse::Severity> severity_from;
    std::optional<Decimal> amount_from;
    std::optional<Decimal> amount_below;
    // Whereto.
    std::string to;        // "manager", "nobody" or an address; empty: as the route above
    std::string channel;   // empty: as the route above
    bool goes_on = false;  // the routes behind it are looked at, too
    std::vector<Route> routes;
    Place place;
};

/// Somebody beside the manager who is told of a team's findings, and where.
struct Contact {
    std::string email;    // lower case; empty: there is nobody
    std::string channel;  // empty: the team's
};

/// Who is told of a team's findings beside its manager: `[[team]]`.
struct TeamContacts {
    std::string name;          // of the team
    std::string reps_channel;  // where each rep hears first; empty: reps are not told
    Contact cover;             // in the manager's place while they are away
    Contact escalate_to;       // the manager's manager
    Place place;
};

/// routes.toml.
struct RoutingOptions {
    std::vector<TeamContacts> teams;
    std::vector<Rule> rules;
    std::vector<Route> routes;
};

struct AlertOptions {
    DigestOptions digest;
    BriefOptions brief;
    CardOptions card;
    ScrumOptions scrum;
    Catalogue texts;  // templates/, over those that ship
    /// What could not be sent by then is dead, not late. 0: as each channel's kind has it.
    std::chrono::hours expires_after{0};
    /// That of each channel, by its name: its own, else the one above, else that of its kind.
    std::map<std::string, std::chrono::hours, std::less<>> channel_expiry;
    std::chrono::hours expiry_of(std::string_view channel) const;
    int repeat_after = 10;  // working days after which what still holds is told again; 0: never
    /// Messages of their own, by a rule with at_once, to one person and channel; what is more waits
    /// for the digest.
    int at_once_a_day = 3;
    int reopen_days = 7;  // a finding that comes back within these continues its episode
    /// Working days after which what nobody has answered goes to the manager's manager; 0: never.
    int escalate_after = 5;
    warehouse::Severity escalate_from = warehouse::Severity::high;
    /// New teams and new checks are told to the admin alone until `nudged go-live`.
    bool shadow = true;
    RoutingOptions routing;
};

}  // namespace nudged::alerts
