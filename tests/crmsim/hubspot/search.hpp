// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/dataset.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nudged::crmsim {

enum class Operator { eq, neq, lt, lte, gt, gte, between, in, has, has_not };

struct Filter {
    std::size_t property;
    PropertyKind kind;
    Operator op;
    std::vector<std::string> texts;  // operands: one, two for between, any number for in
    std::vector<double> numbers;     // the same, where the property compares as a number
    std::vector<std::int64_t> integers;
};

using FilterGroup = std::vector<Filter>;  // all of them

struct SearchRequest {
    ObjectType type = ObjectType::calls;
    std::vector<FilterGroup> groups;  // any of them; none: everything
    std::optional<std::size_t> sort;  // a property; else the id
    bool descending = false;
    std::vector<std::string> properties;
    std::size_t limit = 10;
    std::size_t after = 0;
    std::string query;  // what decides about the matches and their order, in canonical form
};

/// Throws Refusal (400) for what HubSpot refuses: more than 3,000 characters, a page beyond 10,000,
/// an unknown property in a filter, too many filters.
SearchRequest parse_search(ObjectType type, const std::string& body);

/// The search index: it is behind the store by `lag`, so that a fresh change is neither found by
/// its new values nor missed by its old ones. Not thread-safe.
class SearchIndex {
public:
    SearchIndex(const Dataset& dataset, std::chrono::milliseconds lag)
        : dataset_(dataset), lag_(lag) {}

    /// To be called before a record changes.
    void before_change(ObjectType type, std::int64_t id, Instant now);
    /// The id which the next created record will have is not known yet, so: after.
    void after_creation(ObjectType type, std::int64_t id, Instant now);

    /// Ids of what matches, in order; records that are archived by now excluded.
    const std::vector<std::int64_t>& matches(const SearchRequest& request, Instant now);

private:
    struct Behind {
        Instant until;
        std::optional<Record> old;  // nullopt: the index does not know it yet
    };
    struct Cached {
        std::string query;
        std::uint64_t version;
        std::vector<std::int64_t> ids;
    };

    void catch_up(Instant now);
    std::vector<std::int64_t> find(const SearchRequest& request) const;

    const Dataset& dataset_;
    std::chrono::milliseconds lag_;
    std::map<std::pair<ObjectType, std::int64_t>, Behind> behind_;
    std::uint64_t generation_ = 0;  // grows when the index catches up
    // Pages of one query come in a row: without this, each of them would scan the whole table.
    std::deque<Cached> cache_;
};

}  // namespace nudged::crmsim
