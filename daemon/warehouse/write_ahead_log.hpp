// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

namespace nudged::warehouse {

/// How the write-ahead log stands.
struct LogState {
    std::int64_t bytes = 0;
    /// Since when a reader keeps what is in the log from being taken up into the file.
    std::optional<std::chrono::steady_clock::time_point> held_since;
};

/// The write-ahead log of the writer's connection: takes it up into the file, and mends it after a
/// flush that failed. Lives on the writer's thread.
class WriteAheadLog {
public:
    /// Takes over the connection's commit hook. A log of `large` bytes is worth taking up.
    WriteAheadLog(Database& database, std::int64_t large);
    WriteAheadLog(const WriteAheadLog&) = delete;
    WriteAheadLog& operator=(const WriteAheadLog&) = delete;

    /// At the start: who had the file before did not come to its end.
    bool was_left() const;
    bool is_large() const { return state_.bytes >= large_; }
    const LogState& state() const { return state_; }

    /// Moves what readers let go of into the file, and waits for nobody. Throws FileFailure.
    void take_up();
    /// Moves everything, and empties the log; throws FileFailure(transient) when a reader holds it.
    void empty();

    /// What a failed flush has left in memory only, a later flush that succeeds does not write: the
    /// system takes those pages for clean. This writes them again, and flushes. Before anything
    /// else is committed; calls `progress` now and then. Throws FileFailure.
    void write_again(const std::function<void()>& progress);

private:
    void note(int frames);

    Database& database_;
    std::int64_t page_size_;
    std::int64_t large_;
    LogState state_;
};

}  // namespace nudged::warehouse
