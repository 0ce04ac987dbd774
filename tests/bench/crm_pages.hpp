// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nudged::bench {

/// A made-up account of a CRM: so many records, of which 70 % are calls, 25 % tasks and 5 % deals,
/// beside 100 users and no more. Record by record the same each time.
struct Account {
    std::uint64_t records = 0;
    /// 0: everything is told, as it was at first. Else so many of the records are told, from all
    /// over the account and in no order of theirs, each changed since.
    std::uint64_t changed = 0;
    bool latest = false;  // those are the last ones of each kind instead, in their order
};

/// The answer to "the records of `object` from the `first` on" ("calls", "tasks", "deals" or
/// "owners"), in the shape of HubSpot's and about 1,280 bytes a record; a page without records
/// where there are none. Empty for another object.
std::string make_page(const Account& account, std::string_view object, std::uint64_t first,
                      std::uint64_t limit);

}  // namespace nudged::bench
