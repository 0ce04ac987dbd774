// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/route_references.hpp"

#include "connectors/net/url.hpp"
#include "daemon/alerts/routing.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/config/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace nudged::config {
namespace {

using alerts::Contact;
using alerts::Route;
using alerts::TeamContacts;
using channels::ChannelOptions;

/// Whether the channel goes to whomever a message names, rather than to one place. A program or a
/// file gets the name with the message.
bool is_addressed(const ChannelOptions& channel) {
    return needs_recipient(channel) ||
           std::holds_alternative<channels::WebhookOptions>(channel.kind_options) ||
           std::holds_alternative<channels::CommandOptions>(channel.kind_options) ||
           std::holds_alternative<channels::FileOptions>(channel.kind_options);
}

/// Who can read a link can answer in somebody's name.
void check_public_url(const Config& config, Diagnostics& problems) {
    const auto& url = config.web.public_url;
    if (url.empty()) return;
    const Place place{config.file.filename().string()};
    const auto where = net::parse_place(url);
    if (!where)
        problems.error(place, "\"public_url\" under [web] is no http(s) URL",
                       "write it as \"https://nudged.example.com\"");
    else if (where->scheme != "https" && !where->is_loopback())
        problems.error(place,
                       fmt::format("\"public_url\" under [web] would send answers to {} "
                                   "unencrypted",
                                   where->host),
                       "write https://, and let a proxy pass on what begins with /answer/");
    else if (!config.web.enabled)
        problems.error(place, "\"public_url\" under [web] leads to a server that is switched off",
                       "say enabled = true");
}

class RoutingCheck {
public:
    RoutingCheck(const Config& config, Diagnostics& problems)
        : config_(config), problems_(problems) {
        for (const auto& channel : config.channels) channels_.push_back(channel.name);
        for (const auto& team : config.roster.teams) {
            teams_.push_back(team.name);
            for (const auto& member : team.members)
                reps_.insert(reps_.end(), member.emails.begin(), member.emails.end());
        }
        checks_ = checks::check_ids(config.checks);
    }

    void run() {
        for (const auto& channel : config_.channels) check_fallback(channel);
        for (const auto& team : config_.alerts.routing.teams) check_team(team);
        for (const auto& rule : config_.alerts.routing.rules) {
            check_names(rule.teams, teams_, "team", "a [[rule]]", rule.place);
            check_patterns(rule.checks, "a [[rule]]", rule.place);
        }
        for (const auto& route : config_.alerts.routing.routes) check_route(route, {}, {});
    }

private:
    const ChannelOptions* find(const std::string& name) const {
        const auto found = std::find_if(config_.channels.begin(), config_.channels.end(),
                                        [&](const auto& one) { return one.name == name; });
        return found == config_.channels.end() ? nullptr : &*found;
    }

    /// The channel, if it is there and may carry what is about persons.
    const ChannelOptions* check_channel(const std::string& name, const std::string& who,
                                        const Place& place) {
        const auto* channel = find(name);
        if (channel == nullptr) {
            auto remedy = suggest(name, channels_);
            if (remedy.empty()) remedy = "add a file with that [channel] to channels.d";
            problems_.error(place,
                            fmt::format("{} names a channel \"{}\" that does not exist", who, name),
                            std::move(remedy));
        } else if (channel->audience == channels::Audience::shared) {
            problems_.error(
                place,
                fmt::format("{} would send what is about persons to \"{}\", whose audience is "
                            "shared",
                            who, name),
                fmt::format("let only those read it whom it is for, and say audience = \"manager\" "
                            "in {}",
                            channel->place.file));
            channel = nullptr;
        }
        return channel;
    }

    void check_fallback(const ChannelOptions& channel) {
        if (channel.fallback.empty()) return;
        const auto who = fmt::format("the fallback of \"{}\"", channel.name);
        if (channel.audience == channels::Audience::manager) {
            if (!check_channel(channel.fallback, who, channel.place)) return;
        } else if (!find(channel.fallback)) {
            problems_.error(channel.place, who + " names a channel that does not exist",
                            suggest(channel.fallback, channels_));
            return;
        }
        std::set<std::string> seen{channel.name};
        for (auto next = channel.fallback; !next.empty();) {
            if (!seen.insert(next).second) {
                problems_.error(channel.place, who + " leads back to where it began",
                                "let the last channel of a chain have no fallback");
                return;
            }
            const auto* there = find(next);
            next = there == nullptr ? std::string{} : there->fallback;
        }
    }

