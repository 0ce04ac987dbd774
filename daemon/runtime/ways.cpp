// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/ways.hpp"

#include "connectors/base/text.hpp"
#include "connectors/channels/catalog.hpp"
#include "daemon/alerts/answer_button.hpp"
#include "daemon/alerts/life.hpp"
#include "daemon/runtime/language.hpp"
#include "daemon/warehouse/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace nudged::runtime {
namespace {

/// Whether anybody beside managers may be told, or they themselves beside the digest.
bool has_lines(const config::Config& config, const warehouse::ShadowBook& shadow) {
    const auto& routing = config.alerts.routing;
    const bool is_quick = std::any_of(routing.rules.begin(), routing.rules.end(),
                                      [](const auto& rule) { return rule.at_once.has_value(); });
    return is_quick || !routing.routes.empty() || !routing.teams.empty() || !shadow.is_empty();
}

/// What belongs to no team is the admin's.
bool has_strays(const config::Config& config, const checks::Scene& scene,
                const warehouse::Findings& findings) {
    if (config.daemon.admin_channel.empty()) return false;
    const auto& teams = scene.people.teams;
    return std::any_of(findings.begin(), findings.end(), [&](const auto& finding) {
        return std::none_of(teams.begin(), teams.end(),
                            [&](const auto& team) { return team.name == finding.team; });
    });
}

bool is_shared(const config::Config& config, const std::string& channel) {
    return std::any_of(config.channels.begin(), config.channels.end(), [&](const auto& options) {
        return options.name == channel && options.audience == channels::Audience::shared;
    });
}

/// Where others read along, nobody is named and no record is: the admin's channel may be such.
void leave_out_persons(alerts::LineMessage& message) {
    model::Message::Section section;
    section.text = fmt::format("{} findings. Others can read this channel, so that they are not "
                               "named; to see them: nudged route --dry-run",
                               message.told.size());
    message.message.sections = {std::move(section)};
}

/// What a first sync brings is not told at once: the team's first digest sums it up.
alerts::AtOnceLeft left_today(const config::Config& config, const warehouse::Database& database) {
    return [&](const warehouse::Addressee& to, const std::string& team,
               Instant day_from) -> std::optional<int> {
        if (to.line == alerts::manager_line && !warehouse::has_told(database, team))
            return std::nullopt;
        const auto queued = warehouse::count_messages(database, to.channel, to.recipient,
                                                      alerts::at_once_reason, day_from);
        // A rep hears once a day what cannot wait; the rest comes with what they hear anyway.
        const int most = to.line == alerts::rep_line ? std::min(1, config.alerts.at_once_a_day)
                                                     : config.alerts.at_once_a_day;
        return most - static_cast<int>(queued);
    };
}

}  // namespace

std::vector<alerts::Routed> route_findings(const config::Config& config, const checks::Scene& scene,
                                           const warehouse::Findings& findings,
                                           const warehouse::ShadowBook& shadow,
                                           const warehouse::Tellings& tellings) {
    const alerts::RoutingScene routing{config.alerts, scene.people, shadow,
                                       config.daemon.admin_channel, scene.as_of};
    static const std::vector<warehouse::FindingTelling> to_nobody;
    std::vector<alerts::Routed> routed;
    for (auto& stored : alerts::join_episodes(scene.reader, findings)) {
        const auto told = tellings.find(stored.episode.id);
        auto way =
            alerts::decide_way(routing, stored, told == tellings.end() ? to_nobody : told->second);
        routed.push_back({std::move(stored), std::move(way)});
    }
    return routed;
}

std::vector<alerts::LineMessage> make_line_messages(const config::Config& config,
                                                    const checks::Scene& scene,
                                                    const checks::Evaluation& evaluation,
                                                    const alerts::LinkSigner* signer) {
    const auto& database = scene.reader.database();
    const auto shadow = warehouse::read_shadow_book(database);
    if (!has_lines(config, shadow) && !has_strays(config, scene, evaluation.findings)) return {};
    const auto tellings = warehouse::read_live_tellings(database);
    const auto routed = route_findings(config, scene, evaluation.findings, shadow, tellings);
    const alerts::RoutingScene routing{config.alerts, scene.people, shadow,
                                       config.daemon.admin_channel, scene.as_of};
    auto messages = alerts::compose_line_messages(
        routing, routed, warehouse::read_open_threads(database), left_today(config, database));
    std::erase_if(messages, [&](const alerts::LineMessage& message) {
        return warehouse::has_message(database, message.key);
    });
    for (auto& message : messages)
        if (is_shared(config, message.to.channel)) leave_out_persons(message);
    if (messages.empty()) return messages;
    const auto by_id = linked_by_id(routed);
    for (auto& message : messages) {
        const auto may = message.to.line == alerts::rep_line ? alerts::MayAnswer::that_it_is_wrong
                                                             : alerts::MayAnswer::everything;
        const auto& texts = texts_of_team(config, message.team);
        if (takes_answers(config, message.to.channel))
            alerts::add_answers(message.message, by_id, texts, may);
        // Kept beside the buttons: a fallback has none.
        if (signer != nullptr)
            alerts::add_links(message.message, {*signer, by_id, texts, scene.as_of}, may);
    }
    return messages;
}

bool takes_answers(const config::Config& config, std::string_view channel) {
    return std::any_of(config.channels.begin(), config.channels.end(), [&](const auto& options) {
        const auto* bot = std::get_if<channels::SlackBotOptions>(&options.kind_options);
        return options.name == channel && bot != nullptr && !bot->app_token.reveal().empty();
    });
}

std::set<std::string> channels_that_hear_ends(const config::Config& config) {
    std::set<std::string> names;
    for (const auto& options : config.channels) {
        const auto* kind = channels::find_kind(options.kind);
        if (kind != nullptr && kind->hears == channels::Hears::ends) names.insert(options.name);
    }
    return names;
}

std::map<std::string, alerts::Linked> linked_by_id(const std::vector<alerts::Routed>& routed) {
    constexpr std::size_t short_id = 10;
    std::map<std::string, alerts::Linked> by_id;
    for (const auto& [stored, way] : routed)
        if (stored.episode.id != warehouse::FindingId{0})
            by_id[stored.fingerprint.substr(0, short_id)] = {stored.fingerprint,
                                                             stored.episode.number};
    return by_id;
}

std::optional<std::string_view> address(warehouse::Team& team, alerts::DigestDue& due,
                                        const config::Config& config,
                                        const warehouse::ShadowBook& shadow) {
    if (shadow.has_team(team.name)) {
        if (config.daemon.admin_channel.empty()) return std::nullopt;
        due.key = fingerprint("shadow\n" + due.key);
        team.channel = config.daemon.admin_channel;
        team.manager_email.clear();
        return alerts::shadow_line;
    }
    const auto to = alerts::manager_addressee(config.alerts.routing, team, due.day);
    if (!to) return std::nullopt;
    team.channel = to->channel;
    team.manager_email = to->recipient;
    return alerts::manager_line;
}

}  // namespace nudged::runtime
