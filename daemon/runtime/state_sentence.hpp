// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace nudged::runtime {

namespace asio = boost::asio;

/// How the daemon stands, in one sentence: for `systemctl status nudged`. `reasons` as /readyz
/// gives them: what fails, and what waits for a person.
std::string state_sentence(std::size_t sources, const std::vector<std::string>& reasons,
                           bool is_reload_refused);

/// Tells the service manager the sentence whenever it has changed, until cancelled; nothing where
/// there is no service manager. On the loop.
asio::awaitable<void> keep_telling_state(
    std::function<std::string()> sentence,
    std::chrono::milliseconds look_every = std::chrono::seconds{2});

}  // namespace nudged::runtime