    void check_contact(const Contact& contact, const TeamContacts& team, std::string_view key) {
        if (contact.email.empty()) return;
        const auto who = fmt::format("\"{}\" of team \"{}\"", key, team.name);
        if (!contact.channel.empty()) {
            check_channel(contact.channel, who, team.place);
            return;
        }
        const auto& teams = config_.roster.teams;
        const auto known = std::find_if(teams.begin(), teams.end(),
                                        [&](const auto& one) { return one.name == team.name; });
        const auto* channel = known == teams.end() ? nullptr : find(known->channel);
        if (channel != nullptr && !is_addressed(*channel))
            problems_.error(
                team.place,
                fmt::format("{} has no channel, and the team's, \"{}\", reaches the manager alone",
                            who, known->channel),
                fmt::format("write {} = {{ email = \"{}\", channel = \"…\" }}", key,
                            contact.email));
    }

    void check_team(const TeamContacts& team) {
        check_names({team.name}, teams_, "team", "a [[team]] of routes.toml", team.place);
        check_contact(team.cover, team, "cover");
        check_contact(team.escalate_to, team, "escalate_to");
        if (team.reps_channel.empty()) return;
        const auto who = fmt::format("\"reps_channel\" of team \"{}\"", team.name);
        const auto* channel = check_channel(team.reps_channel, who, team.place);
        if (channel != nullptr && !is_addressed(*channel))
            problems_.error(team.place,
                            fmt::format("{} would tell all reps' findings in one place, \"{}\"",
                                        who, team.reps_channel),
                            "name a mail channel without \"to\": each rep then gets their own");
    }

    void check_names(const std::vector<std::string>& names, const std::vector<std::string>& known,
                     std::string_view what, std::string_view who, const Place& place) {
        for (const auto& name : names)
            if (std::find(known.begin(), known.end(), name) == known.end())
                problems_.error(
                    place,
                    fmt::format("{} is for a {} \"{}\" that does not exist", who, what, name),
                    suggest(name, known));
    }

    void check_patterns(const std::vector<std::string>& patterns, std::string_view who,
                        const Place& place) {
        for (const auto& pattern : patterns)
            if (std::none_of(checks_.begin(), checks_.end(), [&](const std::string& check) {
                    return alerts::fits_check(check, {pattern});
                }))
                problems_.error(
                    place,
                    fmt::format("{} is for a check \"{}\" that does not exist", who, pattern),
                    suggest(pattern, checks_));
    }

    /// `to` and `channel` are those of the routes above.
    void check_route(const Route& route, std::string to, std::string channel) {
        const auto who = route.name.empty() ? std::string{"a [[route]]"}
                                            : fmt::format("the route \"{}\"", route.name);
        check_names(route.teams, teams_, "team", who, route.place);
        check_names(route.reps, reps_, "rep", who, route.place);
        check_patterns(route.checks, who, route.place);
        if (!route.to.empty()) to = route.to;
        if (!route.channel.empty()) channel = route.channel;
        const bool is_person = to.find('@') != to.npos;
        if (!to.empty() && !is_person && to != "manager" && to != "nobody")
            problems_.error(route.place,
                            fmt::format("{} is to \"{}\", which is nobody it knows", who, to),
                            "write to = \"manager\", to = \"nobody\", or an e-mail address");
        const auto* there = channel.empty() ? nullptr : check_channel(channel, who, route.place);
        if (is_person && channel.empty())
            problems_.error(route.place, fmt::format("{} is to {}, and names no channel", who, to),
                            "add channel = \"…\", a channel that reaches them");
        if (is_person && !route.to.empty() && route.channel.empty() && there != nullptr &&
            !is_addressed(*there))
            problems_.error(
                route.place,
                fmt::format("{} is to {}, but the channel of the route above, \"{}\", is one "
                            "place for everybody",
                            who, to, channel),
                "add channel = \"…\", a channel that reaches them");
        for (const auto& inner : route.routes) check_route(inner, to, channel);
    }

    const Config& config_;
    Diagnostics& problems_;
    std::vector<std::string> channels_, teams_, reps_, checks_;
};

}  // namespace

bool needs_recipient(const ChannelOptions& channel) {
    if (const auto* smtp = std::get_if<channels::SmtpOptions>(&channel.kind_options))
        return smtp->mail.to.empty();
    if (const auto* graph = std::get_if<channels::GraphOptions>(&channel.kind_options))
        return graph->mail.to.empty();
    const auto* bot = std::get_if<channels::SlackBotOptions>(&channel.kind_options);
    return bot != nullptr && bot->channel.empty();
}

void check_routing(const Config& config, Diagnostics& problems) {
    check_public_url(config, problems);
    RoutingCheck{config, problems}.run();
}

}  // namespace nudged::config
