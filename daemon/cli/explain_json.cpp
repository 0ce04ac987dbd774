// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/scope.hpp"
#include "daemon/cli/explain_text.hpp"
#include "daemon/cli/finding_text.hpp"
#include "daemon/warehouse/findings.hpp"
#include "daemon/warehouse/tellings.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace nudged::cli {
namespace {

std::optional<std::string> instant_of(const std::optional<Instant>& instant) {
    if (!instant) return std::nullopt;
    return format_instant(*instant);
}

void write_settings(Json& json, const View& view, const config::Config& config,
                    const warehouse::Finding& finding) {
    const auto scene = view.scene();
    json.key("settings").begin_array();
    for (const auto& setting :
         config::check_settings(config, finding.check, checks::overrides_of(scene, finding)))
        json.begin_object()
            .field("key", setting.key)
            .field("value", setting.value)
            .field("origin", setting.origin)
            .end_object();
    json.end_array();
}

void write_messages(Json& json, const View& view, const warehouse::Finding& finding,
                    const warehouse::Episode& episode) {
    json.key("messages").begin_array();
    if (episode.notified_at)
        for (const auto& telling :
             warehouse::read_tellings(view.reader(), *episode.notified_at, finding.team))
            json.begin_object()
                .field("id", static_cast<std::int64_t>(telling.id))
                .field("reason", telling.reason)
                .field("channel", telling.channel)
                .field("recipient", telling.recipient)
                .field("state", to_string(telling.state))
                .end_object();
    json.end_array();
}

void write_episodes(Json& json, const View& view, const warehouse::Finding& finding) {
    json.key("episodes").begin_array();
    for (const auto& episode : warehouse::read_episodes(view.reader(), finding.fingerprint())) {
        json.begin_object()
            .field("number", episode.number)
            .field("state", to_string(episode.state))
            .field("opened_at", format_instant(episode.opened_at))
            .field("told_at", instant_of(episode.notified_at))
            .field("resolved_at", instant_of(episode.resolved_at));
        write_messages(json, view, finding, episode);
        json.end_object();
    }
    json.end_array();
}

/// The finding that stands for all stale deals of the owner, where this one is folded into it.
std::optional<std::string> folded_into(const checks::Scene& scene,
                                       const warehouse::Finding& finding) {
    std::optional<std::string> layer;
    for (const auto& other : checks::evaluate(scene).findings) {
        if (other.fingerprint() == finding.fingerprint()) return std::nullopt;
        if (other.check == "rep.stale_layer" && other.owner == finding.owner)
            layer = finding_id(other);
    }
    return layer;
}

}  // namespace

void print_explanation_json(const View& view, const config::Config& config,
                            const warehouse::Finding& finding) {
    const auto check = checks::describe_check(config.checks, finding.check);
    Json json;
    json.begin_object().key("finding");
    write_finding(json, finding, read_involved(view.reader(), view.people(), finding));
    json.field("as_of", format_instant(view.scene().as_of))
        .field("enabled", check && check->is_enabled)
        .field("meaning", check->meaning)
        .field("clears", check->clears)
        .field("folded_into", folded_into(view.scene(), finding));
    write_settings(json, view, config, finding);
    write_episodes(json, view, finding);
    json.end_object();
    fmt::print("{}\n", json.str());
}

}  // namespace nudged::cli
