// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/delivery.hpp"

#include "connectors/base/events.hpp"
#include "connectors/base/failure.hpp"
#include "connectors/net/pace.hpp"
#include "daemon/runtime/given_up_notice.hpp"
#include "daemon/runtime/wake.hpp"
#include "daemon/warehouse/finding_tellings.hpp"
#include "daemon/warehouse/finding_threads.hpp"
#include "daemon/warehouse/given_up.hpp"
#include "daemon/warehouse/outbox_edits.hpp"
#include "daemon/warehouse/outbox_ends.hpp"
#include "daemon/warehouse/outbox_queue.hpp"

#include <algorithm>
#include <functional>
#include <random>

namespace nudged::runtime {
namespace {

using namespace std::chrono_literals;
using warehouse::ChannelState;
using warehouse::Database;
using warehouse::OutboxRow;
using warehouse::OutboxState;

/// Waits by the wall clock are cut into such pieces, so that a clock that is set is noticed.
constexpr std::chrono::milliseconds longest_sleep = 60s;
constexpr std::chrono::milliseconds sleep_after_failure = 10s;

void tell_given_up(const OutboxRow& row, const std::string& reason) {
    tell(events::message_edit_given_up, {{"message", static_cast<std::int64_t>(row.id)},
                                         {"channel", row.channel},
                                         {"reason", reason}});
}

void tell_dead(const OutboxRow& row) {
    if (!row.edits.empty()) return tell_given_up(row, row.last_reason);
    tell(events::message_dead, {{"message", static_cast<std::int64_t>(row.id)},
                                {"channel", row.channel},
                                {"attempts", row.attempts},
                                {"outcome", row.last_outcome}});
}

void tell_late(const OutboxRow& row) {
    tell(events::message_late,
         {{"message", static_cast<std::int64_t>(row.id)}, {"channel", row.channel}});
}

/// What they said is news again, and comes with the next message as far as it still holds. A
/// brief's key is that of its week: the next one is the brief of a later day.
std::vector<OutboxRow> supersede_late_messages(Database& database, std::string_view channel,
                                               Instant now) {
    auto late = warehouse::supersede_late(database, channel, now);
    for (const auto& row : late) {
        const auto key = original_key(row.key);
        warehouse::take_back_tellings(database, key);
        if (row.reason != "brief") continue;
        warehouse::free_key(database, row.key);
        warehouse::free_key(database, key);
    }
    return late;
}

void tell_try(const OutboxRow& row, const Verdict& verdict, Instant now) {
    const auto id = static_cast<std::int64_t>(row.id);
    const auto& result = verdict.message;
    switch (result.state) {
    case OutboxState::delivered:
    case OutboxState::accepted:
        tell(events::message_sent, {{"message", id},
                                    {"channel", row.channel},
                                    {"outcome", result.outcome},
                                    {"attempts", row.attempts}});
        break;
    case OutboxState::refused:
    case OutboxState::unknown:
        tell(result.state == OutboxState::refused ? events::message_refused
                                                  : events::message_unknown,
             {{"message", id}, {"channel", row.channel}, {"reason", result.reason}});
        break;
    case OutboxState::superseded: tell_given_up(row, result.reason); break;
    default: {
        const auto wait = verdict.channel.paused_until.value_or(now) - now;
        tell(events::message_deferred,
             {{"message", id},
              {"channel", row.channel},
              {"outcome", result.outcome},
              {"reason", result.reason},
              {"wait_s", std::chrono::duration_cast<std::chrono::seconds>(wait).count()}});
    }
    }
}

void tell_channel(const std::string& channel, const ChannelState& before,
                  const ChannelState& after) {
    if (after.broken_since && !before.broken_since)
        tell(events::channel_broken, {{"channel", channel}, {"reason", after.broken_reason}});
    if (before.broken_since && !after.broken_since)
        tell(events::channel_mended, {{"channel", channel}});
}

}  // namespace

/// One channel's queue.
class Delivery::Line {
public:
    Line(asio::any_io_executor loop, warehouse::Writer& writer, Destination destination,
         const Clock& clock, const SteadyClock& steady_clock, const DeliveryLimits& limits,
         std::function<void()> wake_all, std::function<void(const std::string&)> count_given_up)
        : writer_(writer),
          name_(std::move(destination.name)),
          rescue_(std::move(destination.rescue)),
          wake_all_(std::move(wake_all)),
          count_given_up_(std::move(count_given_up)),
          channel_(std::move(destination.channel)),
          clock_(clock),
          pause_(steady_clock),
          limits_(limits_within(limits, destination.patience)),
          pace_(loop, channel_->pace().burst, channel_->pace().per),
          wake_(loop) {
        figures_.channel = name_;
    }

