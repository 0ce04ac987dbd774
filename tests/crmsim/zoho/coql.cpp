// SPDX-License-Identifier: Apache-2.0
// select COLUMNS from MODULE where CRITERIA [order by COLUMNS] [limit [OFFSET,] ROWS]
#include "tests/crmsim/zoho/coql.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/tables/lexer.hpp"
#include "tests/crmsim/zoho/answers.hpp"
#include "tests/crmsim/zoho/modules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nudged::crmsim::zoho {

using namespace tables;

namespace {

constexpr std::size_t max_columns = 50;
constexpr std::size_t max_criteria = 25;

Refusal invalid_column(std::string_view name, std::string_view clause) {
    JsonWriter json;
    json.StartObject();
    json.member("column_name", name);
    json.member("clause", clause);
    json.EndObject();
    return refuse(400, "INVALID_QUERY", "invalid query formed", json.str());
}

Refusal limit_exceeded(std::string_view what, std::size_t most) {
    return refuse(400, "LIMIT_EXCEEDED", fmt::format("{} limit exceeded", what),
                  fmt::format(R"({{"limit":{}}})", most));
}

class Parser {
public:
    explicit Parser(std::string_view text) : in_(tokenize(text, Escape::backslash)), text_(text) {}

    CoqlQuery parse() {
        in_.expect("select");
        const std::vector<std::string> names = column_names();
        in_.expect("from");
        const Token module = in_.take();
        module_ = find_module(module.text);
        if (module_ == nullptr)
            throw refuse_about(400, "INVALID_QUERY", "invalid query formed", "module", module.text);
        CoqlQuery result;
        result.query.table = module_;
        for (const std::string& name : names) result.columns.push_back(column(name, "select"));
        if (std::ranges::find(names, "id") == names.end()) result.columns.push_back(module_->key());
        if (!in_.accept("where"))
            throw refuse_about(400, "SYNTAX_ERROR", "missing clause", "clause", "where");
        result.query.condition = criteria();
        if (in_.accept("order")) {
            in_.expect("by");
            do result.query.order.push_back(order_key());
            while (in_.accept(","));
        }
        // What it finds does not depend on the part of it that is asked for.
        result.query.text = text_.substr(0, in_.peek().at);
        if (in_.accept("limit")) parse_limit(result);
        if (!in_.at_end()) in_.fail();
        return result;
    }

private:
    std::vector<std::string> column_names() {
        std::vector<std::string> names;
        do {
            if (in_.peek().kind != Token::Kind::word) in_.fail();
            names.push_back(in_.take().text);
        } while (in_.accept(","));
        if (names.size() > max_columns) throw limit_exceeded("select columns", max_columns);
        return names;
    }

    Column column(const std::string& name, std::string_view clause) const {
        auto found = coql_column(*module_, name);
        if (!found) throw invalid_column(name, clause);
        return *found;
    }

    /// One criterion, or two joined; more of them need a pair of brackets for each connective.
    Condition criteria() {
        Condition left = operand();
        const bool both = in_.accept("and");
        if (!both && !in_.accept("or")) return left;
        Condition joined{both ? Condition::Kind::all : Condition::Kind::any};
        joined.parts.push_back(std::move(left));
        joined.parts.push_back(operand());
        return joined;
    }

    Condition operand() {
        if (!in_.accept("(")) return criterion();
        Condition inner = criteria();
        in_.expect(")");
        return inner;
    }

    Condition criterion() {
        if (++criteria_ > max_criteria) throw limit_exceeded("criteria", max_criteria);
        if (in_.peek().kind != Token::Kind::word) in_.fail();
        const std::string name = in_.take().text;
        Condition test{Condition::Kind::test, {}, column(name, "where")};
        if (in_.accept("is")) {
            test.relation = in_.accept("not") ? Relation::not_null : Relation::null;
            in_.expect("null");
        } else if (in_.accept("between")) {
            return between(std::move(test));
        } else if (const bool negated = in_.accept("not"); in_.accept("in")) {
            test.relation = Relation::in;
            test.values = list(test.column);
            if (!negated) return test;
            return {Condition::Kind::negation, {std::move(test)}};
        } else {
            test.relation = relation();
            test.values.push_back(value(test.column));
        }
        return test;
    }

    Condition between(Condition test) {
        Condition both{Condition::Kind::all};
        test.relation = Relation::at_least;
        test.values = {value(test.column)};
        both.parts.push_back(test);
        in_.expect("and");
        test.relation = Relation::at_most;
        test.values = {value(test.column)};
        both.parts.push_back(std::move(test));
        return both;
    }

    Relation relation() {
        const std::string symbol = in_.take().text;
        if (symbol == "=") return Relation::equal;
        if (symbol == "!=") return Relation::not_equal;
        if (symbol == "<") return Relation::less;
        if (symbol == "<=") return Relation::at_most;
        if (symbol == ">") return Relation::greater;
        if (symbol == ">=") return Relation::at_least;
        throw refuse_about(400, "SYNTAX_ERROR", "unsupported operator", "operator", symbol);
    }

