// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/state_sentence.hpp"

#include "connectors/base/text.hpp"
#include "daemon/runtime/notify.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace nudged::runtime {

std::string state_sentence(std::size_t sources, const std::vector<std::string>& reasons,
                           bool is_reload_refused) {
    constexpr std::size_t longest_reason = 200;
    auto sentence = fmt::format("Polling {} source{}", sources, sources == 1 ? "" : "s");
    if (is_reload_refused) sentence += "; the last reload was refused";
    if (reasons.empty()) return sentence + "; all have been read, and no source or channel fails";
    sentence += "; " + shorten(reasons.front(), longest_reason);
    if (reasons.size() > 1)
        sentence += fmt::format("; and {} more, as `nudged status` tells", reasons.size() - 1);
    return sentence;
}

asio::awaitable<void> keep_telling_state(std::function<std::string()> sentence,
                                         std::chrono::milliseconds look_every) {
    if (!notify::is_managed()) co_return;
    asio::steady_timer timer(co_await asio::this_coro::executor);
    std::string told;
    for (;;) {
        auto now = sentence();
        if (now != told) notify::status(now);
        told = std::move(now);
        timer.expires_after(look_every);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

}  // namespace nudged::runtime
