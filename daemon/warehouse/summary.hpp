// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/recount.hpp"
#include "daemon/warehouse/upkeep.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// One stream as an operator looks at it.
struct StreamSummary {
    std::string source;
    std::string stream;                  // "call", "call/deletions"
    std::optional<Instant> complete_at;  // when it last had nothing newer
    // Of its latest turn; empty when that went well.
    std::string failure_kind;
    std::string failure;
};

struct ChannelSummary {
    std::string channel;
    std::optional<Instant> paused_until;
    std::optional<Instant> broken_since;
    std::string broken_reason;
    std::optional<Instant> last_success_at;
};

/// How everything stands, in a few small reads: for `nudged status` and /metrics.
struct Summary {
    std::vector<StreamSummary> streams;
    std::vector<ChannelSummary> channels;
    std::map<std::string, std::int64_t> findings;  // by state
    std::map<std::string, std::int64_t> messages;  // of the outbox, by state
    std::vector<UpkeepState> upkeep;
    RecountState recount;  // figures that cannot be read at present
};
Summary read_summary(const Reader& reader);

}  // namespace nudged::warehouse
