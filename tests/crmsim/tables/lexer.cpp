// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/tables/lexer.hpp"

#include "connectors/base/text.hpp"

namespace nudged::crmsim::tables {
namespace {

constexpr std::string_view white = " \t\r\n";
constexpr std::string_view symbols = "()[],=!<>";

Token quoted_at(std::string_view query, std::size_t begin, std::size_t& end, Escape escape) {
    Token token{Token::Kind::quoted, {}, begin};
    for (end = begin + 1; end < query.size(); ++end) {
        const bool pair = end + 1 < query.size();
        if (escape == Escape::doubled && query[end] == '\'' && pair && query[end + 1] == '\'') {
            token.text += query[++end];
        } else if (escape == Escape::backslash && query[end] == '\\' && pair) {
            token.text += query[++end];
        } else if (query[end] == '\'') {
            ++end;
            return token;
        } else {
            token.text += query[end];
        }
    }
    throw SyntaxError{std::string(query.substr(begin)), begin};
}

}  // namespace

std::vector<Token> tokenize(std::string_view query, Escape escape) {
    std::vector<Token> tokens;
    std::size_t at = 0;
    while ((at = query.find_first_not_of(white, at)) != std::string_view::npos) {
        std::size_t end = at + 1;
        if (query[at] == '\'') {
            tokens.push_back(quoted_at(query, at, end, escape));
        } else if (symbols.find(query[at]) != std::string_view::npos) {
            const bool can_be_two = query[at] == '!' || query[at] == '<' || query[at] == '>';
            if (can_be_two && end < query.size() && query[end] == '=') ++end;
            tokens.push_back({Token::Kind::symbol, std::string(query.substr(at, end - at)), at});
        } else {
            end = query.find_first_of(" \t\r\n'()[],=!<>", at);
            if (end == std::string_view::npos) end = query.size();
            tokens.push_back({Token::Kind::word, std::string(query.substr(at, end - at)), at});
        }
        at = end;
    }
    tokens.push_back({Token::Kind::end, {}, query.size()});
    return tokens;
}

bool TokenReader::accept(std::string_view text) {
    const Token& token = peek();
    const bool fits = (token.kind == Token::Kind::word && to_lower_ascii(token.text) == text) ||
                      (token.kind == Token::Kind::symbol && token.text == text);
    if (fits) ++next_;
    return fits;
}

void TokenReader::expect(std::string_view text) {
    if (!accept(text)) fail();
}

}  // namespace nudged::crmsim::tables
