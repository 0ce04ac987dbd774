// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <string>

namespace nudged::net {

namespace asio = boost::asio;

/// What was charged to a quota, by the moment at which it counts no more.
using QuotaCharges = std::map<Instant, double>;

/// Where the charges of one source's quotas outlive the process: restarting again and again must
/// not spend a budget again and again. Called from the loop.
class QuotaBook {
public:
    virtual ~QuotaBook() = default;
    virtual asio::awaitable<QuotaCharges> read(std::string source, std::string quota) = 0;
    /// Takes the place of what was charged until then, and returns once a power cut cannot undo
    /// that.
    virtual asio::awaitable<void> write(std::string source, std::string quota, Instant until,
                                        double charge) = 0;
};

}  // namespace nudged::net
