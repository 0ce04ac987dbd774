// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/source_runner.hpp"

#include "connectors/sources/not_by_ids.hpp"
#include "daemon/alerts/source_notice.hpp"
#include "daemon/warehouse/cursors.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nudged::runtime {
namespace {

using namespace std::chrono_literals;

/// What a person has to mend is asked about rarely.
constexpr std::chrono::hours needs_person_pause{1};

/// First loads and sweeps stop when something new may be due, so that it is never late because of
/// them; yet they get so much time.
constexpr std::chrono::seconds least_slice{10};

/// A first load that the CRM refuses begins anew so often; what it lacks is waited for.
constexpr std::chrono::hours refused_load_pause{6};

/// A warehouse that cannot be written, which it tells of itself, is tried again so often.
constexpr std::chrono::seconds file_failure_pause{10};

/// What was complete so lately is not pulled again for those who ask for records as they are now.
constexpr std::chrono::seconds fresh_enough{60};

/// Whoever asked for a sync may go before its end.
struct Membership {
    std::list<ManualSync>& all;
    std::list<ManualSync>::iterator one;
    Membership(std::list<ManualSync>& all, std::list<ManualSync>::iterator one)
        : all(all), one(one) {}
    Membership(const Membership&) = delete;
    Membership& operator=(const Membership&) = delete;
    ~Membership() { all.erase(one); }
};

}  // namespace

SourceRunner::SourceRunner(const asio::any_io_executor& loop,
                           std::unique_ptr<sources::Source> source,
                           const sources::SourceOptions& options, Context context)
    : source_(std::move(source)),
      options_(options),
      context_(std::move(context)),
      backoff_(5s, 15min, 1s),
      wake_(loop) {
    for (const auto& stream : source_->streams()) states_.emplace(stream, StreamState{});
}

asio::awaitable<void> SourceRunner::run() {
    try {
        for (;;) {
            std::chrono::milliseconds wait = file_failure_pause;
            try {
                co_await sync_due();
                wait = until_next_due();
            } catch (const warehouse::FileFailure&) {
                end_manual_syncs();
            }
            co_await wake_.wait(wait);
        }
    } catch (...) {
        has_stopped_ = true;
        end_manual_syncs();
        throw;
    }
}

asio::awaitable<void> SourceRunner::sync_due() {
    if (!is_planned_) co_await resume_plan();
    co_await round();
    const bool has_asked = std::exchange(has_asked_, false);
    const bool is_first = rounds_++ == 0;
    co_await tell_admin();
    // Where nothing was due, there is nothing new to judge.
    if (has_asked || is_first) context_.on_round();
}

asio::awaitable<bool> SourceRunner::sync_now(bool full, const ManualSync::Report& report) {
    const auto manual = manual_.emplace(manual_.end(), co_await asio::this_coro::executor, full);
    const Membership membership(manual_, manual);
    if (has_stopped_) manual->end(true);
    wake_.set();
    co_return co_await manual->follow(report);
}

/// Before their time.
void SourceRunner::end_manual_syncs() {
    for (auto& manual : manual_) manual.end(true);
}

/// True when one of them wants everything anew. Links are read again in their own time.
bool SourceRunner::begin_manual_syncs() {
    bool full = false;
    std::vector<model::Stream> wanted;
    for (const auto& stream : source_->streams())
        if (stream.lane != model::Lane::relink) wanted.push_back(stream);
    for (auto& manual : manual_) {
        if (manual.has_begun()) continue;
        manual.begin(wanted);
        full |= manual.is_full();
        health_.allow_probe();
        for (const auto& stream : wanted) {
            states_.at(stream).due = context_.clock();
            if (manual.is_full()) states_.at(stream).was_complete = false;
        }
    }
    return full;
}

