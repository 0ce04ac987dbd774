// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/http/pull.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace nudged::sources {

/// Asks a CRM which fields it has and shows of a stream's object, so that requests ask for no
/// others: some CRMs refuse a question that names a field too many, others leave it empty and say
/// nothing. One per source, on the loop.
class FieldDiscovery {
public:
    explicit FieldDiscovery(std::string source) : source_(std::move(source)) {}

    /// Looks at a stream and at those that come with its answers, if the last look is long ago.
    /// What is missing is told once, and once more when it is there again.
    asio::awaitable<void> look(const Pull& pull, const StreamPlan& stream);

private:
    using Names = std::set<std::string, std::less<>>;
    struct Look {
        Instant at{};
        Names hidden;
        bool is_refused = false;
    };

    asio::awaitable<void> look_at(const Pull& pull, const StreamPlan& stream);
    void take(const Pull& pull, const StreamPlan& stream, const Names& shown);

    std::string source_;
    std::map<model::Entity, Look> looks_;
};

}  // namespace nudged::sources
