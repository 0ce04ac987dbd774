// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/base/zone.hpp"
#include "connectors/net/http.hpp"
#include "connectors/net/pace.hpp"
#include "connectors/net/permits.hpp"
#include "connectors/net/quota.hpp"
#include "connectors/sources/http/limiter_plan.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nudged::sources {

namespace asio = boost::asio;

/// The limiters of one source, shared by all its streams, and by whatever else reads its account.
/// Lives on the loop.
class Limits {
public:
    /// `book`, where there is one, outlives it, and knows this source's quotas by its name.
    Limits(std::shared_ptr<const std::vector<LimiterPlan>> plans, const Zone& account_zone,
           Clock clock, net::QuotaBook* book, std::string source);

    using Uses = std::vector<LimiterUse>;
    /// What a request holds while it is under way.
    using Hold = std::vector<net::Permits::Permit>;

    /// Waits until a request may go. Throws Failure(throttled), with the time to come back, where
    /// that is a quota's affair or takes longer than `patience`.
    asio::awaitable<Hold> take(const Uses& uses, std::chrono::milliseconds patience);
    /// Throws Failure(throttled) where more than `part` of our share of a quota is used up.
    void check_quotas(double part);
    /// Takes up what an answer says of the limiters that its request draws on.
    void note(const Uses& uses, const net::Headers& headers, Instant server_now);
    /// Charges what counts seconds with those that a request took, answered or not.
    void note_time(const Uses& uses, std::chrono::milliseconds taken);
    /// When those come back, as the answer says.
    std::optional<std::chrono::milliseconds> reset(const Uses& uses, const net::Headers& headers,
                                                   Instant server_now) const;
    /// The CRM wants no request of these limiters for a while. One without any limiter holds all
    /// of its kind.
    void pause(const Uses& uses, std::chrono::milliseconds wait);

private:
    struct State {
        const LimiterPlan* plan = nullptr;  // null: of requests without a limiter
        std::unique_ptr<net::Limiter> pace;
        std::unique_ptr<net::Permits> permits;
        std::unique_ptr<net::Quota> quota;
    };
    void make(const asio::any_io_executor& loop);
    const Uses& or_unnamed(const Uses& uses) const { return uses.empty() ? unnamed_ : uses; }
    asio::awaitable<void> spend_quotas(const Uses& uses);
    asio::awaitable<void> open_book();
    asio::awaitable<void> charge(State& state, double cost, Instant now);

    std::shared_ptr<const std::vector<LimiterPlan>> plans_;
    Zone account_zone_;
    Clock clock_;
    net::QuotaBook* book_;
    std::string source_;
    Uses unnamed_;
    std::vector<State> states_;            // made with the first request, on its loop
    std::unique_ptr<net::Permits> purse_;  // of quotas only one spends at a time
    bool is_book_open_ = false;
};

}  // namespace nudged::sources
