// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/common/ordered_records.hpp"
#include "tests/crmsim/pipedrive/account.hpp"

#include <set>
#include <span>
#include <string_view>

namespace nudged::crmsim::pipedrive {

/// One kind of object that v2 lists.
struct ListKind {
    std::string_view name;      // "deals", as in paths
    std::string_view singular;  // "Deal", as in messages
    std::span<const ObjectType> types;
    std::string_view filters;         // equal to a number, by commas
    std::string_view sorts;           // what sort_by takes
    std::string_view include_fields;  // what include_fields takes
    bool custom_fields;
    void (*write)(JsonWriter&, const Account&, const RecordView&, const Shown&);
};

const ListKind* find_list(std::string_view name);

/// Lists by keyset, and single records. Throws Refusal for parameters that cannot be read.
class Lists {
public:
    explicit Lists(Account& account) : account_(account), ordered_(account.dataset) {}

    /// `archive` lists the archived ones in place of the others.
    Reply list(const ListKind& kind, const Request& request, bool archive, Instant now);
    Reply single(const ListKind& kind, std::string_view id, const Request& request, Instant now);

private:
    Account& account_;
    OrderedRecords ordered_;
};

// parameters.cpp
/// Where a page ended: the sort value and id of its last record.
struct Cursor {
    std::string field;
    std::int64_t value = 0;
    bool descending = false;
    std::int64_t id = 0;

    std::string text() const;
    static std::optional<Cursor> parse(std::string_view text);
};

struct ListQuery {
    std::size_t limit = 100;
    std::string sort_by = "id";
    bool descending = false;
    std::optional<Cursor> after{};
    std::optional<Instant> since{};
    std::optional<Instant> until{};
    std::set<std::int64_t> ids{};
    std::map<std::string, std::int64_t> equal{};
    std::optional<bool> done{};
    std::set<std::string, std::less<>> statuses{};  // empty: all but deleted ones
    bool filtered_by_id = false;                    // filter_id: no other filter counts
    Shown shown{};
};

ListQuery parse_list_query(const ListKind& kind, const Request& request);
Shown parse_shown(const ListKind& kind, const Request& request);
std::int64_t parse_integer(const Request& request, const std::string& name);
/// Refuses names that are not in the list (by commas), api_token aside.
void check_names(const Request& request, std::string_view known);
bool contains(std::string_view commas, std::string_view name);

// catalogue.cpp
Reply stages_answer(const Request& request);
Reply pipelines_answer(const Request& request);
Reply fields_answer(const Request& request, bool of_deals);
Reply single_stage(std::string_view id);
Reply single_pipeline(std::string_view id);

void end_list(JsonWriter& json, const std::optional<std::string>& next_cursor);
std::string encode_cursor(std::string_view text);
std::optional<std::int64_t> to_integer(std::string_view text);
Reply ok(const JsonWriter& json);

}  // namespace nudged::crmsim::pipedrive
