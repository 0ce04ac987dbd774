// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::channels::mail {

/// Of a whole mail as it is sent: some clients cut what is longer than about 102 KB (delivery
/// reference §4.7).
inline constexpr std::size_t max_mail_bytes = 90'000;
inline constexpr std::size_t max_subject = 150;  // code points

struct Recipient {
    std::string address;
    bool may_have_it = false;  // a try before ended without a verdict
};

/// What the outbox keeps of a mail: all that does not change from try to try, and who still has to
/// get it.
struct Payload {
    std::vector<Recipient> to;
    std::string subject;
    std::string text;
    std::string html;  // empty: text alone
    std::string reference;
    std::string series{};  // what mail programs show as one conversation; empty: it stands alone
    std::string list{};    // its kind, by which people sort their mail: "brief"; may be empty

    std::string to_json() const;
};
/// Throws Failure(corrupt).
Payload parse_payload(const std::string& json);

/// A mail to each of `to`, or to the message's own recipient where `to` is empty. What does not fit
/// is left out in steps, and the number left out is told. Pure.
std::string render(const model::Message& message, const std::vector<std::string>& to);

/// The same without HTML, and the text no longer than it has to be; nullopt when it is that
/// already.
std::optional<std::string> simplify(const std::string& payload);

/// The same for a try after one of which nobody knows what came: each of those left may have it.
std::string repeat(const std::string& payload);

/// The texts with what says that it may be a repeat.
std::string repeated_text(std::string_view text);
std::string repeated_html(std::string_view html);

}  // namespace nudged::channels::mail
