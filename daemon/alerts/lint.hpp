// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"

#include <string>
#include <string_view>
#include <vector>

/// How messages may speak of people (sales practice §12.2). Each complaint is a sentence.
namespace nudged::alerts {

/// Words about a person that no text uses, blame put as a question, and exclamation outside praise.
std::vector<std::string> lint_words(std::string_view text, bool is_praise);

/// A question opens with what, how, who or when; "why" only follows one that does.
std::vector<std::string> lint_question(std::string_view question);

/// The above; and of what is no praise: a question, a number, and a way to the evidence (a link, or
/// the id that `nudged explain` takes). At most sixty words for a manager to read.
std::vector<std::string> lint_item(const model::Message::Item& item, bool is_praise);

/// Every text of a message; praise is known by its star.
std::vector<std::string> lint_message(const model::Message& message);

}  // namespace nudged::alerts
