// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/quota_book.hpp"

#include "daemon/warehouse/quotas.hpp"

namespace nudged::runtime {

net::asio::awaitable<net::QuotaCharges> WarehouseQuotaBook::read(std::string source,
                                                                 std::string quota) {
    auto work = [&](warehouse::Database& database) {
        return warehouse::read_charges(database, source, quota);
    };
    co_return co_await writer_.run(work);
}

net::asio::awaitable<void> WarehouseQuotaBook::write(std::string source, std::string quota,
                                                     Instant until, double charge) {
    auto work = [&, now = clock_()](warehouse::Database& database) {
        warehouse::write_charge(database, source, quota, until, charge, now);
    };
    co_await writer_.run(work);
}

}  // namespace nudged::runtime
