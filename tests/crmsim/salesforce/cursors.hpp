// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/salesforce/plan.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::crmsim::salesforce {

/// Answers queries page by page. What is kept between pages is the list of rows; their cells are
/// read when their page is asked for.
class Cursors {
public:
    /// GET /query?q= and /queryAll?q=; `version` is "v66.0".
    loopback::Reply begin(const Org& org, const loopback::Request& request,
                          std::string_view version, bool all);
    /// GET /query/0r8…-2000. Throws Refusal (INVALID_QUERY_LOCATOR) when the cursor is gone.
    loopback::Reply resume(const Org& org, const loopback::Request& request,
                           std::string_view version, std::string_view locator);
    void expire() { cursors_.clear(); }

private:
    struct Cursor {
        std::string id;
        Instant begun;
        Plan plan;
        std::vector<std::uint64_t> rows;
    };
    std::deque<Cursor> cursors_;  // the oldest first
    std::uint64_t last_ = 0;
};

}  // namespace nudged::crmsim::salesforce
