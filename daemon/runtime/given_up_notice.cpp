// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/given_up_notice.hpp"

#include "connectors/model/message.hpp"
#include "daemon/warehouse/given_up.hpp"
#include "daemon/warehouse/outbox.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <vector>

namespace nudged::runtime {
namespace {

using warehouse::Database;
using warehouse::GivenUp;

constexpr std::chrono::hours between_notices{24};
constexpr std::chrono::days useful_for{7};

/// By the order in which they were put in: a clock that was ahead has left times of the future.
/// What another channel took over is a copy, and younger than what it tells.
std::optional<Instant> last_notice(const Database& database, const std::string& prefix) {
    auto row = database.prepare(
        "SELECT created_at FROM outbox WHERE key > ?1 AND key < ?2 "
        "AND instr(substr(key, length(?1) + 1), '/by/') = 0 ORDER BY id DESC LIMIT 1");
    const std::string end = prefix + '~';  // behind every digit
    row.bind(1, std::string_view{prefix}).bind(2, std::string_view{end});
    if (!row.step()) return std::nullopt;
    return row.maybe_instant(0);
}

std::string sentence(const GivenUp& lost) {
    std::vector<std::string> parts;
    const auto add = [&](std::int64_t count, const char* what) {
        if (count > 0) parts.push_back(fmt::format("{} {}", count, what));
    };
    add(lost.expired, "expired before the channel took them");
    add(lost.refused, "refused by the channel");
    add(lost.unknown, "sent twice without an answer");
    return fmt::format(
        "{}. They are kept: `nudged outbox list --channel {}` shows them, `nudged "
        "outbox replay --channel {}` sends those that expired once more, `nudged outbox "
        "replay ID` any. What is given up from now on is told in a day, all at once; "
        "`nudged status` counts it at any time.",
        fmt::join(parts, ", "), lost.channel, lost.channel);
}

}  // namespace

bool tell_given_up_messages(Database& database, const std::string& channel,
                            const std::string& admin_channel, Instant now) {
    if (admin_channel.empty()) return false;
    const auto prefix = fmt::format("{}{}/", warehouse::given_up_notice, channel);
    const auto told_at = last_notice(database, prefix);
    const bool is_told = told_at && *told_at <= now;
    if (is_told && now - *told_at < between_notices) return false;
    const auto lost = warehouse::read_given_up(database, is_told ? *told_at : Instant{}, channel);
    if (lost.empty()) return false;
    model::Message notice;
    const auto count = lost.front().all();
    notice.title =
        count == 1
            ? fmt::format("nudged: 1 message to the channel {} was given up", channel)
            : fmt::format("nudged: {} messages to the channel {} were given up", count, channel);
    notice.sections.emplace_back().text = sentence(lost.front());
    notice.about = prefix.substr(0, prefix.size() - 1);
    notice.decided_at = now;
    warehouse::NewMessage message;
    message.key = fmt::format("{}{:013}", prefix, to_millis(now));
    message.channel = admin_channel;
    message.reason = "nudge";
    notice.reference = message.key;
    message.message = model::to_json(notice);
    message.due_at = now;
    message.expires_at = now + useful_for;
    return warehouse::insert_message(database, message, now);
}

}  // namespace nudged::runtime
