// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/options.hpp"
#include "daemon/config/check_fields.hpp"
#include "daemon/config/team_fields.hpp"

/// routes.toml.
namespace nudged::config {

/// One text, or several: team = "North" and team = ["North", "South"].
struct OneOrMore {
    static bool read(const toml::node& node, std::vector<std::string>& out, const Spot& spot);
    static std::optional<Value> write(const std::vector<std::string>& texts);
    static Shape shape() { return Shape::either({Shape::text(), Shape::list_of(Shape::text())}); }
};

/// The same of addresses, in lower case.
struct Addresses {
    static bool read(const toml::node& node, std::vector<std::string>& out, const Spot& spot);
    static std::optional<Value> write(const std::vector<std::string>& texts);
    static Shape shape() { return OneOrMore::shape(); }
};

/// Somebody who is told beside the manager: an address, or { email = "…", channel = "…" }.
struct ContactOrAddress {
    static bool read(const toml::node& node, alerts::Contact& out, const Spot& spot);
    static std::optional<Value> write(const alerts::Contact& contact);
    static Shape shape();
};

template <>
inline constexpr auto fields<alerts::Contact> = std::tuple{
    field<AliasEmail>("email", &alerts::Contact::email, "their address", required),
    field("channel", &alerts::Contact::channel,
          "where they are told: a name from channels.d; empty: the team's channel"),
};

template <>
inline constexpr auto fields<alerts::TeamContacts> = std::tuple{
    field("name", &alerts::TeamContacts::name, "the team, as teams.toml calls it", required),
    field("reps_channel", &alerts::TeamContacts::reps_channel,
          "where each rep hears of a finding a working day before the manager does; empty: reps "
          "are told nothing"),
    field<ContactOrAddress>("cover", &alerts::TeamContacts::cover,
                            "who is told in the manager's place while they are away"),
    field<ContactOrAddress>("escalate_to", &alerts::TeamContacts::escalate_to,
                            "the manager's manager, who is told of what nobody answers"),
};

/// Routes inside a route. They say nothing of their shape, which would have no end: what stands in
/// them is left to the reader.
struct InnerRoutes {
    static bool read(const toml::node& node, std::vector<alerts::Route>& out, const Spot& spot);
    static std::optional<Value> write(const std::vector<alerts::Route>& routes);
};

/// A number of working days, where one is given.
struct SomeDays {
    std::optional<Complaint> operator()(const std::optional<int>& days) const {
        if (!days || (*days >= 0 && *days <= 365)) return std::nullopt;
        return Complaint{"must be between 0 and 365", ""};
    }
};

template <>
inline constexpr auto fields<alerts::Rule> = std::tuple{
    field<OneOrMore>("check", &alerts::Rule::checks,
                     "the checks it is about: ids, or \"kpi.*\" for all that begin so", required),
    field<OneOrMore>("team", &alerts::Rule::teams, "only findings of this team, or these"),
    field("grace", &alerts::Rule::grace,
          "working days that a finding stands before anybody is told", SomeDays{}),
    field("hold", &alerts::Rule::hold,
          "how long it has to be gone before it counts as resolved: what comes back meanwhile was "
          "never away"),
    field("repeat_after", &alerts::Rule::repeat_after,
          "working days after which what nobody has answered is told again; 0: never", SomeDays{}),
    field("escalate_after", &alerts::Rule::escalate_after,
          "working days after which it goes to the team's escalate_to, whatever its severity; 0: "
          "never",
          SomeDays{}),
    field("rep_first", &alerts::Rule::rep_first,
          "whether the rep hears of it a working day before the manager"),
    field("at_once", &alerts::Rule::at_once,
          "whether it is told in a message of its own, as soon as it is found, in the digest's "
          "hours"),
};

template <>
inline constexpr auto fields<alerts::Route> = std::tuple{
    field("name", &alerts::Route::name, "what `nudged route` calls it"),
    field<OneOrMore>("team", &alerts::Route::teams, "fits findings of this team, or these"),
    field<Addresses>("rep", &alerts::Route::reps, "fits findings about this rep, by address"),
    field<OneOrMore>("check", &alerts::Route::checks,
                     "fits findings of these checks: ids, or \"kpi.*\" for all that begin so"),
    field("severity", &alerts::Route::severity_from, "fits findings of at least this severity"),
    field("amount_from", &alerts::Route::amount_from, "fits deals of at least this amount"),
    field("amount_below", &alerts::Route::amount_below, "fits deals of less than this amount"),
    field("to", &alerts::Route::to,
          "who is told: \"manager\", \"nobody\" or an address; empty: as the route above says"),
    field("channel", &alerts::Route::channel,
          "where: a name from channels.d; empty: as the route above says"),
    field("continue", &alerts::Route::goes_on,
          "true: the routes behind this one are looked at, too"),
    field<InnerRoutes>("route", &alerts::Route::routes,
                       "routes inside this one, which go before it"),
};

template <>
inline constexpr auto fields<alerts::RoutingOptions> = std::tuple{
    field("team", &alerts::RoutingOptions::teams, "who is told beside a team's manager"),
    field("rule", &alerts::RoutingOptions::rules, "when findings of some checks are told"),
    field("route", &alerts::RoutingOptions::routes, "whereto findings go"),
};

}  // namespace nudged::config
