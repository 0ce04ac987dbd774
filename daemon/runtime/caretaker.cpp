// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/caretaker.hpp"

#include "connectors/base/events.hpp"
#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "daemon/alerts/notice.hpp"
#include "daemon/runtime/coaching_desk.hpp"
#include "daemon/warehouse/backup.hpp"
#include "daemon/warehouse/clock_leap.hpp"

#include <algorithm>
#include <numeric>

namespace nudged::runtime {
namespace {

using namespace std::chrono_literals;
using warehouse::Upkeep;

constexpr auto look_every = 1min;
constexpr auto after_failure = 1h;
constexpr auto retention_every = 24h;

/// A plan that lies further ahead than any is made was made by a clock that has been set back
/// since.
bool is_due(Instant planned, Instant now) {
    return now >= planned || planned - now > retention_every;
}

alerts::Notice notice_of(Upkeep task, const std::string& failure) {
    alerts::Notice notice;
    notice.about = fmt::format("upkeep/{}", to_string(task));
    notice.is_down = !failure.empty();
    const char* what = task == Upkeep::backup ? "backups" : "the retention";
    if (notice.is_down) {
        notice.title =
            fmt::format("nudged: {} {} a person", what, task == Upkeep::backup ? "need" : "needs");
        notice.text =
            fmt::format("{}. It is tried again every hour, and this is told once; `nudged "
                        "status` tells how it stands.",
                        failure);
    } else {
        notice.title =
            fmt::format("nudged: {} {} again", what, task == Upkeep::backup ? "work" : "works");
        notice.text = "What was missed has been made up for.";
    }
    return notice;
}

std::int64_t sum(const warehouse::RowCounts& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::int64_t{0},
                           [](std::int64_t total, const auto& one) { return total + one.second; });
}

/// What is removed is gone for good: not by a clock that may be wrong.
asio::awaitable<CareReport> retain_by_clock(const CareContext& context) {
    const auto now = context.clock();
    auto ask = [now](warehouse::Database& database) {
        return warehouse::doubt_clock(database, now);
    };
    const auto doubt = co_await context.writer.run(ask);
    if (!doubt.empty()) throw Failure(FailureKind::needs_person, doubt);
    co_return co_await apply_retention(context);
}

}  // namespace

Caretaker::Caretaker(const asio::any_io_executor& loop, const config::Config& config,
                     warehouse::Writer& writer, std::shared_ptr<warehouse::StoreRules> rules,
                     Clock clock, Hooks hooks)
    : config_(config),
      writer_(writer),
      hooks_(std::move(hooks)),
      context_{.config = config,
               .writer = writer,
               .rules = std::move(rules),
               .workers = worker_,
               .clock = std::move(clock),
               .is_stopped = [this] { return is_stopped_.load(); },
               .on_message = hooks_.on_message},
      wake_(loop) {}

Caretaker::~Caretaker() {
    is_stopped_ = true;
    worker_.join();
}

asio::awaitable<void> Caretaker::run() {
    for (;;) {
        co_await do_due();
        co_await wake_.wait(look_every);
    }
}

/// A command that is under way, or has slipped in while this looked, is nothing to wait for, and no
/// failure: the next look comes soon.
asio::awaitable<void> Caretaker::do_due() {
    if (busy_) co_return;
    if (!next_retention_) co_await plan_retention();
    const bool is_backup_due = co_await read_backup_due();
    if (busy_) co_return;
    if (is_backup_due)
        co_await back_up();
    else if (must_rotate_ && is_due(next_backup_try_, context_.clock()))
        co_await rotate();
    if (!busy_ && is_due(*next_retention_, context_.clock())) co_await retain();
}

/// What is rare goes by when it was last done, not by when the program was last started.
asio::awaitable<Instant> Caretaker::read_next_retention() {
    auto read = [](warehouse::Database& database) { return warehouse::read_upkeep(database); };
    const auto states = co_await writer_.run(read);
    for (const auto& state : states)
        if (state.task == Upkeep::retention && state.done_at)
            co_return std::min(*state.done_at, context_.clock()) + retention_every;
    co_return Instant{};
}

asio::awaitable<void> Caretaker::plan_retention() {
    try {
        next_retention_ = co_await read_next_retention();
    } catch (const Failure& failure) {
        next_retention_ = context_.clock() + after_failure;
        tell(events::retention_failed, {{"why", failure.what()}});
    }
}

