// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/http/pull.hpp"

#include <span>
#include <string_view>

namespace nudged::sources {

/// Adds the changes that the CRM remembers of the page's opportunities.
asio::awaitable<void> add_history(const Pull& pull, const StreamPlan& stream, model::Page& page);

/// The answers to one question about the past of some opportunities.
struct PastAnswers {
    std::span<const json::Document* const> documents;
    const json::Path& records;
    const StreamPlan& stream;
    std::string_view asked_for;  // the opportunity of rows that do not name theirs
};

/// The changes that the answers tell, as opportunity_change records; gives the tables that lacked a
/// key. Of each field the oldest value is what the opportunity was created with; each later one
/// that differs is a change. Ids are "<opportunity>:<field>:<epoch ms>", so that they are the same
/// whenever they are read, and whatever else is told of a change. Any thread.
Tally decode_history(const PastAnswers& answers, const LookupTables& tables, model::Page& page);

}  // namespace nudged::sources