/// What is dear and rare goes by when it was last done, not by when the program was last started. A
/// source that joins others may make what was done undone, so that it is declared first.
asio::awaitable<void> SourceRunner::resume_plan() {
    co_await declare(*source_, options_, context_.writer, false);
    auto read = [&](warehouse::Database& database) {
        Past past{.completed = warehouse::read_completed(database, options_.name), .begun = {}};
        for (const auto& stream : source_->streams()) {
            const auto cursor = warehouse::read_cursor(database, options_.name, stream);
            if (!cursor.floor.empty() || !cursor.position.empty()) past.begun.insert(stream);
        }
        return past;
    };
    const auto past = co_await context_.writer.run(read);
    for (auto& [stream, state] : states_) {
        if (stream.lane == model::Lane::incremental) continue;
        state.due = due_after(past, stream);
        state.was_complete = past.completed.contains(stream);
    }
    is_planned_ = true;
}

/// A first sweep has nothing to find before its time: the first load has told what there is, with
/// its links. One that was broken off goes on.
Instant SourceRunner::due_after(const Past& past, model::Stream stream) const {
    const auto now = context_.clock();
    const auto interval = source_->interval(stream, options_.poll);
    if (const auto done = past.completed.find(stream); done != past.completed.end())
        return std::min(done->second, now) + interval;
    const bool is_second_look =
        stream.lane == model::Lane::sweep || stream.lane == model::Lane::relink;
    if (!is_second_look || past.begun.contains(stream)) return now;
    const model::Stream load{stream.entity, model::Lane::backfill};
    const auto told = source_->told();
    const bool has_load = std::ranges::any_of(told, [&](auto& one) { return one.stream == load; });
    // What a first load has read counts as read for links once it is done; one that was done before
    // anybody asked for that does not.
    if (stream.lane == model::Lane::relink)
        return has_load && !past.completed.contains(load) ? now + interval : now;
    if (const auto done = past.completed.find(load); done != past.completed.end())
        return std::min(done->second, now) + interval;
    // Increments that are a first load as well do not say when they were complete at first.
    if (!has_load && past.completed.contains({stream.entity, model::Lane::incremental})) return now;
    return now + interval;
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

asio::awaitable<void> SourceRunner::round() {
    const bool full = begin_manual_syncs();
    co_await declare(*source_, options_, context_.writer, full);
    co_await serve_rereadings();
    for (const auto& stream : source_->streams()) {
        if (!is_due(states_.at(stream))) continue;
        if (!health_.may_ask(context_.clock())) break;
        std::function<bool()> is_time_up;
        if (stream.lane != model::Lane::incremental)
            is_time_up = [this, end = end_of_slice()] {
                return context_.clock() >= end || !rereadings_.empty();
            };
        co_await take_turn(stream, is_time_up);
        co_await serve_rereadings();
    }
    if (health_.may_ask(context_.clock())) co_return;
    for (auto& manual : manual_)
        if (manual.has_begun()) manual.end(false);
}

asio::awaitable<StreamTurn> SourceRunner::take_turn(model::Stream stream,
                                                    const std::function<bool()>& is_time_up) {
    has_asked_ = true;
    auto turn = co_await pull_stream(*source_, options_, stream, context_.writer, context_.clock,
                                     context_.on_turn, is_time_up);
    health_.note(turn, context_.clock());
    plan_next(states_.at(stream), turn);
    if (turn.begins_anew) begin_anew(stream.entity);
    for (auto& manual : manual_) manual.note(turn);
    co_return turn;
}

std::shared_ptr<Rereading> SourceRunner::reread(checks::RecordIds records) {
    auto asked = std::make_shared<Rereading>(wake_.executor(), std::move(records));
    rereadings_.push_back(asked);
    wake_.set();
    return asked;
}

/// Of those that wait, in order; new ones may come meanwhile.
asio::awaitable<void> SourceRunner::serve_rereadings() {
    while (!rereadings_.empty()) {
        const auto asked = rereadings_.front();
        rereadings_.pop_front();
        if (asked->is_given_up()) continue;
        auto result = co_await read_again(asked->records());
        asked->end(std::move(result));
    }
}

/// What is absent may have come since the last round, and only the increments tell of that; what is
/// there may have changed without their telling it yet.
asio::awaitable<Reread> SourceRunner::read_again(const checks::RecordIds& records) {
    Reread result;
    for (const auto& stream : source_->streams()) {
        if (!is_worth_asking(stream, states_.at(stream))) continue;
        if (!health_.may_ask(context_.clock())) break;
        const auto turn = co_await take_turn(stream);
        result.changed += turn.stored.changed;
        if (turn.failed()) result.why_not = turn.failure;
    }
    std::set<model::Entity> told;
    for (const auto& one : source_->told()) told.insert(one.stream.entity);
    for (const auto& [entity, ids] : records) {
        if (!health_.may_ask(context_.clock())) result.why_not = health_.dead();
        if (!result.why_not.empty()) break;
        if (!told.contains(entity)) continue;
        try {
            auto wanted = ids;
            const auto stored = co_await reread_records(*source_, options_.name, entity,
                                                        std::move(wanted), context_.writer);
            result.changed += stored.changed;
        } catch (const sources::NotByIds&) {
            // The increments are all that tells of it.
        } catch (const warehouse::FileFailure&) {
            throw;
        } catch (const Failure& failure) {
            result.why_not = failure.what();
        }
    }
    co_return result;
}

/// Increments that tell what rules about absence rest on, and are not in a back-off.
bool SourceRunner::is_worth_asking(model::Stream stream, const StreamState& state) const {
    using model::Entity;
    constexpr std::array entities{Entity::opportunity, Entity::call, Entity::task, Entity::meeting,
                                  Entity::email};
    const bool tells_any = std::ranges::any_of(source_->told(), [&](const auto& one) {
        return one.by == stream.entity && std::ranges::count(entities, one.stream.entity) > 0;
    });
    return stream.lane == model::Lane::incremental && tells_any && state.failures == 0 &&
           state.needs_person.empty() && context_.clock() - state.planned_at > fresh_enough;
}

Instant SourceRunner::end_of_slice() const {
    auto end = Instant::max();
    for (const auto& [stream, state] : states_)
        if (stream.lane == model::Lane::incremental) end = std::min(end, state.due);
    return std::max(end, context_.clock() + least_slice);
}

/// Also once the clock stands before the moment of the plan: it was ahead, and has been set back.
bool SourceRunner::is_due(const StreamState& state) const {
    const auto now = context_.clock();
    return state.due <= now || now < state.planned_at;
}

void SourceRunner::plan_next(StreamState& state, const StreamTurn& turn) {
    const auto now = context_.clock();
    state.planned_at = now;
    if (!turn.failed()) {
        state.needs_person.clear();
        state.failures = 0;
        state.is_refused = false;
        state.was_complete |= !turn.paused;
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
    const bool is_refused = *turn.failure_kind == FailureKind::refused;
    if (is_refused) state.needs_person.clear();
    state.is_refused |= is_refused;
    const auto wait = std::max<std::chrono::milliseconds>(backoff_.wait(state.failures++),
                                                          turn.retry_after.value_or(0ms));
    state.due = now + (is_refused ? std::max(wait, rest_of(turn.stream)) : wait);
}

/// What has been missed is loaded as on the first day.
void SourceRunner::begin_anew(model::Entity entity) {
    for (const auto lane : {model::Lane::incremental, model::Lane::backfill})
        if (const auto found = states_.find({entity, lane}); found != states_.end())
            found->second.due = context_.clock(), found->second.was_complete = false;
}

/// A load that waits for a person, or for increments that the CRM does not give, may never end:
/// what else there is has to be judged meanwhile.
bool SourceRunner::is_loading() const {
    if (!health_.dead().empty()) return false;
    return std::ranges::any_of(states_, [&](const auto& one) {
        const auto& [stream, state] = one;
        if (stream.lane != model::Lane::backfill || state.was_complete) return false;
        const auto increments = states_.find({stream.entity, model::Lane::incremental});
        const bool has_increments =
            increments == states_.end() ||
            (increments->second.needs_person.empty() && !increments->second.is_refused);
        return has_increments && state.needs_person.empty();
    });
}

/// A long walk that is refused begins at its first page again, and is most often refused once more.
std::chrono::milliseconds SourceRunner::rest_of(model::Stream stream) const {
    switch (stream.lane) {
    case model::Lane::incremental: return 0ms;
    case model::Lane::backfill: return refused_load_pause;
    case model::Lane::deletions:
    case model::Lane::sweep:
    case model::Lane::relink: return source_->interval(stream, options_.poll);
    }
    return 0ms;
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
