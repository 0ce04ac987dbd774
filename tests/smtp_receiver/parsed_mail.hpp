// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace nudged::tests {

/// A mail as Python's email and html packages read it, which know nothing of ours.
struct ParsedMail {
    std::vector<std::pair<std::string, std::string>> headers;
    std::vector<std::string> types;  // of the whole and of each part, in their order
    std::string from_name, from, to;
    std::string date;  // ISO 8601
    std::string text;
    std::string html;  // "" when there is none
    std::vector<std::string> defects;
    std::size_t longest_line = 0;  // of the mail as it was sent, without its CRLF
    std::size_t bare_ends = 0;     // CR or LF without the other
    std::set<std::string> tags, attributes;
    std::vector<std::string> links, comments;
    std::string heading;
    std::vector<std::string> runs;  // of text that no element parts

    /// "" when absent, all of them joined by | when there are several.
    std::string header(const std::string& name) const;
};

/// All in one run of the program; throws std::runtime_error where one is no mail to it.
std::vector<ParsedMail> parse_mails(const std::vector<std::string>& mails);
ParsedMail parse_mail(const std::string& mail);

}  // namespace nudged::tests
