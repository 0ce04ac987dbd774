// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/recounter.hpp"

#include "connectors/base/events.hpp"
#include "connectors/base/failure.hpp"

namespace nudged::runtime {
namespace {

using namespace std::chrono_literals;

/// Of one commit: some hundredths of a second, for which an alert may wait.
constexpr std::int64_t records_a_step = 10'000;
/// Whatever wakes us not, is found then.
constexpr auto at_the_latest = 10min;

}  // namespace

asio::awaitable<warehouse::RecountState> recount_step(warehouse::Writer& writer) {
    auto step = [](warehouse::Database& database) {
        warehouse::recount_some(database, records_a_step);
        return warehouse::read_recount_state(database);
    };
    auto state = co_await writer.run(step);
    co_return state;
}

Recounter::Recounter(const asio::any_io_executor& loop, warehouse::Writer& writer,
                     std::function<void()> on_done)
    : writer_(writer), on_done_(std::move(on_done)), wake_(loop) {}

asio::awaitable<void> Recounter::run() {
    for (;;) {
        try {
            co_await recount_all();
        } catch (const Failure& failure) {
            tell(events::recount_failed,
                 {{"kind", to_string(failure.kind())}, {"why", failure.what()}});
        }
        co_await wake_.wait(at_the_latest);
    }
}

/// Looks in the same transaction whether a first load has begun meanwhile.
asio::awaitable<warehouse::RecountState> Recounter::step() {
    auto work = [](warehouse::Database& database) {
        const auto before = warehouse::read_recount_state(database);
        if (before.needs_index) return before;
        warehouse::recount_some(database, records_a_step);
        return warehouse::read_recount_state(database);
    };
    auto state = co_await writer_.run(work);
    co_return state;
}

asio::awaitable<void> Recounter::recount_all() {
    auto look = [](warehouse::Database& database) {
        return warehouse::read_recount_state(database);
    };
    auto state = co_await writer_.run(look);
    bool is_told = false;
    for (; state.is_pending() && !state.needs_index; state = co_await step()) {
        if (state.is_done() || is_told) continue;
        is_told = true;
        tell(events::recount_begun, {{"measures", state.measures.size()}, {"users", state.users}});
    }
    // Else it goes on when it is woken: whatever stores pages does so.
    if (!is_told || state.is_pending()) co_return;
    tell(events::recount_done, {});
    on_done_();
}

}  // namespace nudged::runtime
