// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/fallback.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/model/message.hpp"
#include "daemon/alerts/notice.hpp"
#include "daemon/warehouse/outbox_ends.hpp"

#include <fmt/format.h>

namespace nudged::runtime {
namespace {

using warehouse::ChannelState;
using warehouse::Database;

constexpr std::string_view by = "/by/";

/// The same message, with a word on why it comes here; as it is when it cannot be read.
std::string explained(const std::string& message, const std::string& channel) {
    try {
        auto parsed = model::parse_message(message);
        if (!parsed.footer.empty()) parsed.footer += '\n';
        parsed.footer +=
            fmt::format("This comes here since the channel \"{}\" does not work.", channel);
        return model::to_json(parsed);
    } catch (const Failure&) {
        return message;
    }
}

}  // namespace

int pass_on(Database& database, const std::string& channel, const ChannelState& state,
            const std::string& fallback, Instant now) {
    if (fallback.empty()) return 0;
    int passed = 0;
    for (const auto& row : warehouse::read_waiting(database, channel)) {
        const bool is_tried_for_long =
            row.first_try_at && now - *row.first_try_at >= patience_with_silence;
        // What takes the place of a message that stands there, or says what has come of it, is
        // nothing to anybody elsewhere.
        if (!row.edits.empty() || warehouse::is_end(row) || row.ambiguous > 0 ||
            (!state.broken_since && !is_tried_for_long))
            continue;
        warehouse::NewMessage copy = row;
        copy.key = fmt::format("{}{}{}", row.key, by, fallback);
        copy.channel = fallback;
        copy.message = explained(row.message, channel);
        copy.due_at = now;
        copy.continues.clear();
        warehouse::insert_message(database, copy, now);
        warehouse::supersede_message(
            database, row.id, fmt::format("sent by {}, since {} does not work", fallback, channel));
        ++passed;
    }
    return passed;
}

std::string_view original_key(std::string_view key) {
    return key.substr(0, key.find(by));
}

bool tell_admin(Database& database, const std::string& channel, const ChannelState& before,
                const ChannelState& after, const Rescue& rescue, Instant now) {
    if (rescue.admin_channel.empty()) return false;
    const bool breaks = after.broken_since && !before.broken_since;
    const bool mends = before.broken_since && !after.broken_since;
    if (!breaks && !mends) return false;
    alerts::Notice notice{.channel = rescue.admin_channel,
                          .about = fmt::format("channel/{}", channel),
                          .is_down = breaks};
    if (breaks) {
        notice.title = fmt::format("nudged: the channel {} is broken", channel);
        const auto messages =
            rescue.fallback.empty()
                ? std::string{"Its messages wait until they expire."}
                : fmt::format("Its messages go by {} meanwhile.", rescue.fallback);
        notice.text = fmt::format(
            "{}. {} {} This is told once; `nudged status` tells how it stands.",
            after.broken_reason, messages,
            after.failing_since
                ? "It is tried again by itself; `nudged doctor` shows whether this machine can "
                  "reach it."
                : "It is tried every five minutes; mend it where the configuration says, and "
                  "restart.");
    } else {
        notice.title = fmt::format("nudged: the channel {} works again", channel);
        notice.text = "It takes messages as before.";
    }
    return alerts::enqueue_notice(database, notice, now);
}

}  // namespace nudged::runtime
