// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/soql_tokens.hpp"

#include "connectors/base/instant.hpp"
#include "tests/crmsim/salesforce/errors.hpp"

#include <fmt/format.h>

#include <cctype>

namespace nudged::crmsim::salesforce {
namespace {

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

class Lexer {
public:
    explicit Lexer(std::string_view soql) : soql_(soql) {}

    std::vector<Token> run() {
        std::vector<Token> tokens;
        for (tokens.push_back(next()); tokens.back().kind != Token::Kind::end;)
            tokens.push_back(next());
        return tokens;
    }

private:
    Token next() {
        while (at_ < soql_.size() && std::isspace(static_cast<unsigned char>(soql_[at_])) != 0)
            ++at_;
        const std::size_t begin = at_;
        if (at_ == soql_.size()) return {Token::Kind::end, "", begin};
        const char c = soql_[at_];
        if (c == '\'') return text();
        const bool sign = (c == '-' || c == '+') && at_ + 1 < soql_.size();
        if (std::isdigit(static_cast<unsigned char>(c)) != 0 || sign) return number_or_time();
        if (is_word(c)) {
            while (at_ < soql_.size() && is_word(soql_[at_])) ++at_;
            return {Token::Kind::word, std::string(soql_.substr(begin, at_ - begin)), begin};
        }
        return symbol();
    }

    Token text() {
        const std::size_t begin = at_++;
        std::string value;
        while (at_ < soql_.size() && soql_[at_] != '\'') {
            if (soql_[at_] == '\\') {
                if (++at_ == soql_.size()) break;
                value += unescaped(soql_[at_++]);
            } else {
                value += soql_[at_++];
            }
        }
        if (at_ >= soql_.size()) fail(begin, "unexpected token: '<EOF>'");
        ++at_;
        return {Token::Kind::text, value, begin};
    }

    char unescaped(char c) const {
        switch (c) {
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        case 'b': return '\b';
        case 'f': return '\f';
        case '\'':
        case '"':
        case '\\':
        case '_':
        case '%': return c;
        default: fail(at_ - 1, fmt::format("line 1:{} Illegal escape character", at_));
        }
    }

    Token number_or_time() {
        const std::size_t begin = at_;
        const auto belongs = [&](char c) { return is_word(c) || c == ':' || c == '-' || c == '+'; };
        while (at_ < soql_.size() && belongs(soql_[at_])) ++at_;
        std::string value(soql_.substr(begin, at_ - begin));
        if (value.size() > 10 && value[10] == 'T') {
            if (!parse_instant(value)) fail(begin, "unexpected token: '" + value + "'");
            return {Token::Kind::datetime, value, begin};
        }
        if (parse_date(value)) return {Token::Kind::date, value, begin};
        if (value.find_first_not_of("+-.0123456789eE") != std::string::npos)
            fail(begin, "unexpected token: '" + value + "'");
        return {Token::Kind::number, value, begin};
    }

    Token symbol() {
        const std::size_t begin = at_;
        for (const std::string_view known :
             {"!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ",", ":"}) {
            if (!soql_.substr(at_).starts_with(known)) continue;
            at_ += known.size();
            return {Token::Kind::symbol, std::string(known), begin};
        }
        fail(begin, fmt::format("unexpected token: '{}'", soql_.substr(begin, 1)));
    }

    [[noreturn]] void fail(std::size_t column, std::string_view message) const {
        throw query_refusal("MALFORMED_QUERY", soql_, column, message);
    }

    std::string_view soql_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> tokenize(std::string_view soql) {
    return Lexer(soql).run();
}

std::string describe(const Token& token) {
    return token.kind == Token::Kind::end ? "<EOF>" : token.text;
}

}  // namespace nudged::crmsim::salesforce
