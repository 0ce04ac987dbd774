// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/dynamics365/odata.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/dynamics365/answers.hpp"
#include "tests/crmsim/dynamics365/entities.hpp"
#include "tests/crmsim/tables/lexer.hpp"

#include <fmt/format.h>

#include <array>

namespace nudged::crmsim::dynamics365 {

using namespace tables;

namespace {

const Column& column_of(const Table& set, std::string_view name) {
    const Column* column = set.find(name);
    if (column == nullptr)
        throw refuse(400, bad_query,
                     fmt::format("Could not find a property named '{}' on type "
                                 "'Microsoft.Dynamics.CRM.{}'.",
                                 name, set.row_name));
    return *column;
}

Refusal type_mismatch(const Column& column) {
    return refuse(400, bad_query,
                  fmt::format("A binary operator with incompatible types was detected. Found a "
                              "literal that '{}' cannot be compared with.",
                              column.name));
}

Cell to_cell(const Column& column, const Token& token) {
    const std::string& text = token.text;
    const bool quoted = token.kind == Token::Kind::quoted;
    const auto need = [&](auto&& parsed) -> Cell {
        if (quoted || !parsed) throw type_mismatch(column);
        return *parsed;
    };
    switch (column.kind) {
    case CellKind::flag:
        if (quoted || (text != "true" && text != "false")) throw type_mismatch(column);
        return text == "true";
    case CellKind::number: return need(Decimal::parse(text));
    case CellKind::date: return need(parse_date(text));
    case CellKind::time: return need(parse_instant(text));
    case CellKind::reference: return need(parse_guid(text));
    case CellKind::text: break;
    }
    if (!quoted) throw type_mismatch(column);
    return text;
}

class FilterParser {
public:
    FilterParser(const Table& set, std::string_view text)
        : set_(set), in_(tokenize(text, Escape::doubled)) {}

    Condition parse() {
        Condition all = any_of();
        if (!in_.at_end()) in_.fail();
        return all;
    }

private:
    Condition any_of() {
        Condition any{Condition::Kind::any};
        do any.parts.push_back(all_of());
        while (in_.accept("or"));
        return any;
    }

    Condition all_of() {
        Condition all{Condition::Kind::all};
        do all.parts.push_back(term());
        while (in_.accept("and"));
        return all;
    }

    Condition term() {
        if (in_.accept("not")) return {Condition::Kind::negation, {term()}};
        if (in_.accept("(")) {
            Condition inner = any_of();
            in_.expect(")");
            return inner;
        }
        if (in_.accept("microsoft.dynamics.crm.in")) return in_function();
        return comparison();
    }

    Condition comparison() {
        if (in_.peek().kind != Token::Kind::word) in_.fail();
        const Column& column = column_of(set_, in_.take().text);
        struct Operator {
            std::string_view name;
            Relation relation;
        };
        constexpr std::array operators{
            Operator{"eq", Relation::equal},   Operator{"ne", Relation::not_equal},
            Operator{"gt", Relation::greater}, Operator{"ge", Relation::at_least},
            Operator{"lt", Relation::less},    Operator{"le", Relation::at_most}};
        for (const Operator& known : operators) {
            if (!in_.accept(known.name)) continue;
            if (in_.accept("null")) return null_test(column, known.relation);
            const Token token = in_.take();
            if (token.kind != Token::Kind::word && token.kind != Token::Kind::quoted) in_.fail();
            return {Condition::Kind::test, {}, column, known.relation, {to_cell(column, token)}};
        }
        in_.fail();
    }

    static Condition null_test(const Column& column, Relation relation) {
        const bool is = relation == Relation::equal;
        return {Condition::Kind::test, {}, column, is ? Relation::null : Relation::not_null};
    }

    /// Microsoft.Dynamics.CRM.In(PropertyName='activityid',PropertyValues=['…','…'])
    Condition in_function() {
        in_.expect("(");
        in_.expect("propertyname");
        in_.expect("=");
        const Column& column = column_of(set_, in_.take().text);
        in_.expect(",");
        in_.expect("propertyvalues");
        in_.expect("=");
        in_.expect("[");
        Condition test{Condition::Kind::test, {}, column, Relation::in};
        do {
            Token token = in_.take();
            if (token.kind != Token::Kind::quoted) in_.fail();
            // Values of every type stand in quotes here.
            if (column.kind != CellKind::text) token.kind = Token::Kind::word;
            test.values.push_back(to_cell(column, token));
        } while (in_.accept(","));
        in_.expect("]");
        in_.expect(")");
        return test;
    }

    const Table& set_;
    TokenReader in_;
};

}  // namespace

Condition parse_filter(const Table& set, std::string_view text) {
    if (text.empty()) return {};
    try {
        return FilterParser(set, text).parse();
    } catch (const SyntaxError& error) {
        throw refuse(400, bad_query,
                     fmt::format("Syntax error at position {} in '{}'.", error.at, text));
    }
}

std::vector<OrderKey> parse_order(const Table& set, std::string_view text) {
    std::vector<OrderKey> order;
    if (text.empty()) return order;
    for (const std::string_view part : split(text, ',')) {
        const std::string_view trimmed = trim(part);
        const std::size_t space = trimmed.find(' ');
        const std::string_view direction =
            space == std::string_view::npos ? "asc" : trim(trimmed.substr(space));
        if (direction != "asc" && direction != "desc")
            throw refuse(400, bad_query, fmt::format("Syntax error in '{}'.", text));
        order.push_back({column_of(set, trimmed.substr(0, space)), direction == "desc"});
    }
    return order;
}

std::vector<Column> parse_select(const Table& set, std::string_view text) {
    if (text.empty()) return set.columns;
    std::vector<Column> columns;
    bool with_key = false;
    for (const std::string_view name : split(text, ',')) {
        columns.push_back(column_of(set, trim(name)));
        with_key = with_key || columns.back().name == set.key().name;
    }
    // The key comes unasked.
    if (!with_key) columns.push_back(set.key());
    return columns;
}

}  // namespace nudged::crmsim::dynamics365
