// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nudged::channels::slack {

/// Where in Slack a payload of the Web API goes.
struct Place {
    std::string channel;    // an ID, or the e-mail address of the person that it is for
    std::string thread{};   // the `ts` of the message that it replies to; empty: it stands alone
    std::string message{};  // the `ts` of the message in whose place it is put
    bool is_edit = false;   // for chat.update, rather than for chat.postMessage
};

/// What a webhook takes, made into what chat.postMessage or chat.update takes; a place that it has
/// is left. A reply is shown in the conversation, too: nobody follows a thread that they have not
/// seen.
std::string put(const Place& place, const std::string& payload);
Place read_place(const std::string& payload);

/// Of a channel, a conversation or a member.
bool is_id(std::string_view text);
/// "1503435956.000247", by which a message is known in its channel.
bool is_timestamp(std::string_view text);

/// What is kept of a message that was delivered: "C0123456789 1503435956.000247".
struct Receipt {
    std::string channel;
    std::string ts;
};
/// Empty when Slack has named neither.
std::string to_text(const Receipt& receipt);
std::optional<Receipt> parse_receipt(std::string_view text);

}  // namespace nudged::channels::slack