asio::awaitable<bool> Caretaker::read_backup_due() {
    const auto& options = config_.backup;
    const auto now = context_.clock();
    if (options.every.count() == 0 || !is_due(next_backup_try_, now)) co_return false;
    auto list = [&] { return warehouse::list_backups(options.folder); };
    const auto made = co_await on(worker_, list);
    // One of the future, from before a clock was set right, is no reason to wait for it.
    for (const auto& backup : made)
        if (backup.taken_at <= now) co_return now >= backup.taken_at + options.every;
    co_return hooks_.all_synced();
}

asio::awaitable<void> Caretaker::back_up() {
    auto work = guarded(make_backup(context_, ""));
    const auto report = co_await alone(std::move(work));
    if (is_stopped_) co_return;
    if (report.status == 0) {
        tell(events::backup_done,
             {{"file", report.facts.at("file")}, {"bytes", report.facts.at("bytes")}});
        made_ = report.facts.at("file");
        co_await rotate();
    } else {
        next_backup_try_ = context_.clock() + after_failure;
        tell(events::backup_failed, {{"why", report.sentences.front()}});
        co_await note(Upkeep::backup, report.sentences.front());
    }
}

/// What cannot be removed now is tried again with what is due next: too many backups fill the disk.
asio::awaitable<void> Caretaker::rotate() {
    auto work = [&] {
        return warehouse::rotate_backups(config_.backup.folder, config_.backup.keep,
                                         context_.clock(), made_);
    };
    std::string failed;
    try {
        co_await on(worker_, work);
    } catch (const Failure& failure) {
        failed = fmt::format("the backup is made, but an older one stays: {}", failure.what());
        tell(events::backup_failed, {{"why", failed}});
    }
    must_rotate_ = !failed.empty();
    if (must_rotate_) next_backup_try_ = context_.clock() + after_failure;
    co_await note(Upkeep::backup, failed);
}

asio::awaitable<void> Caretaker::retain() {
    auto work = guarded(retain_by_clock(context_));
    const auto report = co_await alone(std::move(work));
    if (is_stopped_) co_return;
    const auto now = context_.clock();
    if (report.status == 0) {
        next_retention_ = now + retention_every;
        tell(events::retention_done, {{"rows", sum(report.removed)}});
        co_await note(Upkeep::retention, "");
    } else {
        next_retention_ = now + after_failure;
        tell(events::retention_failed, {{"why", report.sentences.front()}});
        co_await note(Upkeep::retention, report.sentences.front());
    }
}

/// A disk that is too full for a backup may be too full for this: then only the log tells.
asio::awaitable<void> Caretaker::note(Upkeep task, std::string failure) {
    const auto now = context_.clock();
    auto notice = notice_of(task, failure);
    notice.channel = config_.daemon.admin_channel;
    auto write = [&](warehouse::Database& database) {
        if (failure.empty())
            warehouse::note_upkeep_done(database, task, now);
        else
            warehouse::note_upkeep_failed(database, task, failure, now);
        return !notice.channel.empty() && alerts::enqueue_notice(database, notice, now);
    };
    try {
        if (co_await writer_.run(write)) hooks_.on_message();
        hooks_.on_noted();
    } catch (const Failure&) {
        co_return;
    }
}

asio::awaitable<CareReport> Caretaker::alone(asio::awaitable<CareReport> work) {
    if (busy_) {
        CareReport busy;
        busy.status = 1;
        busy.sentences.emplace_back("another backup, forgetting or retention is under way; try "
                                    "again when it is done");
        co_return busy;
    }
    struct Busy {
        bool& flag;
        explicit Busy(bool& busy) : flag(busy) { flag = true; }
        ~Busy() { flag = false; }
    };
    const Busy guard(busy_);
    co_return co_await std::move(work);
}

std::optional<asio::awaitable<CareReport>> Caretaker::find(const ControlRequest& request) {
    auto work = find_care(request, context_);
    const bool is_short = request.command == "release" || request.command == "finding" ||
                          request.command == "commit" || is_of_desk(request.command);
    if (!work || is_short) return work;
    return alone(std::move(*work));
}

}  // namespace nudged::runtime
