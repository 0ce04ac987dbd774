// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/mapping/json.hpp"

#include <memory>
#include <optional>
#include <string>

namespace nudged::sources {

/// How an answer tells its rows, where they are no JSON objects, or have texts in them that are
/// JSON. After parse_answer they are, and have none: a row's cells are the members that its columns
/// name.
struct AnswerShape {
    bool csv = false;                    // RFC 4180, the first row names the columns
    bool header = false;                 // rows are arrays, the first of which names the columns
    std::optional<json::Path> columns;   // rows are arrays; the columns' names are here
    std::optional<json::Path> packed{};  // texts that are JSON are here
};

/// Parses a body in place: the document's texts point into it, so it must not move and must outlive
/// the document. nullptr: it does not have the shape. Any thread.
///
/// Cells are texts; an empty one, and one that its row lacks, is null to all that reads it. A row
/// that cannot be read (cells beyond the columns, in CSV also too few or bad quotes) becomes a
/// null, which counts as a row without an id.
std::unique_ptr<json::Document> parse_answer(std::string& body, const AnswerShape& shape,
                                             const json::Path& records);

}  // namespace nudged::sources