    std::vector<Cell> list(const Column& column) {
        std::vector<Cell> values;
        in_.expect("(");
        do values.push_back(value(column));
        while (in_.accept(","));
        in_.expect(")");
        return values;
    }

    Cell value(const Column& column) {
        const Token token = in_.take();
        if (token.kind != Token::Kind::word && token.kind != Token::Kind::quoted) in_.fail();
        const auto cell = to_cell(column.kind, token);
        if (!cell) throw invalid_column(column.name, "where");
        return *cell;
    }

    static std::optional<Cell> to_cell(CellKind kind, const Token& token) {
        const std::string& text = token.text;
        const auto wrap = [](auto&& parsed) {
            return parsed ? std::optional<Cell>{*parsed} : std::nullopt;
        };
        switch (kind) {
        case CellKind::flag:
            if (text != "true" && text != "false") return std::nullopt;
            return Cell{text == "true"};
        case CellKind::number: return wrap(Decimal::parse(text));
        case CellKind::date: return wrap(parse_date(text));
        case CellKind::reference: return wrap(parse_reference(text));
        case CellKind::time:
            // Unquoted, the plus sign and the colons are no part of a literal.
            return token.kind == Token::Kind::quoted ? wrap(parse_instant(text)) : std::nullopt;
        case CellKind::text: break;
        }
        return token.kind == Token::Kind::quoted ? std::optional<Cell>{text} : std::nullopt;
    }

    OrderKey order_key() {
        if (in_.peek().kind != Token::Kind::word) in_.fail();
        const std::string name = in_.take().text;
        OrderKey key{column(name, "order by")};
        key.descending = in_.accept("desc");
        if (!key.descending) in_.accept("asc");
        return key;
    }

    std::size_t number() {
        const Token token = in_.take();
        std::size_t value = 0;
        const char* end = token.text.data() + token.text.size();
        if (token.text.empty() || std::from_chars(token.text.data(), end, value).ptr != end)
            throw SyntaxError{token.text, token.at};
        return value;
    }

    void parse_limit(CoqlQuery& result) {
        result.limit = number();
        if (in_.accept(",")) {
            result.offset = result.limit;
            result.limit = number();
        } else if (in_.accept("offset")) {
            result.offset = number();
        }
        if (result.limit > max_coql_rows) throw limit_exceeded("limit", max_coql_rows);
        if (result.offset + result.limit > max_coql_offset)
            throw limit_exceeded("offset", max_coql_offset);
    }

    TokenReader in_;
    std::string text_;
    const Table* module_ = nullptr;
    std::size_t criteria_ = 0;
};

/// The row that a lookup names.
std::optional<Row> row_of(const Facts& facts, const Reference& reference) {
    const Table* module = find_module(reference.target);
    const auto type = module != nullptr ? type_of(*module) : std::nullopt;
    if (!type) return std::nullopt;
    const Record* record =
        facts.data.find(*type, static_cast<std::int64_t>(reference.rank) % 1'000'000'000);
    return record != nullptr ? std::optional{Row{*type, record}} : std::nullopt;
}

}  // namespace

std::optional<Column> coql_column(const Table& module, std::string_view name) {
    const std::size_t dot = name.find('.');
    const Column* first = module.find(name.substr(0, dot));
    // What begins with $ is made for lists, and is no column.
    if (first == nullptr || name.starts_with('$')) return std::nullopt;
    if (dot == std::string_view::npos) return *first;
    const std::string member(name.substr(dot + 1));
    if (first->kind != CellKind::reference) return std::nullopt;
    const auto lookup = first->read;
    if (member == "id")
        return Column{first->name, CellKind::reference,
                      [lookup](const Facts& facts, const Row& row) -> Cell {
                          const Cell cell = lookup(facts, row);
                          if (is_null(cell)) return {};
                          return *parse_reference(std::get<Reference>(cell).id);
                      }};
    // Its kind is that of any module that has such a field: lookups of several modules share them.
    for (const Table& other : modules())
        if (const Column* found = other.find(member))
            return Column{first->name, found->kind,
                          [lookup, member](const Facts& facts, const Row& row) -> Cell {
                              const Cell cell = lookup(facts, row);
                              if (is_null(cell)) return {};
                              const auto& reference = std::get<Reference>(cell);
                              const auto target = row_of(facts, reference);
                              const Table* table = find_module(reference.target);
                              const Column* column = table ? table->find(member) : nullptr;
                              return target && column ? column->read(facts, *target) : Cell{};
                          }};
    return std::nullopt;
}

CoqlQuery parse_coql(std::string_view text) {
    try {
        return Parser(text).parse();
    } catch (const SyntaxError& error) {
        throw refuse(400, "SYNTAX_ERROR", "error occured while parsing the query",
                     fmt::format(R"({{"line":1,"column":{},"near":""}})", error.at + 1));
    }
}

}  // namespace nudged::crmsim::zoho
