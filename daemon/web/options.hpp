// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace nudged::web {

/// The HTTP server of health and metrics.
struct WebOptions {
    bool enabled = true;
    std::string address = "127.0.0.1";
    std::uint16_t port = 9464;  // 0: any free one, told in the log
};

}  // namespace nudged::web
