// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::crmsim::tables {

struct Token {
    enum class Kind { word, quoted, symbol, end };
    Kind kind = Kind::end;
    std::string text{};
    std::size_t at = 0;  // in the query
};

/// How a quote is written inside a quoted text.
enum class Escape { doubled, backslash };

/// A query that cannot be read; `near` is where.
struct SyntaxError {
    std::string near;
    std::size_t at;
};

/// Words are names, numbers, times and ids alike; symbols are ( ) [ ] , = != < <= > >=.
/// Throws SyntaxError for a text that does not end.
std::vector<Token> tokenize(std::string_view query, Escape escape);

/// Reads tokens one by one.
class TokenReader {
public:
    explicit TokenReader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    const Token& peek() const { return tokens_[next_]; }
    Token take() {
        return tokens_[next_].kind == Token::Kind::end ? tokens_[next_] : tokens_[next_++];
    }
    /// Takes the word (in any case) or the symbol if it is what comes next.
    bool accept(std::string_view text);
    void expect(std::string_view text);  // throws SyntaxError
    bool at_end() const { return peek().kind == Token::Kind::end; }
    [[noreturn]] void fail() const { throw SyntaxError{peek().text, peek().at}; }

private:
    std::vector<Token> tokens_;
    std::size_t next_ = 0;
};

}  // namespace nudged::crmsim::tables
