// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/dynamics365/changes.hpp"
#include "tests/crmsim/json.hpp"
#include "tests/crmsim/loopback.hpp"
#include "tests/crmsim/tables/query.hpp"

#include <string_view>

namespace nudged::crmsim::dynamics365 {

/// What requests for rows are answered from.
struct RowsContext {
    tables::Facts facts;
    tables::Finder& finder;
    const ChangeLog& log;
    Instant delta_tokens_from;  // those given out before are dead
    Instant now;
};

/// What the header Prefer asks for; it has to be sent with every page.
struct Preferences {
    std::size_t page_size = 5'000;
    bool track_changes = false;
    bool formatted_values = false;
    bool logical_names = false;
};
Preferences parse_preferences(const loopback::Request& request);

// They throw Refusal.
loopback::Reply list_rows(const tables::Table& set, const loopback::Request& request,
                          const RowsContext& context);
/// A page of what changed since the token of a delta link.
loopback::Reply list_changes(const tables::Table& set, const loopback::Request& request,
                             const RowsContext& context);
loopback::Reply get_row(const tables::Table& set, std::string_view guid,
                        const loopback::Request& request, const RowsContext& context);

// What all of them write.
void write_row(loopback::JsonWriter& json, const std::vector<tables::Column>& columns,
               const tables::Row& row, const Preferences& preferences, const RowsContext& context,
               bool with_parties);
std::string base_url(const loopback::Request& request);
/// The request's own address without its position, for links to what follows.
std::string link_of(const loopback::Request& request);

}  // namespace nudged::crmsim::dynamics365
