// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/outbox_ends.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/model/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace nudged::warehouse {
namespace {

constexpr std::string_view vain = "what it is the end of was never told here";

bool is_one_of(std::string_view state, std::initializer_list<std::string_view> states) {
    return std::find(states.begin(), states.end(), state) != states.end();
}

/// What is left of it for somebody who got `payload`; nullopt: nothing, or it cannot be read.
std::optional<model::Message> known_to(const std::string& json, std::string_view payload) {
    model::Message message;
    try {
        message = model::parse_message(json);
    } catch (const Failure&) {
        return std::nullopt;  // somebody in it was forgotten
    }
    bool is_left = false;
    for (auto& section : message.sections) {
        for (auto& item : section.items)
            std::erase_if(item.findings, [&](const auto& finding) {
                return payload.find(finding.id) == payload.npos;
            });
        std::erase_if(section.items, [](const auto& item) { return item.findings.empty(); });
        is_left |= !section.items.empty();
    }
    if (!is_left) return std::nullopt;
    return message;
}

/// True when the row is gone, and the one behind it is to be looked at.
bool trim(Database& database, OutboxId id, const std::string& json, std::string_view state,
          std::string_view payload) {
    // The message before goes first.
    if (is_one_of(state, {"pending", "claimed"})) return false;
    std::optional<model::Message> left;
    if (is_one_of(state, {"delivered", "accepted", "unknown"})) left = known_to(json, payload);
    if (!left) {
        supersede_message(database, id, vain);
        return true;
    }
    if (auto trimmed = model::to_json(*left); trimmed != json)
        database.prepare("UPDATE outbox SET message = ?2 WHERE id = ?1 AND payload IS NULL")
            .bind(1, id)
            .bind(2, std::string_view{trimmed})
            .run();
    return false;
}

}  // namespace

bool is_end(const NewMessage& message) {
    return !message.continues.empty() &&
           (message.reason == resolved_reason || message.reason == reopened_reason);
}

std::vector<ToldBy> read_told_by(const Database& database, FindingId id,
                                 std::string_view fingerprint) {
    // A fallback's key is that of the message with "/by/" and its name behind it; "0" follows "/".
    auto rows = database.prepare(R"sql(
        WITH told AS (SELECT DISTINCT note AS key FROM finding_event
                      WHERE finding_id = ?1 AND note <> '')
        SELECT o.id, o.key, o.channel, o.recipient, o.message, o.state, o.payload
            FROM told t JOIN outbox o ON o.key = t.key
        UNION ALL
        SELECT o.id, o.key, o.channel, o.recipient, o.message, o.state, o.payload
            FROM told t JOIN outbox o ON o.key > t.key || '/by/' AND o.key < t.key || '/by0'
        ORDER BY 1
    )sql");
    rows.bind(1, id);
    std::vector<ToldBy> all;
    while (rows.step()) {
        const auto state = rows.text(5);
        const bool has_arrived = is_one_of(state, {"delivered", "accepted", "unknown"});
        const auto payload = rows.maybe_text(6).value_or("");
        const bool names_it = payload.find(fingerprint) != std::string::npos;
        if (has_arrived ? !names_it : !is_one_of(state, {"pending", "claimed"})) continue;
        all.push_back({.key = std::string{rows.text(1)},
                       .channel = std::string{rows.text(2)},
                       .recipient = std::string{rows.text(3)},
                       .message = std::string{rows.text(4)},
                       .names_it = has_arrived});
    }
    return all;
}

void trim_next_end(Database& database, std::string_view channel) {
    for (bool again = true; again;) {
        // That it is one of two states lets SQLite take the index of what waits.
        auto row = database.prepare(R"sql(
            SELECT o.id, o.message, b.state, b.payload
            FROM outbox o LEFT JOIN outbox b ON b.key = o.continues AND b.channel = o.channel
            WHERE o.channel = ?1 AND o.state IN ('pending', 'claimed') AND o.state = 'pending'
                AND o.payload IS NULL AND o.continues IS NOT NULL AND o.reason IN (?2, ?3)
            ORDER BY o.id LIMIT 1
        )sql");
        row.bind(1, channel).bind(2, resolved_reason).bind(3, reopened_reason);
        if (!row.step()) return;
        const OutboxId id{row.integer(0)};
        const std::string json{row.text(1)};
        const std::string state{row.text(2)};
        const auto payload = row.maybe_text(3).value_or("");
        again = trim(database, id, json, state, payload);
    }
}

}  // namespace nudged::warehouse
