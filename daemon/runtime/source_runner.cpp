// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/source_runner.hpp"

#include "daemon/warehouse/cursors.hpp"

#include "daemon/alerts/source_notice.hpp"

#include <algorithm>

namespace nudged::runtime {
namespace {

using namespace std::chrono_literals;

/// What a person has to mend is asked about rarely.
constexpr std::chrono::hours needs_person_pause{1};

/// First loads and sweeps stop when something new may be due, so that it is never late because of
/// them; yet they get so much time.
constexpr std::chrono::seconds least_slice{10};

/// Marks a round as under way, whatever ends it.
class Busy {
public:
    Busy(bool& flag, asio::steady_timer& ended) : flag_(flag), ended_(ended) { flag_ = true; }
    ~Busy() {
        flag_ = false;
        ended_.cancel();
    }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;

private:
    bool& flag_;
    asio::steady_timer& ended_;
};

}  // namespace

SourceRunner::SourceRunner(const asio::any_io_executor& loop,
                           std::unique_ptr<sources::Source> source,
                           const sources::SourceOptions& options, Context context)
    : source_(std::move(source)),
      options_(options),
      context_(std::move(context)),
      backoff_(5s, 15min, 1s),
      wake_(loop),
      round_ended_(loop, asio::steady_timer::time_point::max()) {
    for (const auto& stream : source_->streams()) states_.emplace(stream, StreamState{});
}

asio::awaitable<void> SourceRunner::run() {
    for (;;) {
        co_await sync_due();
        co_await wake_.wait(until_next_due());
    }
}

asio::awaitable<std::vector<StreamTurn>> SourceRunner::sync_due() {
    co_await until_idle();
    if (!is_planned_) co_await resume_plan();
    auto turns = co_await round(true, false, context_.on_turn);
    ++rounds_;
    co_await tell_admin();
    context_.on_round();
    co_return turns;
}

/// What is dear and rare goes by when it was last done, not by when the program was last started. A
/// first sweep has nothing to find: the first load has only just told what there is.
asio::awaitable<void> SourceRunner::resume_plan() {
    auto read = [&](warehouse::Database& database) {
        return warehouse::read_completed(database, options_.name);
    };
    const auto completed = co_await context_.writer.run(read);
    const auto now = context_.clock();
    for (auto& [stream, state] : states_) {
        if (stream.lane == model::Lane::incremental) continue;
        const auto interval = source_->interval(stream, options_.poll);
        if (const auto done = completed.find(stream); done != completed.end())
            state.due = std::min(done->second, now) + interval;
        else if (stream.lane == model::Lane::sweep)
            state.due = now + interval;
    }
    is_planned_ = true;
}

/// Once each time that it begins or ends, though rounds go on: the outbox remembers.
asio::awaitable<void> SourceRunner::tell_admin() {
    auto why = needs_person();
    if (context_.admin_channel.empty() || (told_ && told_->empty() == why.empty())) co_return;
    const alerts::SourceNotice notice{context_.admin_channel, options_.name, why};
    auto enqueue = [&](warehouse::Database& database) {
        return alerts::enqueue_notice(database, notice, context_.clock());
    };
    const bool is_new = co_await context_.writer.run(enqueue);
    told_ = std::move(why);
    if (is_new) context_.on_message();
}

asio::awaitable<void> SourceRunner::until_idle() {
    while (busy_) {
        boost::system::error_code ended;
        co_await round_ended_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
    }
}

asio::awaitable<std::vector<StreamTurn>> SourceRunner::sync_now(bool full, TurnSink sink) {
    co_await until_idle();
    health_.allow_probe();
    auto turns = co_await round(false, full, sink);
    ++rounds_;
    co_await tell_admin();
    context_.on_round();
    co_return turns;
}

asio::awaitable<std::vector<StreamTurn>> SourceRunner::round(bool only_due, bool full,
                                                             const TurnSink& sink) {
    const Busy busy(busy_, round_ended_);
    std::vector<StreamTurn> turns;
    bool is_loading = false;
    co_await declare(*source_, options_, context_.writer, full);
    for (const auto& stream : source_->streams()) {
        auto& state = states_.at(stream);
        if (only_due && state.due > context_.clock()) continue;
        if (!health_.may_ask(context_.clock())) break;
        std::optional<Instant> until;
        if (only_due && stream.lane != model::Lane::incremental) until = end_of_slice();
        turns.push_back(co_await pull_stream(*source_, options_, stream, context_.writer, full,
                                             context_.clock, sink, until));
        health_.note(turns.back(), context_.clock());
        plan_next(state, turns.back());
        is_loading |= turns.back().paused && stream.lane == model::Lane::backfill;
    }
    is_loading_ = is_loading;
    co_return turns;
}

Instant SourceRunner::end_of_slice() const {
    auto end = Instant::max();
    for (const auto& [stream, state] : states_)
        if (stream.lane == model::Lane::incremental) end = std::min(end, state.due);
    return std::max(end, context_.clock() + least_slice);
}

void SourceRunner::plan_next(StreamState& state, const StreamTurn& turn) {
    const auto now = context_.clock();
    if (!turn.failed()) {
        state.needs_person.clear();
        state.failures = 0;
        state.due = turn.paused ? now : now + source_->interval(turn.stream, options_.poll);
        return;
    }
    if (*turn.failure_kind == FailureKind::needs_person ||
        *turn.failure_kind == FailureKind::corrupt) {
        state.needs_person = turn.is_dead_credential ? "" : turn.failure;
        state.due = now + needs_person_pause;
        return;
    }
    // What may pass says nothing of what a person had to do.
    if (*turn.failure_kind == FailureKind::refused) state.needs_person.clear();
    const auto wait = std::max<std::chrono::milliseconds>(backoff_.wait(state.failures++),
                                                          turn.retry_after.value_or(0ms));
    state.due = now + wait;
}

std::chrono::milliseconds SourceRunner::until_next_due() const {
    auto next = Instant::max();
    for (const auto& [stream, state] : states_) next = std::min(next, state.due);
    next = std::max(next, health_.asks_again_at());
    // Bounded, so that a clock that is set back delays nothing for long.
    return std::clamp<std::chrono::milliseconds>(next - context_.clock(), 10ms, 10min);
}

std::string SourceRunner::needs_person() const {
    if (!health_.dead().empty()) return health_.dead();
    for (const auto& [stream, state] : states_)
        if (!state.needs_person.empty()) return state.needs_person;
    return {};
}

}  // namespace nudged::runtime
