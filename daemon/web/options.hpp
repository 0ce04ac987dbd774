// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace nudged::web {

/// The HTTP server of health and metrics.
struct WebOptions {
    bool enabled = true;
    std::string address = "127.0.0.1";
    std::uint16_t port = 9464;  // 0: any free one, told in the log
    /// Where the people who get messages reach this server: answers by link are off without it.
    std::string public_url;
    std::chrono::days links_last{14};  // how long a link in a message can be used
};

}  // namespace nudged::web
