// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/permits.hpp"

namespace nudged::net {

asio::awaitable<Permits::Permit> Permits::take() {
    Line::Turn turn(line_);
    while (!turn.is_first() || free_ == 0)
        co_await turn.sleep_until(std::chrono::steady_clock::time_point::max());
    --free_;
    co_return Permit(this);
}

}  // namespace nudged::net
