// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/source_notice.hpp"

#include "connectors/model/message.hpp"
#include "daemon/warehouse/outbox.hpp"

#include <fmt/format.h>

namespace nudged::alerts {
namespace {

/// A week: an admin on leave still gets to know.
constexpr std::chrono::days useful_for{7};

/// Keys are SOURCE/MILLISECONDS/down and …/up, so that the greatest is the latest.
bool was_told_down(const warehouse::Database& database, const std::string& prefix) {
    auto row = database.prepare(
        "SELECT key FROM outbox WHERE key > ?1 AND key < ?2 ORDER BY key DESC LIMIT 1");
    const std::string end = prefix + '~';  // behind every digit
    row.bind(1, std::string_view{prefix}).bind(2, std::string_view{end});
    return row.step() && row.text(0).ends_with("/down");
}

model::Message compose(const SourceNotice& notice, bool is_down) {
    model::Message message;
    message.kind = is_down ? model::Message::Kind::nudge : model::Message::Kind::resolved;
    model::Message::Section section;
    if (is_down) {
        message.title = fmt::format("nudged: the source {} needs a person", notice.source);
        section.text = fmt::format(
            "{}. Nothing is polled that this stops, and nothing is judged that needs it. This is "
            "told once; `nudged status` tells how it stands.",
            notice.needs_person);
    } else {
        message.title = fmt::format("nudged: the source {} works again", notice.source);
        section.text = "It is polled as before, and what was missed is being fetched.";
    }
    message.sections.push_back(std::move(section));
    return message;
}

}  // namespace

bool enqueue_notice(warehouse::Database& database, const SourceNotice& notice, Instant now) {
    const auto prefix = fmt::format("source/{}/", notice.source);
    const bool is_down = !notice.needs_person.empty();
    if (is_down == was_told_down(database, prefix)) return false;
    warehouse::NewMessage message;
    message.key = fmt::format("{}{:013}/{}", prefix, to_millis(now), is_down ? "down" : "up");
    message.channel = notice.channel;
    message.reason = is_down ? "nudge" : "resolved";
    auto composed = compose(notice, is_down);
    composed.reference = message.key;
    message.message = model::to_json(composed);
    message.due_at = now;
    message.expires_at = now + useful_for;
    return warehouse::insert_message(database, message, now);
}

}  // namespace nudged::alerts
