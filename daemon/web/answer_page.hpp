// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/answer_link.hpp"

#include <map>
#include <string>
#include <string_view>

namespace nudged::web {

/// What a page of an answer link says; plain texts, escaped here.
struct AnswerPage {
    std::string language;  // "en"
    std::string title;
    std::string about;     // the subject of the finding
    std::string summary;   // what was told of it
    std::string text;      // what happens, or has happened
    std::string field{};   // of a question: what is to be filled in; empty where nothing is
    std::string button{};  // and what does it
};

/// Asks before anything is done: programs that look at links in mails must not answer in the name
/// of those who get them.
std::string render_question(alerts::LinkAction action, const AnswerPage& page,
                            std::string_view first_day, std::string_view last_day,
                            std::string_view chosen_day);
/// What came of it.
std::string render_result(const AnswerPage& page);

/// The fields of a form (application/x-www-form-urlencoded); of several of one name the last.
std::map<std::string, std::string> parse_form(std::string_view body);

/// What the pages may do, for Content-Security-Policy.
std::string answer_policy();

}  // namespace nudged::web
