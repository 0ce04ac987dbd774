// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/cycle_ping.hpp"

#include "connectors/base/events.hpp"

#include <fmt/format.h>

namespace nudged::runtime {
namespace {

constexpr std::chrono::seconds timeout{20};
constexpr std::chrono::hours long_time{24};

}  // namespace

CyclePing::CyclePing(const asio::any_io_executor& loop, Secret url, net::Exchange& http,
                     std::chrono::milliseconds gap)
    : url_(std::move(url)), http_(http), gap_(gap), wake_(loop) {}

asio::awaitable<void> CyclePing::run() {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (;;) {
        const bool is_good = co_await wake_.wait(long_time);
        if (!is_good) continue;
        co_await ping();
        pause.expires_after(gap_);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> CyclePing::ping() {
    net::HttpRequest request;
    request.url = url_.reveal();
    request.timeout = timeout;
    request.max_body_bytes = 64u << 10;
    request.is_private = true;  // the URL is all that its owner has to prove who is calling
    std::string failure;
    try {
        const auto response = co_await http_.send(std::move(request));
        if (response.status < 200 || response.status > 299)
            failure = fmt::format("it answers {}", response.status);
    } catch (const net::TransferFailure& thrown) {
        failure = thrown.what();
    }
    note(failure);
}

void CyclePing::note(const std::string& failure) {
    const bool fails = !failure.empty();
    if (fails && !fails_) tell(events::heartbeat_failed, {{"reason", failure}});
    if (!fails && fails_) tell(events::heartbeat_mended, {});
    fails_ = fails;
}

}  // namespace nudged::runtime
