// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/manual_sync.hpp"

namespace nudged::runtime {

using namespace std::chrono_literals;

void ManualSync::begin(std::span<const model::Stream> streams) {
    has_begun_ = true;
    rest_.insert(streams.begin(), streams.end());
    if (rest_.empty()) end(false);  // a source of sheets alone
}

void ManualSync::note(const StreamTurn& turn) {
    if (!rest_.contains(turn.stream)) return;
    auto& stored = stored_[turn.stream];
    stored += turn.stored;
    untold_.push_back(turn);
    untold_.back().stored = stored;
    if (!turn.paused) rest_.erase(turn.stream);
    if (rest_.empty()) is_over_ = true;
    news_.set();
}

void ManualSync::end(bool is_cut_short) {
    is_cut_short_ = is_cut_short && !is_over_;
    is_over_ = true;
    news_.set();
}

asio::awaitable<bool> ManualSync::follow(const Report& report) {
    for (;;) {
        while (!untold_.empty()) {
            const auto turn = std::move(untold_.front());
            untold_.pop_front();
            co_await report(turn);
        }
        if (is_over_) co_return !is_cut_short_;
        co_await news_.wait(1h);
    }
}

}  // namespace nudged::runtime
