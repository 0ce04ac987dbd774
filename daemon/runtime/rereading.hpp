// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/entity.hpp"
#include "daemon/checks/absence.hpp"
#include "daemon/runtime/wake.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace nudged::runtime {

/// What came of a Rereading.
struct Reread {
    std::uint64_t changed = 0;  // records that are not what was stored
    std::string why_not;        // why it cannot be said that all is as stored; empty: it can
};

/// Records that somebody is about to speak of: their source is to read them again first. The runner
/// of the source serves it between two turns of its streams; whoever asked may go before. Lives on
/// the loop.
class Rereading {
public:
    Rereading(const asio::any_io_executor& loop, checks::RecordIds records)
        : records_(std::move(records)), done_(loop) {}
    Rereading(const Rereading&) = delete;
    Rereading& operator=(const Rereading&) = delete;

    // For the runner.

    const checks::RecordIds& records() const { return records_; }
    /// Nobody waits for it any more.
    bool is_given_up() const { return is_given_up_; }
    void end(Reread result) {
        result_ = std::move(result);
        done_.set();
    }

    /// For whoever asked; nullopt when it has not ended after so long, and need not any more.
    asio::awaitable<std::optional<Reread>> wait(std::chrono::milliseconds at_most) {
        if (!result_) co_await done_.wait(at_most);
        is_given_up_ = !result_;
        co_return result_;
    }

private:
    checks::RecordIds records_;
    std::optional<Reread> result_;
    bool is_given_up_ = false;
    Wake done_;
};

}  // namespace nudged::runtime
