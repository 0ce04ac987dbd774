// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::crmsim::salesforce {

/// A word of the query and where it stands (from 0), for error messages.
struct Word {
    std::string text;
    std::size_t column = 0;
};

struct Literal {
    enum class Kind { null, boolean, number, text, date, datetime };
    Kind kind = Kind::null;
    Word word;  // without quotes, escapes resolved
};

enum class Operator { equal, not_equal, less, at_most, greater, at_least, in, not_in, like };

struct Condition {
    enum class Kind { all, any, negation, comparison };
    Kind kind = Kind::comparison;
    std::vector<Condition> children{};
    Word field{};  // "What.Type" reaches into the row that is referred to
    Operator op = Operator::equal;
    std::vector<Literal> values{};
};

struct Sorting {
    Word field;
    bool descending = false;
    bool nulls_last = false;
};

struct Query {
    std::string soql;
    bool count = false;  // SELECT COUNT()
    std::vector<Word> fields{};
    Word object{};
    std::optional<Condition> where{};
    std::vector<Sorting> order{};
    std::optional<std::size_t> limit{};
    std::size_t offset = 0;
};

/// The part of the language that connectors use. Throws Refusal (MALFORMED_QUERY) where the CRM
/// does: AND beside OR needs parentheses, for one.
Query parse_soql(std::string_view soql);

}  // namespace nudged::crmsim::salesforce
