// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"

namespace nudged::warehouse {

/// The name of a way to files that is SQLite's usual one, but for its clock: 'now' in a query is
/// what a QueryClock of this thread says. Registered at the first call.
const char* query_clock();

/// While it lives, connections of query_clock() on this thread take `now` for the present moment.
class QueryClock {
public:
    explicit QueryClock(Instant now);
    ~QueryClock();
    QueryClock(const QueryClock&) = delete;
    QueryClock& operator=(const QueryClock&) = delete;
};

}  // namespace nudged::warehouse
