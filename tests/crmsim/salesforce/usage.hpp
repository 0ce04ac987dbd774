// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/salesforce/org.hpp"

#include <cstdint>
#include <map>

namespace nudged::crmsim::salesforce {

/// Counts the org's calls over 24 hours that roll by the hour.
class Usage {
public:
    explicit Usage(Quotas quotas) : per_day_(quotas.per_day) {}

    /// Takes one call into account; throws Refusal (403) when it is one too many.
    void count(Instant now);
    /// As if other integrations had made so many calls this hour.
    void add(std::int64_t calls, Instant now);
    void add_header(loopback::Reply& reply, Instant now);
    /// GET /limits
    loopback::Reply limits(Instant now);

private:
    std::int64_t used(Instant now);
    std::int64_t most() const;

    int per_day_;  // 0: any number
    std::map<std::chrono::sys_time<std::chrono::hours>, std::int64_t> hours_;
};

}  // namespace nudged::crmsim::salesforce
