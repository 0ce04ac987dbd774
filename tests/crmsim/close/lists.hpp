// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/close/organization.hpp"
#include "tests/crmsim/common/ordered_records.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::crmsim::close {

struct Page {
    std::size_t limit = 100;
    std::size_t skip = 0;
    std::vector<std::string> fields{};  // empty: all
};

/// Throws Refusal for what is no number, or too large.
Page parse_page(const Request& request, std::size_t max_skip = 250'000);
/// Refuses parameters whose names are not known.
void check_names(const Request& request, const std::vector<std::string_view>& known);
/// The asked members of one rendered record.
void write_fields(JsonWriter& json, const std::string& rendered,
                  const std::vector<std::string>& fields);
/// The asked part of a list that is whole already.
Reply page_of(const std::vector<std::string>& rendered, const Page& page);
Refusal missing(std::string_view id);

/// A condition on one field: `date_created__gte`, `user_id`, `status_type__in`.
struct Condition {
    std::string field;
    std::string operation;  // "", in, gt, gte, lt, lte
    std::string value;
};
/// A day, or a time with or without an offset; nullopt for anything else.
std::optional<Instant> parse_time(std::string_view text);
bool compares(Instant value, std::string_view operation, Instant limit);

/// One kind of object that is listed.
struct ListKind {
    std::string_view path;  // "activity/call"
    std::span<const ObjectType> types;
    std::string_view times;   // fields with gt, gte, lt and lte, by commas
    std::string_view equals;  // fields with equality and __in
    std::string_view orders;  // what _order_by takes
    std::string_view order;   // without it; a minus for descending
    bool counted;             // total_results
};
const ListKind* find_list(std::string_view path);

class Lists {
public:
    explicit Lists(Organization& organization)
        : organization_(organization), ordered_(organization.dataset) {}

    Reply list(const ListKind& kind, const Request& request, Instant now);
    Reply single(const ListKind& kind, std::string_view id, const Request& request,
                 Instant now) const;
    /// /activity/status_change/opportunity/: one for every stage after the first.
    Reply status_changes(const Request& request) const;
    /// A skip beyond this is refused.
    std::size_t max_skip = 250'000;

private:
    bool passes(const RecordView& record, const std::vector<Condition>& conditions,
                Instant now) const;

    Organization& organization_;
    OrderedRecords ordered_;
};

}  // namespace nudged::crmsim::close
