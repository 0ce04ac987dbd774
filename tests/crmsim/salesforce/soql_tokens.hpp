// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nudged::crmsim::salesforce {

struct Token {
    enum class Kind { word, text, number, date, datetime, symbol, end };
    Kind kind = Kind::end;
    std::string text{};  // of texts: without quotes, escapes resolved
    std::size_t column = 0;
};

/// The query's tokens, the end included. Throws Refusal (MALFORMED_QUERY).
std::vector<Token> tokenize(std::string_view soql);

/// What an error message shows of a token.
std::string describe(const Token& token);

}  // namespace nudged::crmsim::salesforce
