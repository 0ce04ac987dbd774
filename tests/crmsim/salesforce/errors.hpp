// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/dialect.hpp"

#include <string_view>

namespace nudged::crmsim::salesforce {

/// The answer to what is refused: an array of one error.
Refusal refusal(int status, std::string_view code, std::string_view message);
/// A query's error, which shows the place: the query's text, a caret under `column` (from 0).
Refusal query_refusal(std::string_view code, std::string_view soql, std::size_t column,
                      std::string_view message);
Refusal not_there();
Refusal no_session();

}  // namespace nudged::crmsim::salesforce
