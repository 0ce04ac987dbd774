// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"

#include <string>
#include <vector>

namespace nudged::warehouse {

/// The names of a statement's columns from `first` on; those of its rows stay valid while it does
/// not.
std::vector<std::string> column_names(const Statement& statement, int first = 0);

/// The columns of a row from `first` on as a JSON object on one line, without a line feed. Whole
/// numbers stay whole; what is no UTF-8 becomes U+FFFD.
void append_json(std::string& out, const Statement& row, const std::vector<std::string>& names,
                 int first = 0);

/// The same as a line of CSV (RFC 4180), its CRLF included: null is nothing, the empty text "". A
/// text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV
/// injection"); one that is a plain number stays as it is.
void append_csv(std::string& out, const Statement& row, int first = 0);
void append_csv_names(std::string& out, const std::vector<std::string>& names);

/// Texts as a JSON array on one line, for json_each().
std::string json_array(const std::vector<std::string>& texts);

}  // namespace nudged::warehouse
