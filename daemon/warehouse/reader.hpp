// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"

#include <chrono>
#include <string>

namespace nudged::warehouse {

/// One snapshot of the warehouse on a read-only connection of its own: everything read through it
/// is of one instant, whatever the writer does meanwhile. Make one, use it, drop it; one thread at
/// a time. The questions it answers stand beside it, by subject: people.hpp, opportunities.hpp,
/// activities.hpp, accounts.hpp, rollups.hpp, freshness.hpp, findings.hpp, outbox.hpp.
///
/// While it lives, the write-ahead log cannot be taken up beyond its snapshot. So a statement that
/// runs when the Reader is older than its deadline is stopped: it throws Failure(transient). Print
/// what was read after it has gone: whoever looks at it may take their time.
class Reader {
public:
    static constexpr std::chrono::milliseconds longest{30'000};
    /// Throws Failure(needs_person) when there is no warehouse at `path`, or one of another schema.
    explicit Reader(const std::string& path, std::chrono::milliseconds deadline = longest);

    const Database& database() const { return database_; }
    /// Of the file.
    std::string path() const;

private:
    Database database_;
    Transaction snapshot_;
};

}  // namespace nudged::warehouse