    const std::string& name() const { return name_; }
    void wake() { wake_.set(); }
    bool has_admin() const { return !rescue_.admin_channel.empty(); }
    /// This one tells the admin of channels, too, that are not among `names`: nobody else would.
    void look_after_strays(std::vector<std::string> names) { known_ = std::move(names); }
    const std::string& broken_reason() const { return broken_reason_; }
    const ChannelFigures& figures() const { return figures_; }
    void count_given_up() { ++figures_.given_up; }

    asio::awaitable<void> drain() {
        for (bool is_first = true;; is_first = false) {
            auto wait = sleep_after_failure;
            std::string failed;
            try {
                if (is_first) co_await try_broken_again();
                // g++ 12 miscompiles the empty loop `while (co_await …) {}`.
                for (bool more = true; more;) more = co_await deliver_once();
                wait = co_await until_next_due();
            } catch (const Failure& failure) {
                failed = failure.what();
            }
            if (!failed.empty())
                tell(events::delivery_failed, {{"channel", name_}, {"reason", failed}});
            co_await wake_.wait(wait);
        }
    }

    asio::awaitable<bool> deliver_once() {
        if (co_await until_next_due() > 0ms) co_return false;
        co_await pace_.take();
        const auto claimed_at = clock_();
        const auto render = [&](const OutboxRow& row) {
            return render_stored(*channel_, row, claimed_at, false);
        };
        std::vector<OutboxRow> given_up;
        auto claim = [&](Database& database) {
            given_up = warehouse::drop_edits(database, name_, channel_->can_edit());
            warehouse::trim_next_end(database, name_);
            return warehouse::claim_next(database, name_, claimed_at, limits_.lease, render);
        };
        const auto row = co_await writer_.run(claim);
        for (const auto& edit : given_up) tell_given_up(edit, edit.last_reason);
        if (!row) co_return true;  // it has just expired
        // A stop may end the sending, but what has come of it is still written down.
        co_await asio::this_coro::throw_if_cancelled(false);
        const auto outcome = co_await channel_->send(*row->payload, row->key);
        const auto told = co_await record(*row, outcome);
        co_await asio::this_coro::throw_if_cancelled(true);
        tell_what_came(told);
        co_return true;
    }

private:
    struct Told {
        OutboxRow row;
        ChannelState before;
        Verdict verdict;
        channels::Outcome outcome;
        warehouse::OutboxQueue queue;
        Instant now;
        int passed_on = 0;        // messages that go by the fallback now
        bool has_notice = false;  // there is one for the admin
    };

