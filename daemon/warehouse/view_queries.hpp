// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/database.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nudged::warehouse {

/// How far a query of an admin may go.
struct QueryLimits {
    std::chrono::milliseconds time{2000};
    std::size_t rows = 1000;
    std::size_t bytes = std::size_t{4} << 20;  // of all values together
};

/// The days [from, until) that are asked about.
struct QuerySpan {
    std::chrono::local_days from{}, until{};
};
/// What a query is asked about, which decides its parameters.
enum class QueryAsks : std::uint8_t { of_today, of_a_span };

using QueryValue = std::variant<std::monostate, std::int64_t, double, std::string>;

/// What a query would give.
struct QueryShape {
    std::vector<std::string> columns;
    std::set<std::string> views;  // that it names, not those which they read
};

struct QueryResult : QueryShape {
    std::vector<std::vector<QueryValue>> rows;  // as many values each as there are columns
};

/// Runs single SELECTs that others have written, over the documented views alone, on a connection
/// of its own. SQLite's authorizer lets them read these views, what the views read, and only
/// through them; call functions of SQLite that depend on nothing but what they are given; and
/// nothing else. A snapshot of its own, taken at the first query. One thread at a time.
class ViewQueries {
public:
    /// The moment that a query calls `now` is the parameter's, too: a replay stays one.
    struct Parameters {
        Instant as_of{};
        std::chrono::local_days today{};
        std::optional<QuerySpan> span{};
    };

    explicit ViewQueries(const std::string& warehouse, QueryLimits limits = {});
    /// An empty warehouse in memory, to look at queries without one.
    static ViewQueries of_schema();
    ViewQueries(ViewQueries&&) noexcept;
    ~ViewQueries();

    /// Throws Failure(refused), which says what SQLite has against it and where in the text, or
    /// what it must not do.
    QueryShape prepare(std::string_view sql, QueryAsks asks = QueryAsks::of_today) const;
    /// The same for what it takes too much of. `:as_of` (UTC milliseconds) and `:today` (a date)
    /// are bound, and, where there is a span, its ends as `:from` and `:until`; there are no other
    /// parameters.
    QueryResult run(std::string_view sql, const Parameters& parameters) const;

private:
    class Guard;
    class Query;
    ViewQueries(std::unique_ptr<Database> database, QueryLimits limits);

    std::unique_ptr<Database> database_;
    std::unique_ptr<Transaction> snapshot_;
    std::unique_ptr<Guard> guard_;
    QueryLimits limits_;
};

/// The first of `names` that a WITH clause of the text takes for a table of its own; "" when it
/// takes none. SQLite would name it to the authorizer as it names the view.
std::string find_taken_name(std::string_view sql, const std::set<std::string>& names);

/// Those of `names` that stand anywhere in the text but in a comment.
std::set<std::string> find_named(std::string_view sql, const std::set<std::string>& names);

}  // namespace nudged::warehouse
