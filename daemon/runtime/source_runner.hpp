// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/pace.hpp"
#include "daemon/runtime/manual_sync.hpp"
#include "daemon/runtime/rereading.hpp"
#include "daemon/runtime/source_health.hpp"
#include "daemon/runtime/sync.hpp"
#include "daemon/runtime/wake.hpp"

#include <deque>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace nudged::runtime {

/// Keeps one source polled: a round pulls every stream that is due, one after the other; a stream
/// that fails backs off by itself and leaves the others running. Lives on the loop.
class SourceRunner {
public:
    struct Context {
        warehouse::Writer& writer;
        Clock clock;
        TurnSink on_turn;                // of the rounds that the runner makes by itself
        std::function<void()> on_round;  // after the first round, and each that asked for something
        std::string admin_channel{};     // where a source that needs a person is told of; or empty
        std::function<void()> on_message = [] {};  // there is one in the outbox
    };

    /// `options` outlives the runner.
    SourceRunner(const asio::any_io_executor& loop, std::unique_ptr<sources::Source> source,
                 const sources::SourceOptions& options, Context context);

    /// Polls until cancelled.
    asio::awaitable<void> run();
    /// One round of the streams that are due: what run() does again and again.
    asio::awaitable<void> sync_due();
    /// Makes all streams due now, and tells how they fare until the last of them is through; with
    /// `full` all begin anew. The rounds are run()'s: whoever asked may go, and they go on. False
    /// when run() ended first.
    asio::awaitable<bool> sync_now(bool full, const ManualSync::Report& report);

    /// Asks for records as they are now: what is new of activities and opportunities is pulled, and
    /// then these are read by their ids, where the source can do that. run() serves it, within the
    /// source's own pace.
    std::shared_ptr<Rereading> reread(checks::RecordIds records);

    const std::string& name() const { return options_.name; }
    /// At least one round has ended since the start, and no first load is under way or stalled: who
    /// judges what is there only in part has nothing to say but that.
    bool has_synced() const { return rounds_ > 0 && !is_loading(); }
    /// Why the credential is dead; empty while it is not.
    const std::string& dead_credential() const { return health_.dead(); }
    /// Why a person is needed; empty when nobody is.
    std::string needs_person() const;

private:
    struct StreamState {
        Instant due{};
        Instant planned_at{};
        int failures = 0;           // in a row
        bool was_complete = false;  // since it began, whenever that was
        bool is_refused = false;    // was, when the CRM last had a word on it
        std::string needs_person;
    };

    /// What earlier runs of the program have done.
    struct Past {
        std::map<model::Stream, Instant> completed;
        std::set<model::Stream> begun;
    };

    asio::awaitable<void> resume_plan();
    Instant due_after(const Past& past, model::Stream stream) const;
    asio::awaitable<void> round();
    bool begin_manual_syncs();
    void end_manual_syncs();
    asio::awaitable<void> serve_rereadings();
    asio::awaitable<Reread> read_again(const checks::RecordIds& records);
    asio::awaitable<StreamTurn> take_turn(model::Stream stream,
                                          const std::function<bool()>& is_time_up = {});
    bool is_worth_asking(model::Stream stream, const StreamState& state) const;
    Instant end_of_slice() const;
    asio::awaitable<void> tell_admin();
    bool is_due(const StreamState& state) const;
    bool is_loading() const;
    void plan_next(StreamState& state, const StreamTurn& turn);
    void begin_anew(model::Entity entity);
    std::chrono::milliseconds rest_of(model::Stream stream) const;
    std::chrono::milliseconds until_next_due() const;

    std::unique_ptr<sources::Source> source_;
    const sources::SourceOptions& options_;
    Context context_;
    net::Backoff backoff_;
    std::map<model::Stream, StreamState> states_;
    bool is_planned_ = false;  // what was done before the start is taken into account
    SourceHealth health_;
    std::optional<std::string> told_;  // to the admin: what needs_person() was
    Wake wake_;
    std::list<ManualSync> manual_;                       // of those who wait for the end of theirs
    std::deque<std::shared_ptr<Rereading>> rereadings_;  // that have not begun
    bool has_stopped_ = false;
    std::uint64_t rounds_ = 0;
    bool has_asked_ = false;  // in this round
};

}  // namespace nudged::runtime