    /// Looks after what has expired and what was lost, then says how long nothing is due.
    asio::awaitable<std::chrono::milliseconds> until_next_due() {
        const auto now = clock_();
        std::vector<OutboxRow> late;
        std::vector<OutboxRow> dead;
        std::vector<Told> lost_ones;
        bool has_notice = false;
        warehouse::OutboxQueue queue;
        auto look = [&](Database& database) {
            follow_clocks(database, now);
            late = supersede_late_messages(database, name_, now);
            dead = warehouse::expire_messages(database, now);
            for (const auto& row : dead)
                warehouse::take_back_tellings(database, original_key(row.key));
            channels::SendOutcome lost;
            lost.outcome = channels::Outcome::ambiguous;
            lost.reason = "nudged stopped before it knew what came of the last try";
            for (const auto& row : warehouse::read_lost_claims(database, name_, now))
                lost_ones.push_back(conclude(database, row, lost));
            has_notice = tell_given_up_messages(database, name_, rescue_.admin_channel, now);
            has_notice = tell_strays(database, now) || has_notice;
            queue = warehouse::read_queue(database, name_);
            return warehouse::read_next_due(database, name_);
        };
        const auto due = co_await writer_.run(look);
        figures_.queue = queue;
        std::for_each(late.begin(), late.end(), tell_late);
        for (const auto& row : dead) {
            tell_dead(row);
            if (row.edits.empty()) count_given_up_(row.channel);
        }
        for (const auto& told : lost_ones) tell_what_came(told);
        if (has_notice) wake_all_();
        if (!due) co_return longest_sleep;
        co_return std::clamp<std::chrono::milliseconds>(*due - now, 0ms, longest_sleep);
    }

    /// What was given up of channels that were removed or renamed. On the writer's thread.
    bool tell_strays(Database& database, Instant now) {
        if (known_.empty()) return false;
        bool has_notice = false;
        for (const auto& lost : warehouse::read_given_up(database, {}))
            if (std::find(known_.begin(), known_.end(), lost.channel) == known_.end() &&
                tell_given_up_messages(database, lost.channel, rescue_.admin_channel, now))
                has_notice = true;
        return has_notice;
    }

    /// No wait is longer or shorter for a wall clock that was set. On the writer's thread.
    void follow_clocks(Database& database, Instant now) {
        auto state = warehouse::read_channel_state(database, name_);
        const auto paused_until = pause_.correct(state.paused_until, now);
        if (paused_until != state.paused_until) {
            state.paused_until = paused_until;
            warehouse::save_channel_state(database, name_, state);
        }
        const auto longest_pause = limits_.longest_pause + limits_.longest_pause / 5;
        warehouse::forget_wrong_clock(database, name_, now, longest_pause, limits_.lease);
    }

    /// Again and again while the disk does not take it: what is not written down would be sent a
    /// second time. Only a stop ends it.
    asio::awaitable<Told> record(const OutboxRow& row, const channels::SendOutcome& outcome) {
        auto work = [&](Database& database) { return conclude(database, row, outcome); };
        for (bool is_first = true;; is_first = false) {
            std::string failed;
            try {
                co_return co_await writer_.run(work);
            } catch (const warehouse::FileFailure& failure) {
                failed = failure.what();
            }
            if (is_first) tell(events::delivery_failed, {{"channel", name_}, {"reason", failed}});
            co_await wake_.wait(sleep_after_failure);
        }
    }

    /// On the writer's thread, in its transaction.
    Told conclude(Database& database, const OutboxRow& row, const channels::SendOutcome& outcome) {
        const auto now = clock_();
        const auto before = warehouse::read_channel_state(database, name_);
        const double luck = std::uniform_real_distribution<>{}(random_);
        auto verdict = decide_verdict(row, outcome, before, *channel_, now, luck, limits_);
        warehouse::record_try(database, row.id, verdict.message);
        warehouse::save_channel_state(database, name_, verdict.channel);
        pause_.begin(verdict.channel.paused_until, now);
        // What was refused has told nobody anything: it is news again.
        if (verdict.message.state == OutboxState::refused) {
            warehouse::take_back_tellings(database, original_key(row.key));
            if (!row.continues.empty()) warehouse::end_thread(database, row.continues);
        }
        // It goes on as a message that stands alone: nobody can reply to the first one any more.
        if (outcome.left && !row.thread.empty()) warehouse::end_thread(database, row.continues);
        Told told{row,
                  before,
                  std::move(verdict),
                  outcome.outcome,
                  warehouse::read_queue(database, name_),
                  now};
        const auto& after = told.verdict.channel;
        told.has_notice = tell_admin(database, name_, before, after, rescue_, now);
        if (after.broken_since || after.failures >= limits_.failures_before_probing)
            told.passed_on = pass_on(database, name_, after, rescue_.fallback, now);
        return told;
    }

