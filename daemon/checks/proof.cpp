// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/proof.hpp"

#include "daemon/checks/book.hpp"
#include "daemon/checks/holds.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::checks {
namespace {

using model::Entity;
using model::Lane;

std::string_view plural(Entity entity) {
    switch (entity) {
    case Entity::user: return "users";
    case Entity::account: return "accounts";
    case Entity::contact: return "contacts";
    case Entity::pipeline: return "pipelines";
    case Entity::stage: return "stages";
    case Entity::opportunity: return "opportunities";
    case Entity::opportunity_change: return "opportunity changes";
    case Entity::call: return "calls";
    case Entity::task: return "tasks";
    case Entity::meeting: return "meetings";
    case Entity::email: return "e-mails";
    case Entity::contact_role: return "roles of contacts";
    case Entity::custom_field: return "custom fields";
    }
    return "";
}

/// "tasks, calls or meetings"
std::string listed(std::span<const Entity> entities) {
    std::string text;
    for (std::size_t i = 0; i < entities.size(); ++i) {
        if (i > 0) text += i + 1 == entities.size() ? " or " : ", ";
        text += plural(entities[i]);
    }
    return text;
}

std::span<const warehouse::StreamState> streams_of(const Scene& scene, const std::string& source) {
    const auto& streams = streams_of(scene);
    const auto found = streams.find(source);
    return found == streams.end() ? std::span<const warehouse::StreamState>{} : found->second;
}

/// By a lane that tells what is new to us.
bool carries(const warehouse::StreamState& state, Entity entity) {
    return state.stream.entity == entity && model::tells_records(state.stream.lane) &&
           state.stream.lane != Lane::relink;
}

/// Why links of the source's records may be missing; nullopt where its increments tell all links,
/// or they have been read again lately.
std::optional<std::string> unlinked(const Scene& scene, const std::string& source, Entity entity) {
    for (const auto& state : streams_of(scene, source)) {
        if (state.stream != model::Stream{entity, Lane::relink}) continue;
        if (!state.complete_at)
            return fmt::format("links of {}'s {} that were added later have not been read yet",
                               source, plural(entity));
        if (*state.complete_at < scene.as_of - longest_unlinked)
            return fmt::format("links of {}'s {} were last read again at {}", source,
                               plural(entity), format_instant(*state.complete_at));
    }
    return std::nullopt;
}

}  // namespace

const Feed& next_step_feed() {
    static const Feed feed{
        {{Entity::task, Entity::meeting}},
        {Entity::opportunity, Entity::task, Entity::call, Entity::meeting, Entity::email}};
    return feed;
}

const Feed& idle_feed() {
    static const Feed feed{{{Entity::task, Entity::meeting}, {Entity::call, Entity::meeting}},
                           {Entity::opportunity, Entity::opportunity_change, Entity::task,
                            Entity::call, Entity::meeting, Entity::email}};
    return feed;
}

const Feed& opportunity_feed() {
    static const Feed feed{{}, {Entity::opportunity}};
    return feed;
}

const Feed& account_feed() {
    static const Feed feed{{}, {Entity::account}, false};
    return feed;
}

const Feed& stalled_feed() {
    static const Feed feed{{}, idle_feed().fresh};
    return feed;
}

const Feed& task_feed() {
    static const Feed feed{{}, {Entity::task}, false};
    return feed;
}

namespace {
const std::vector<Entity> touch_entities{Entity::call, Entity::meeting, Entity::email};
}  // namespace

const Feed& contact_feed() {
    static const Feed feed{
        {{Entity::contact_role, Entity::call, Entity::meeting, Entity::email}},
        {Entity::opportunity, Entity::contact_role, Entity::call, Entity::meeting, Entity::email}};
    return feed;
}

const Feed& power_feed() {
    static const Feed feed{{{Entity::contact_role}, touch_entities}, contact_feed().fresh};
    return feed;
}

const Feed& answer_feed() {
    static const Feed feed{{{Entity::email}},
                           {Entity::opportunity, Entity::call, Entity::meeting, Entity::email}};
    return feed;
}

