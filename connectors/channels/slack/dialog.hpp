// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What is said to one person in Slack while they answer, as JSON; every text is plain, and escaped
/// here.
namespace nudged::channels::slack {

/// For a response_url: a line or two that only they see.
std::string whisper(std::string_view text);
/// The same, of lines that are laid out; what does not fit is left out, and that is said.
std::string whisper_lines(std::string_view lines);
/// For a response_url: this in the place of the message that was answered, without its buttons.
std::string replacement(std::string_view text);

/// For chat.postMessage: a text, with a button for each answer.
std::string question(std::string_view text, const std::vector<model::Message::Answer>& answers);

/// A form of one field, which comes back with `value`.
struct Form {
    std::string title;
    std::string hint;  // what is asked
    std::string send;  // the button
    std::string value;
};
std::string form(const Form& form);

}  // namespace nudged::channels::slack