    /// Once it is committed.
    void tell_what_came(const Told& told) {
        ++figures_.tries.at(static_cast<std::size_t>(told.outcome));
        if (told.verdict.message.given_up_at) ++figures_.given_up;
        figures_.queue = told.queue;
        tell_try(told.row, told.verdict, told.now);
        tell_channel(name_, told.before, told.verdict.channel);
        broken_reason_ = told.verdict.channel.broken_reason;
        if (told.passed_on > 0)
            tell(
                events::messages_passed_on,
                {{"channel", name_}, {"fallback", rescue_.fallback}, {"messages", told.passed_on}});
        if (told.passed_on > 0 || told.has_notice) wake_all_();
    }

    asio::awaitable<void> try_broken_again() {
        std::string reason;
        auto unpause = [&](Database& database) {
            auto state = warehouse::read_channel_state(database, name_);
            if (!state.broken_since) return;
            reason = state.broken_reason;
            // One that does not refuse may have asked for the wait.
            if (state.failing_since) return;
            state.paused_until.reset();
            warehouse::save_channel_state(database, name_, state);
        };
        co_await writer_.run(unpause);
        broken_reason_ = std::move(reason);
    }

    warehouse::Writer& writer_;
    std::string name_;
    Rescue rescue_;
    std::vector<std::string> known_;  // names of all channels; empty: another one looks after it
    std::function<void()> wake_all_;
    std::function<void(const std::string&)> count_given_up_;  // by whichever line it expired
    ChannelFigures figures_;
    std::unique_ptr<channels::Channel> channel_;
    Clock clock_;
    SteadyPause pause_;
    DeliveryLimits limits_;
    net::Limiter pace_;
    Wake wake_;
    std::mt19937_64 random_{std::random_device{}()};
    std::string broken_reason_;  // empty: it works, as far as known
};

Delivery::Delivery(asio::any_io_executor loop, warehouse::Writer& writer,
                   std::vector<Destination> destinations, Clock clock, SteadyClock steady_clock,
                   DeliveryLimits limits) {
    // Whichever line comes first finds what has expired, of all channels.
    const auto count_given_up = [this](const std::string& channel) {
        for (const auto& line : lines_)
            if (line->name() == channel) line->count_given_up();
    };
    for (auto& destination : destinations)
        lines_.push_back(std::make_unique<Line>(
            loop, writer, std::move(destination), clock, steady_clock, limits, [this] { wake(); },
            count_given_up));
    std::vector<std::string> names;
    for (const auto& line : lines_) names.push_back(line->name());
    const auto one = std::find_if(lines_.begin(), lines_.end(),
                                  [](const auto& line) { return line->has_admin(); });
    if (one != lines_.end()) (*one)->look_after_strays(std::move(names));
}

Delivery::~Delivery() = default;

void Delivery::start(TaskGroup& tasks) {
    for (const auto& line : lines_) tasks.spawn(line->drain());
}

void Delivery::wake() {
    for (const auto& line : lines_) line->wake();
}

std::vector<std::string> Delivery::broken() const {
    std::vector<std::string> reasons;
    for (const auto& line : lines_)
        if (!line->broken_reason().empty())
            reasons.push_back(
                fmt::format("channel {} is broken: {}", line->name(), line->broken_reason()));
    return reasons;
}

std::vector<ChannelFigures> Delivery::figures() const {
    std::vector<ChannelFigures> all;
    for (const auto& line : lines_) all.push_back(line->figures());
    return all;
}

asio::awaitable<bool> Delivery::deliver_once(std::string_view channel) {
    for (const auto& line : lines_)
        if (line->name() == channel) co_return co_await line->deliver_once();
    co_return false;
}

}  // namespace nudged::runtime
