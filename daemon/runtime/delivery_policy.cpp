// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/delivery_policy.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/model/message.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::runtime {
namespace {

using channels::Outcome;
using warehouse::OutboxState;
using Wait = std::chrono::milliseconds;

Wait scaled(Wait wait, double factor) {
    return Wait{static_cast<std::int64_t>(static_cast<double>(wait.count()) * factor)};
}

/// Full jitter in [shortest, min(cap, base · 2^(failures - 1))]; once failures go on and on, one
/// probe each `probe_every`.
Wait backoff(int failures, double luck, const DeliveryLimits& limits) {
    if (failures >= limits.failures_before_probing) return limits.probe_every;
    const auto highest = std::min(limits.backoff_cap, limits.backoff_base * (1 << (failures - 1)));
    return std::max(limits.shortest_pause, scaled(highest, luck));
}

class Decision {
public:
    Decision(const warehouse::ChannelState& before, Instant now) : now_(now) {
        verdict.channel = before;
        verdict.channel.paused_until.reset();
    }

    /// The message stays, and its channel rests: the oldest message is then the first to go again,
    /// so the order is kept.
    void pause(Wait wait) {
        verdict.message.state = OutboxState::pending;
        verdict.channel.paused_until = now_ + wait;
    }
    void end(OutboxState state) {
        verdict.message.state = state;
        if (state == OutboxState::refused || state == OutboxState::unknown)
            verdict.message.given_up_at = now_;
    }
    void far_end_answers() {
        verdict.channel.failures = 0;
        verdict.channel.failing_since.reset();
        verdict.channel.broken_since.reset();
        verdict.channel.broken_reason.clear();
    }

    void far_end_refuses(const std::string& reason) {
        auto& channel = verdict.channel;
        channel.broken_since = channel.broken_since.value_or(now_);
        channel.broken_reason = reason;
        channel.failing_since.reset();
    }
    /// A failure that may pass. One that follows so long after the pause of the one before that
    /// nothing was tried in between begins a new row of them.
    void far_end_fails(const std::optional<Instant>& paused_until, const std::string& reason,
                       bool is_enough, const DeliveryLimits& limits) {
        auto& channel = verdict.channel;
        const bool goes_on = channel.failing_since && *channel.failing_since <= now_ &&
                             now_ - paused_until.value_or(now_) < limits.failing_after;
        if (!goes_on) channel.failing_since = now_;
        if (!is_enough || now_ - *channel.failing_since < limits.failing_after) return;
        channel.broken_since = channel.broken_since.value_or(now_);
        channel.broken_reason = fmt::format(
            "nothing but failure since {}: {}",
            format_instant(std::chrono::floor<std::chrono::seconds>(*channel.failing_since)),
            reason);
    }

    Verdict verdict;

private:
    Instant now_;
};

/// What is sent after a try that ended without a verdict.
std::string payload_again(const channels::Channel& channel, const warehouse::OutboxRow& row) {
    if (row.payload)
        if (auto again = channel.repeat(*row.payload)) return *again;
    return render_stored(channel, row, row.created_at, true);
}

/// Whether a second copy cannot come of it: what is put in a message's place once more is still
/// one.
bool can_be_repeated(const channels::Channel& channel, const warehouse::OutboxRow& row) {
    return channel.knows_repeats() || !row.edits.empty();
}

}  // namespace

DeliveryLimits limits_within(DeliveryLimits limits,
                             const std::optional<channels::Patience>& patience) {
    if (!patience) return limits;
    limits.backoff_base = patience->first;
    limits.backoff_cap = patience->longest;
    limits.longest_pause = patience->longest_asked;
    return limits;
}

Verdict decide_verdict(const warehouse::OutboxRow& row, const channels::SendOutcome& outcome,
                       const warehouse::ChannelState& before, const channels::Channel& channel,
                       Instant now, double luck, const DeliveryLimits& limits) {
    Decision decision(before, now);
    auto& message = decision.verdict.message;
    auto& state = decision.verdict.channel;
    message.outcome = to_string(outcome.outcome);
    message.status = outcome.status;
    message.reason = outcome.reason;
    message.payload = outcome.left;
    message.receipt = outcome.receipt;
    auto came_of_it = outcome.outcome;
    const auto fail = [&](bool is_enough) {
        decision.far_end_fails(before.paused_until, outcome.reason, is_enough, limits);
    };
    const auto count_failure = [&] { fail(++state.failures >= limits.failures_before_probing); };
    // There is no reason to stop at the second try.
    if (came_of_it == Outcome::ambiguous && can_be_repeated(channel, row))
        came_of_it = Outcome::transient;
    switch (came_of_it) {
    case Outcome::delivered:
    case Outcome::accepted:
        decision.end(outcome.outcome == Outcome::delivered ? OutboxState::delivered
                                                           : OutboxState::accepted);
        decision.far_end_answers();
        state.last_success_at = now;
        break;
    case Outcome::throttled: {
        const auto asked =
            outcome.retry_after.value_or(backoff(std::max(1, state.failures), luck, limits));
        decision.pause(
            scaled(std::clamp(asked, limits.shortest_pause, limits.longest_pause), 1 + luck / 5));
        fail(true);
        break;
    }
    case Outcome::transient:
        count_failure();
        decision.pause(
            std::max(backoff(state.failures, luck, limits),
                     std::min(outcome.retry_after.value_or(Wait{0}), limits.longest_pause)));
        break;
    case Outcome::ambiguous:
        count_failure();
        message.is_ambiguous = true;
        decision.pause(std::max(scaled(limits.repeat_after, 1 + luck / 5),
                                backoff(state.failures, luck, limits)));
        if (row.ambiguous > 0)
            decision.end(OutboxState::unknown);
        else if (!outcome.left)
            message.payload = payload_again(channel, row);
        break;
    case Outcome::refused_payload:
        decision.far_end_answers();
        message.payload = channel.simplify(outcome.left ? *outcome.left : row.payload.value_or(""));
        if (message.payload)
            decision.end(OutboxState::pending);
        else
            // Nobody misses an edit: the message stays as it was delivered.
            decision.end(row.edits.empty() ? OutboxState::refused : OutboxState::superseded);
        break;
    case Outcome::refused_destination:
        decision.far_end_refuses(outcome.reason);
        decision.pause(limits.probe_every);
        break;
    }
    return decision.verdict;
}

std::string render_stored(const channels::Channel& channel, const warehouse::OutboxRow& row,
                          Instant now, bool possible_repeat) {
    model::Message parsed;
    try {
        parsed = model::parse_message(row.message);
    } catch (const Failure&) {
        parsed.title = "A message for you could not be shown";
        parsed.footer = "Please tell whoever runs nudged; to see it: nudged outbox list";
    }
    if (!parsed.decided_at) parsed.decided_at = now;
    parsed.possible_repeat = possible_repeat;
    parsed.thread = row.thread;
    parsed.replaces = row.target;
    return channel.render(parsed);
}

}  // namespace nudged::runtime
