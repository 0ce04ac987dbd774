// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/sync.hpp"
#include "daemon/runtime/wake.hpp"

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <span>

namespace nudged::runtime {

/// A sync that a person asked for: every stream of one source is to come to its end once. The
/// source's runner serves it with its own rounds, so that a long load is cut into slices as ever;
/// whoever asked is told each slice. Lives on the loop.
class ManualSync {
public:
    /// Told each turn: of a stream that goes on, what has come so far; at its end, all of it.
    using Report = std::function<asio::awaitable<void>(const StreamTurn&)>;

    ManualSync(const asio::any_io_executor& loop, bool full) : full_(full), news_(loop) {}
    ManualSync(const ManualSync&) = delete;
    ManualSync& operator=(const ManualSync&) = delete;

    /// For the runner.
    bool is_full() const { return full_; }
    bool has_begun() const { return has_begun_; }
    void begin(std::span<const model::Stream> streams);
    void note(const StreamTurn& turn);
    /// No further stream will be asked.
    void end(bool is_cut_short);

    /// For whoever asked: hands all turns over until the last stream is through. False when it was
    /// cut short: what is left goes on by itself, or with the next start.
    asio::awaitable<bool> follow(const Report& report);

private:
    bool full_;
    bool has_begun_ = false;
    bool is_over_ = false;
    bool is_cut_short_ = false;
    std::set<model::Stream> rest_;  // what has not come to its end
    std::map<model::Stream, warehouse::Stored> stored_;
    std::deque<StreamTurn> untold_;
    Wake news_;
};

}  // namespace nudged::runtime
