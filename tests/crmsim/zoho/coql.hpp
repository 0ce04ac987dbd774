// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/tables/query.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nudged::crmsim::zoho {

/// A query in Zoho's SQL, understood.
struct CoqlQuery {
    std::vector<tables::Column> columns;  // in the order asked for, `id` among them always
    tables::Query query;
    std::size_t offset = 0;
    std::size_t limit = 200;
};

inline constexpr std::size_t max_coql_rows = 2'000;
inline constexpr std::size_t max_coql_offset = 100'000;

/// Throws Refusal with the code that Zoho has for the mistake.
CoqlQuery parse_coql(std::string_view text);

/// A column by its name in a query: with dots it belongs to the record that a lookup names.
std::optional<tables::Column> coql_column(const tables::Table& module, std::string_view name);

}  // namespace nudged::crmsim::zoho
