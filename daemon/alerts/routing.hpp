// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/options.hpp"
#include "daemon/warehouse/finding_tellings.hpp"
#include "daemon/warehouse/findings.hpp"
#include "daemon/warehouse/people.hpp"
#include "daemon/warehouse/shadow.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::alerts {

/// When a finding is told, by all rules that fit it.
struct Timing {
    int grace = 0;  // working days
    std::chrono::hours hold{0};
    int repeat_after = 0;                 // working days
    int escalate_after = 0;               // working days; 0: never
    bool escalates_any_severity = false;  // a rule says when
    bool rep_first = true;
    bool at_once = false;
};
Timing timing_of(const AlertOptions& options, std::string_view check, std::string_view team);

/// Who is told beside the manager of the team; nobody where routes.toml does not name it.
const TeamContacts& contacts_of(const RoutingOptions& routing, std::string_view team);

/// Whether the check is one of those: ids, or beginnings such as "kpi.*". None: every check is.
bool fits_check(std::string_view check, const std::vector<std::string>& patterns);

/// What a route says of a finding, with what it takes over from those above it.
struct Destination {
    std::string to;       // "manager", "nobody", or an address
    std::string channel;  // empty: the team's
    std::string route;    // which says so, for a person
};

/// Down the tree of routes; a finding that none of them fits goes to its manager. Never empty.
std::vector<Destination> find_destinations(const RoutingOptions& routing,
                                           const warehouse::People& people,
                                           const warehouse::Finding& finding);

/// One of those who hear of a finding: what they were told is known by their line.
struct Stop {
    enum class State {
        told,     // and nothing is new since
        due,      // with the next message of this line
        waits,    // may become due by itself
        stopped,  // somebody has answered, or it is not for them
    };
    /// "rep", "manager", "escalation", "shadow", "ops", or "to ADDRESS by CHANNEL"
    std::string line;
    std::string recipient;
    std::string channel;
    State state = State::waits;
    warehouse::FindingChange news = warehouse::FindingChange::told;  // why it is due
    std::string why;
    bool at_once = false;  // due in a message of its own, rather than with the day's
};
inline constexpr std::string_view manager_line = "manager";
inline constexpr std::string_view rep_line = "rep";
inline constexpr std::string_view escalation_line = "escalation";
inline constexpr std::string_view shadow_line = "shadow";
/// Of what belongs to no team: the admin's.
inline constexpr std::string_view ops_line = "ops";

/// What a way depends on beside the finding. What it refers to outlives it.
struct RoutingScene {
    const AlertOptions& options;
    const warehouse::People& people;
    const warehouse::ShadowBook& shadow;
    const std::string& admin_channel;
    Instant now{};
};

/// The team of that name; else one that stands in for it, whose channel is the admin's.
warehouse::Team team_or_ops(const RoutingScene& scene, const std::string& name);

/// Whom a finding that holds goes to, in their order, and how far it has come with each: the one
/// decision by which messages are composed and `nudged route` explains. Pure.
std::vector<Stop> decide_way(const RoutingScene& scene, const warehouse::StoredFinding& stored,
                             const std::vector<warehouse::FindingTelling>& tellings);

/// To whom the messages for a team's manager go on a day: to the manager, or to who stands in while
/// they are away.
/// nullopt while they are away and nobody does, and from when they have left until teams.toml names
/// a successor.
std::optional<warehouse::Addressee> manager_addressee(const RoutingOptions& routing,
                                                      const warehouse::Team& team,
                                                      std::chrono::local_days day);

/// Whether a finding is one that its rep can set right, or say that it is wrong: those go to the
/// rep first. What is about the manager's own doing is not, nor is praise, which is the manager's
/// to give.
bool is_for_rep(const warehouse::Finding& finding);

}  // namespace nudged::alerts
