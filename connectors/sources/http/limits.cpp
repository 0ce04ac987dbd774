// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/limits.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/sources/http/feedback.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nudged::sources {
namespace {

using std::chrono::milliseconds;

/// For those that only ever pause.
constexpr double no_limit = 1e12;

}  // namespace

Limits::Limits(std::shared_ptr<const std::vector<LimiterPlan>> plans, const Zone& account_zone,
               Clock clock, net::QuotaBook* book, std::string source)
    : plans_(std::move(plans)),
      account_zone_(account_zone),
      clock_(std::move(clock)),
      book_(book),
      source_(std::move(source)),
      unnamed_{LimiterUse{.limiter = plans_->size(), .cost = 1}} {}

void Limits::make(const asio::any_io_executor& loop) {
    if (!states_.empty()) return;
    for (const auto& plan : *plans_) {
        State state{.plan = &plan, .pace = {}, .permits = {}, .quota = {}};
        const bool is_bucket = plan.kind == LimiterKind::pace && plan.is_paced;
        state.pace =
            std::make_unique<net::Limiter>(loop, is_bucket ? plan.capacity : no_limit, plan.per);
        if (plan.concurrent > 0)
            state.permits = std::make_unique<net::Permits>(loop, plan.concurrent);
        if (plan.kind == LimiterKind::quota) {
            net::QuotaOptions options{.capacity = plan.capacity,
                                      .per = plan.per,
                                      .midnight = {},
                                      .share = plan.share,
                                      .reserve = plan.reserve};
            if (plan.until_midnight) options.midnight = account_zone_;
            state.quota = std::make_unique<net::Quota>(options);
        }
        states_.push_back(std::move(state));
    }
    State unnamed;
    unnamed.pace = std::make_unique<net::Limiter>(loop, no_limit, milliseconds{1});
    states_.push_back(std::move(unnamed));
    purse_ = std::make_unique<net::Permits>(loop, 1);
}

/// What was spent before the start counts as well, and counts once: a book that cannot be read to
/// its end is opened again.
asio::awaitable<void> Limits::open_book() {
    if (!book_ || is_book_open_) co_return;
    std::vector<std::pair<net::Quota*, net::QuotaCharges>> spent;
    for (const auto& state : states_) {
        if (!state.quota) continue;
        auto charges = co_await book_->read(source_, state.plan->name);
        spent.emplace_back(state.quota.get(), std::move(charges));
    }
    for (const auto& [quota, charges] : spent) quota->restore(charges);
    is_book_open_ = true;
}

/// In the book before it is spent: what a crash forgets must not have been spent.
asio::awaitable<void> Limits::charge(State& state, double cost, Instant now) {
    const auto charge = state.quota->charge_for(cost, now);
    if (!book_ || !charge) co_return;
    co_await book_->write(source_, state.plan->name, charge->first, charge->second);
    state.quota->note_charged(*charge);
}

/// All or none, so that a quota that is used up costs the others nothing.
asio::awaitable<void> Limits::spend_quotas(const Uses& uses) {
    const bool any = std::any_of(uses.begin(), uses.end(), [&](const LimiterUse& use) {
        return states_[use.limiter].quota != nullptr;
    });
    if (!any) co_return;
    const auto alone = co_await purse_->take();
    co_await open_book();
    const auto now = clock_();
    for (const auto& use : uses) {
        const auto& state = states_[use.limiter];
        const auto wait = state.quota ? state.quota->missing(use.cost, now) : milliseconds{0};
        if (wait > milliseconds{0})
            throw Failure(FailureKind::throttled,
                          fmt::format("our share of the quota \"{}\" is used up", state.plan->name),
                          wait);
    }
    for (const auto& use : uses) {
        auto& state = states_[use.limiter];
        if (!state.quota) continue;
        co_await charge(state, use.cost, now);
        state.quota->spend(use.cost, now);
    }
}

void Limits::check_quotas(double part) {
    const auto now = clock_();
    for (const auto& state : states_) {
        const auto wait = state.quota ? state.quota->missing(0, now, part) : milliseconds{0};
        if (wait > milliseconds{0})
            throw Failure(FailureKind::throttled,
                          fmt::format("what is left of our share of the quota \"{}\" is kept for "
                                      "what is new",
                                      state.plan->name),
                          wait);
    }
}

asio::awaitable<Limits::Hold> Limits::take(const Uses& uses, milliseconds patience) {
    const auto loop = co_await asio::this_coro::executor;
    make(loop);
    const auto& all = or_unnamed(uses);
    Hold hold;
    // The pace comes last: its token is for a request that goes at once.
    for (const auto& use : all) {
        auto* permits = states_[use.limiter].permits.get();
        if (!permits) continue;
        auto permit = co_await permits->take();
        hold.push_back(std::move(permit));
    }
    for (const auto& use : all) {
        auto& state = states_[use.limiter];
        // How long an answer takes is known when it is there.
        const double cost = state.plan && state.plan->counts_seconds ? 0 : use.cost;
        co_await state.pace->take(cost, patience);
    }
    co_await spend_quotas(all);
    co_return hold;
}

void Limits::note(const Uses& uses, const net::Headers& headers, Instant server_now) {
    for (const auto& use : or_unnamed(uses)) {
        auto& state = states_[use.limiter];
        if (!state.plan) continue;
        const auto told = read_feedback(state.plan->feedback, headers, server_now);
        if (state.quota) {
            auto used = told.used;
            const double limit = told.limit.value_or(state.plan->capacity);
            if (!used && told.remaining) used = std::max(0.0, limit - *told.remaining);
            state.quota->note(used, told.limit, told.reset, clock_());
        } else if (told.is_used_up()) {
            state.pace->pause(told.reset.value_or(state.plan->per));
        }
    }
}

void Limits::note_time(const Uses& uses, milliseconds taken) {
    for (const auto& use : or_unnamed(uses)) {
        auto& state = states_[use.limiter];
        if (state.plan && state.plan->counts_seconds)
            state.pace->spend(std::chrono::duration<double>{taken}.count() * use.cost);
    }
}

std::optional<milliseconds> Limits::reset(const Uses& uses, const net::Headers& headers,
                                          Instant server_now) const {
    std::optional<milliseconds> longest;
    for (const auto& use : uses) {
        const auto told = read_feedback((*plans_)[use.limiter].feedback, headers, server_now);
        if (!told.reset || (told.remaining && !told.is_used_up())) continue;
        longest = std::max(longest.value_or(milliseconds{0}), *told.reset);
    }
    return longest;
}

void Limits::pause(const Uses& uses, milliseconds wait) {
    // A quota's pace, too: it is waited for as long as there is patience, and no turn ends over a
    // second's pause.
    for (const auto& use : or_unnamed(uses)) states_[use.limiter].pace->pause(wait);
}

}  // namespace nudged::sources
