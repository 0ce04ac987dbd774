// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/failure.hpp"
#include "daemon/warehouse/write_ahead_log.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace nudged::warehouse {

/// How the warehouse's file fares, as its writer sees it: for /metrics, readiness and `nudged
/// status`.
struct FileHealth {
    /// Why nothing can be committed at present; what the text names is the remedy.
    struct Trouble {
        FailureKind kind;
        std::string what;
    };
    std::optional<Trouble> trouble;
    LogState log;
    /// Who holds the log, "pid 4711 (metabase)"; empty for a reader of our own, or where it cannot
    /// be known.
    std::string log_holder;
};

/// What a person has to do about it, a sentence; empty when all is well, or will be by itself.
std::string advice(const FileHealth& health, std::chrono::steady_clock::time_point now);

}  // namespace nudged::warehouse
