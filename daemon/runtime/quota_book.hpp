// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/quota_book.hpp"
#include "daemon/warehouse/writer.hpp"

namespace nudged::runtime {

/// Keeps what quotas are charged with in the warehouse. Lives on the loop; the writer outlives it.
class WarehouseQuotaBook final : public net::QuotaBook {
public:
    WarehouseQuotaBook(warehouse::Writer& writer, Clock clock)
        : writer_(writer), clock_(std::move(clock)) {}

    net::asio::awaitable<net::QuotaCharges> read(std::string source, std::string quota) override;
    net::asio::awaitable<void> write(std::string source, std::string quota, Instant until,
                                     double charge) override;

private:
    warehouse::Writer& writer_;
    Clock clock_;
};

}  // namespace nudged::runtime
