// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/digest.hpp"

#include "daemon/alerts/conversation.hpp"
#include "daemon/alerts/parts.hpp"
#include "daemon/alerts/pile.hpp"
#include "daemon/alerts/team_table.hpp"
#include "daemon/warehouse/outbox.hpp"

namespace nudged::alerts {

using model::Message;

Digest compose_digest(const DigestScene& scene, const AlertOptions& options) {
    const auto& texts = options.texts.in(scene.team.language);
    auto pile = sort_out(scene, options);
    const auto settled = settled_of(scene);
    Digest digest;
    auto& message = digest.message;
    message.kind = Message::Kind::digest;
    message.title =
        texts.fill(scene.due.is_weekly ? "digest.title_of_week" : "digest.title",
                   {{"team", scene.team.name}, {"week", IsoWeek::of(scene.due.day).str()}});
    message.subtitle = dated(scene, texts, scene.due.is_weekly);
    if (scene.shared) {
        message.sections.push_back(shared_section(pile, texts));
    } else {
        if (!pile.praise.empty()) message.sections.push_back(praise_section(pile.praise, texts));
        message.sections.push_back(team_table(scene.scorecard, scene.team.name, texts));
        message.sections.push_back(conversation_section(scene, pile.news, options.digest, texts));
        if (!settled.empty()) message.sections.push_back(settled_section(settled, texts));
    }
    message.footer = footer(scene, pile, texts);
    message.recipient = scene.team.manager_email;
    message.reference = scene.due.key.substr(0, 8);
    digest.has_news = !pile.praise.empty() || !pile.news.empty();
    digest.told = std::move(pile.told);
    for (const auto& stored : settled)
        digest.told.push_back({stored.episode.id, warehouse::FindingChange::settled});
    return digest;
}

Enqueued enqueue_digest(warehouse::Database& database, const Digest& digest, const DigestDue& due,
                        const warehouse::Team& team, Instant now, const AlertOptions& options,
                        std::string_view line) {
    const bool is_managers = line == manager_line;
    const warehouse::Addressee to{std::string{line}, team.channel, team.manager_email};
    warehouse::NewMessage message;
    message.key = due.key;
    message.channel = team.channel;
    message.recipient = team.manager_email;
    message.reason = to_string(due.occasion);
    auto composed = digest.message;
    composed.decided_at = now;
    message.message = model::to_json(composed);
    message.due_at = now;
    message.expires_at = now + options.expiry_of(message.channel);
    message.quiet_from = due.quiet_from;
    // A card or a sheet for a place that others read is none.
    if (!digest.has_news && !due.is_weekly)
        return warehouse::insert_superseded(database, message, "nothing new to tell", now)
                   ? Enqueued::nothing_new
                   : Enqueued::already_decided;
    if (!warehouse::insert_message(database, message, now)) return Enqueued::already_decided;
    for (const auto& [id, why] : digest.told) {
        const bool is_settled = why == warehouse::FindingChange::settled;
        if (!is_settled) warehouse::note_telling(database, {&id, 1}, to, now, due.key);
        if (is_managers && !is_settled)
            warehouse::mark_notified(database, {&id, 1}, now, why, due.key);
        else if (is_managers)
            warehouse::note_finding(database, id, why, now, {}, due.key);
        else
            warehouse::note_finding(database, id, warehouse::FindingChange::shadowed, now, {},
                                    due.key);
    }
    return Enqueued::queued;
}

bool inherits_week(const warehouse::Database& database, const warehouse::Team& team,
                   const DigestOptions& options, std::chrono::local_days day) {
    const auto monday = IsoWeek::of(day).monday();
    for (auto earlier = day - std::chrono::days{1}; earlier >= monday;
         earlier -= std::chrono::days{1}) {
        const auto due = digest_of(team, options, earlier);
        if (!warehouse::has_message(database, due.key)) continue;
        if (due.is_weekly || !warehouse::was_superseded_late(database, due.key))
            return warehouse::was_superseded_late(database, due.key);
    }
    return false;
}

}  // namespace nudged::alerts
