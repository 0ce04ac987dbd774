// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/soql.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/salesforce/errors.hpp"
#include "tests/crmsim/salesforce/soql_tokens.hpp"

#include <cstdlib>
#include <utility>

namespace nudged::crmsim::salesforce {
namespace {

constexpr std::size_t max_length = 100'000;
constexpr std::size_t max_offset = 2'000;
constexpr int max_depth = 50;

class Parser {
public:
    explicit Parser(std::string_view soql) : query_{std::string(soql)}, tokens_(tokenize(soql)) {}

    Query run() {
        expect("select");
        select();
        expect("from");
        query_.object = word();
        if (take("where")) query_.where = condition(0);
        if (take("order")) {
            expect("by");
            do query_.order.push_back(sorting());
            while (take(","));
        }
        if (take("limit")) query_.limit = count();
        if (take("offset")) offset();
        if (token().kind != Token::Kind::end) unexpected();
        return std::move(query_);
    }

private:
    void select() {
        if (is("count") && next_is("(") && next_is(")", 2)) {
            at_ += 3;
            query_.count = true;
            return;
        }
        do {
            Word field = word();
            for (const Word& other : query_.fields)
                if (to_lower_ascii(other.text) == to_lower_ascii(field.text))
                    fail(field.column, "duplicate field selected: " + field.text);
            query_.fields.push_back(std::move(field));
        } while (take(","));
    }

    void offset() {
        query_.offset = count();
        if (query_.offset > max_offset)
            throw refusal(400, "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000");
    }

    Condition condition(int depth) {
        if (depth > max_depth) fail(token().column, "the query is too complex");
        Condition first = negatable(depth);
        const bool all = is("and");
        if (!all && !is("or")) return first;
        Condition group{.kind = all ? Condition::Kind::all : Condition::Kind::any};
        group.children.push_back(std::move(first));
        while (take(all ? "and" : "or")) group.children.push_back(negatable(depth));
        // The CRM does not guess which of the two binds closer.
        if (is("and") || is("or")) unexpected();
        return group;
    }

    Condition negatable(int depth) {
        if (take("not")) {
            Condition negation{.kind = Condition::Kind::negation};
            negation.children.push_back(negatable(depth + 1));
            return negation;
        }
        if (!take("(")) return comparison();
        Condition inner = condition(depth + 1);
        expect(")");
        return inner;
    }

    Condition comparison() {
        Condition condition;
        condition.field = word();
        condition.op = comparator();
        if (condition.op != Operator::in && condition.op != Operator::not_in) {
            condition.values.push_back(literal());
            return condition;
        }
        expect("(");
        do condition.values.push_back(literal());
        while (take(","));
        expect(")");
        return condition;
    }

    Operator comparator() {
        static constexpr std::pair<std::string_view, Operator> symbols[] = {
            {"=", Operator::equal},    {"!=", Operator::not_equal}, {"<>", Operator::not_equal},
            {"<", Operator::less},     {"<=", Operator::at_most},   {">", Operator::greater},
            {">=", Operator::at_least}};
        for (const auto& [symbol, op] : symbols)
            if (take(symbol)) return op;
        if (take("like")) return Operator::like;
        if (take("in")) return Operator::in;
        if (take("not")) {
            expect("in");
            return Operator::not_in;
        }
        unexpected();
    }

    Literal literal() {
        using enum Literal::Kind;
        const Token& value = token();
        const Word word{value.text, value.column};
        const std::string lower = to_lower_ascii(value.text);
        Literal::Kind kind = null;
        switch (value.kind) {
        case Token::Kind::text: kind = text; break;
        case Token::Kind::number: kind = number; break;
        case Token::Kind::date: kind = date; break;
        case Token::Kind::datetime: kind = datetime; break;
        case Token::Kind::word:
            if (lower == "null") break;
            if (lower != "true" && lower != "false") unexpected();
            kind = boolean;
            break;
        default: unexpected();
        }
        ++at_;
        return {kind, word};
    }

    Sorting sorting() {
        Sorting sorting{word()};
        if (take("desc"))
            sorting.descending = true;
        else
            take("asc");
        if (!take("nulls")) return sorting;
        sorting.nulls_last = take("last");
        if (!sorting.nulls_last) expect("first");
        return sorting;
    }

    std::size_t count() {
        if (token().kind != Token::Kind::number) unexpected();
        return std::strtoull(tokens_[at_++].text.c_str(), nullptr, 10);
    }

    Word word() {
        if (token().kind != Token::Kind::word) unexpected();
        const Token& taken = tokens_[at_++];
        return {taken.text, taken.column};
    }

    const Token& token() const { return tokens_[at_]; }
    bool next_is(std::string_view text, std::size_t ahead = 1) const {
        const std::size_t place = at_ + ahead;
        if (place >= tokens_.size() || tokens_[place].kind == Token::Kind::text) return false;
        return to_lower_ascii(tokens_[place].text) == text;
    }
    bool is(std::string_view text) const { return next_is(text, 0); }
    bool take(std::string_view text) {
        if (!is(text)) return false;
        ++at_;
        return true;
    }
    void expect(std::string_view text) {
        if (!take(text)) unexpected();
    }
    [[noreturn]] void unexpected() const {
        fail(token().column, "unexpected token: '" + describe(token()) + "'");
    }
    [[noreturn]] void fail(std::size_t column, std::string_view message) const {
        throw query_refusal("MALFORMED_QUERY", query_.soql, column, message);
    }

    Query query_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
};

}  // namespace

Query parse_soql(std::string_view soql) {
    if (soql.size() > max_length)
        throw refusal(400, "MALFORMED_QUERY",
                      "SOQL statements cannot be longer than 100000 characters");
    return Parser(soql).run();
}

}  // namespace nudged::crmsim::salesforce
