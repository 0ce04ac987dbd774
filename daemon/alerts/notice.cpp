// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/notice.hpp"

#include "connectors/model/message.hpp"
#include "daemon/warehouse/outbox.hpp"

#include <fmt/format.h>

namespace nudged::alerts {
namespace {

/// A week: an admin on leave still gets to know.
constexpr std::chrono::days useful_for{7};

/// Keys are ABOUT/MILLISECONDS/down and …/up. The latest is the one that was put in last: a clock
/// that was ahead has made keys of the future. What another channel took over is a copy.
bool was_told_down(const warehouse::Database& database, const std::string& prefix) {
    auto row = database.prepare(
        "SELECT key FROM outbox WHERE key > ?1 AND key < ?2 "
        "AND instr(substr(key, length(?1) + 1), '/by/') = 0 ORDER BY id DESC LIMIT 1");
    const std::string end = prefix + '~';  // behind every digit
    row.bind(1, std::string_view{prefix}).bind(2, std::string_view{end});
    return row.step() && row.text(0).ends_with("/down");
}

}  // namespace

bool enqueue_notice(warehouse::Database& database, const Notice& notice, Instant now) {
    const auto prefix = notice.about + "/";
    if (notice.is_down == was_told_down(database, prefix)) return false;
    model::Message composed;
    composed.kind = notice.is_down ? model::Message::Kind::nudge : model::Message::Kind::resolved;
    composed.title = notice.title;
    composed.sections.emplace_back().text = notice.text;
    warehouse::NewMessage message;
    message.key =
        fmt::format("{}{:013}/{}", prefix, to_millis(now), notice.is_down ? "down" : "up");
    message.channel = notice.channel;
    message.reason = notice.is_down ? "nudge" : "resolved";
    composed.reference = message.key;
    composed.about = notice.about;
    composed.decided_at = now;
    message.message = model::to_json(composed);
    message.due_at = now;
    message.expires_at = now + useful_for;
    return warehouse::insert_message(database, message, now);
}

}  // namespace nudged::alerts
