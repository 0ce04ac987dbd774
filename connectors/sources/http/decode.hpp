// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/http/manifest.hpp"

#include <string>

namespace nudged::sources {

/// What the walk wants to know of an answer.
struct Decoded {
    std::size_t rows = 0;     // as told, unusable ones included
    std::string greatest_id;  // by id_less
    std::optional<std::uint64_t> total;
    std::string next;  // the token of the next page; empty: none
};

/// Turns the rows of an answer into records of `page`, whose bodies hold the answer's texts. Values
/// that do not convert are counted, and null; a row without an id is counted, and left out. Any
/// thread.
Decoded decode(const json::Document& answer, const RequestPlan& request, const json::Path& records,
               const RecordPlan& plan, model::Page& page);

}  // namespace nudged::sources
