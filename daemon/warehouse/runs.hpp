// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/failure.hpp"
#include "daemon/warehouse/store.hpp"

#include <optional>
#include <string>

namespace nudged::warehouse {

/// One turn of a stream, or one evaluation, that has ended.
struct Run {
    std::string kind;    // sync or evaluate
    std::string source;  // empty for an evaluation
    std::string stream;  // "call", "call/deletions"; empty for an evaluation
    Instant started_at{};
    Instant ended_at{};
    Stored stored;
    std::optional<FailureKind> failure_kind;  // empty: it went well
    std::string failure;
};

/// Writes it down, and forgets what is further back than the latest hundred thousand, but for the
/// first runs of each stream. Inside a write transaction.
void insert_run(Database& database, const Run& run);

}  // namespace nudged::warehouse