const Feed& commit_feed() {
    static const Feed feed{{{Entity::email}},
                           {Entity::opportunity, Entity::opportunity_change, Entity::call,
                            Entity::meeting, Entity::email}};
    return feed;
}

const Feed& follow_up_feed() {
    static const Feed feed{{{Entity::meeting}, {Entity::email}}, next_step_feed().fresh};
    return feed;
}

const Feed& first_touch_feed() {
    static const Feed feed{{{Entity::call}, {Entity::email}}, answer_feed().fresh};
    return feed;
}

std::string needs_text(const Check& check) {
    std::string text;
    if (check.feed != nullptr)
        for (const auto& group : check.feed().needed)
            text += (text.empty() ? "" : "; ") + listed(group);
    if (check.needs_history)
        text += fmt::format("{}a history of deals, the CRM's own or what nudged has seen change",
                            text.empty() ? "" : "; ");
    return text;
}

bool tells(const Scene& scene, const std::string& source, Entity entity) {
    const auto streams = streams_of(scene, source);
    return std::any_of(streams.begin(), streams.end(),
                       [&](const auto& state) { return carries(state, entity); });
}

std::optional<std::string> incomplete(const Scene& scene, const std::string& source, Entity entity,
                                      Instant since) {
    for (const auto& state : streams_of(scene, source)) {
        if (!carries(state, entity)) continue;
        if (!state.complete_at)
            return fmt::format("the first load of {}'s {} is not finished", source, plural(entity));
        // A backfill ends once; only the increments go on.
        if (state.stream.lane == Lane::incremental && *state.complete_at < since)
            return fmt::format("{}'s {} were last complete at {}", source, plural(entity),
                               format_instant(*state.complete_at));
    }
    return std::nullopt;
}

std::optional<std::string> untold(const Scene& scene, const std::string& source, const Feed& feed) {
    constexpr std::array activities{Entity::task, Entity::call, Entity::meeting};
    const auto is_told = [&](Entity entity) { return tells(scene, source, entity); };
    for (const auto& group : feed.needed) {
        if (std::any_of(group.begin(), group.end(), is_told)) continue;
        const bool tells_none = std::none_of(activities.begin(), activities.end(), is_told);
        return fmt::format("{} tells no {}", source,
                           tells_none ? listed(activities) : listed(group));
    }
    return std::nullopt;
}

std::optional<std::string> unproven(const Scene& scene, const std::string& source,
                                    const Feed& feed) {
    if (auto reason = untold(scene, source, feed)) return reason;
    for (const auto entity : feed.fresh)
        if (auto reason =
                incomplete(scene, source, entity, scene.as_of - scene.options.freshness.max_age))
            return reason;
    for (const auto entity : feed.fresh)
        if (auto reason = feed.by_links ? unlinked(scene, source, entity) : std::nullopt)
            return reason;
    return std::nullopt;
}

std::string proof_state(const Scene& scene) {
    const Instant fresh_since = scene.as_of - scene.options.freshness.max_age;
    std::string state;
    for (const auto& [source, streams] : streams_of(scene)) {
        state += source + "\n";
        for (const auto entity : model::all_entities())
            state += fmt::format("{} {} {} {}\n", plural(entity), tells(scene, source, entity),
                                 incomplete(scene, source, entity, fresh_since).value_or(""),
                                 unlinked(scene, source, entity).value_or(""));
    }
    return state;
}

bool Proof::holds(const std::string& source, HeldFor cause) {
    auto known = decided_.find(source);
    if (known == decided_.end()) {
        known = decided_.emplace(source, std::nullopt).first;
        if (auto reason = unproven(scene_, source, feed_)) {
            known->second = Held{check_, source, std::move(*reason)};
            held_.push_back(*known->second);
        }
    }
    if (known->second) note_hold(scene_, *known->second, std::move(cause));
    return !known->second;
}

void Proof::hold(const warehouse::OpenOpportunity& deal, std::string reason) {
    auto& known = decided_[deal.key.source];
    if (!known) {
        known = Held{check_, deal.key.source, std::move(reason)};
        held_.push_back(*known);
    }
    note_hold(scene_, *known, {HeldFor::What::opportunity, deal.key});
}

}  // namespace nudged::checks
