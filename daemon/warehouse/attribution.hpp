// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"
#include "connectors/base/zone.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/store.hpp"

#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// Days [from, until) in which something is one person's.
struct Stint {
    /// What stands for "ever since" and "still", here and in the tables.
    static constexpr std::chrono::local_days first_day{std::chrono::year{1} / 1 / 1};
    static constexpr std::chrono::local_days last_day{std::chrono::year{9999} / 12 / 31};

    std::chrono::local_days from = first_day;
    std::chrono::local_days until = last_day;
    PersonId person{};

    bool covers(std::chrono::local_days day) const { return from <= day && day < until; }
    friend bool operator==(const Stint&, const Stint&) = default;
};

/// Whose work a user's is, without gaps from the first day to the last; empty for nobody's.
using Stints = std::vector<Stint>;

/// What the roster says of the address of one person of a seat.
struct AliasClaim {
    PersonId whose{};  // who has the address
    Stint claimed;     // whose it is instead
};

/// `seats` in order, without gaps. On each day: whom a link names; else whom an alias of the one on
/// the seat names; else the one on the seat. Of claims that overlap the later one in the list
/// counts. Where nobody is on the seat, days that no link covers are left out.
Stints attribute(const Stints& seats, const std::vector<AliasClaim>& aliases, const Stints& links);

/// What the tables of seats, aliases and links say of one user. A user whom the CRM never told has
/// the stints that links give.
Stints attribute_user(const Database& database, SourceId source, std::string_view user);

/// Writes the stints where they differ from what stands there. Their midnights are those of `zone`,
/// in which the user's days are counted. Inside a write transaction.
void write_attribution(Database& database, SourceId source, std::string_view user,
                       const Stints& stints, const Zone& zone);

}  // namespace nudged::warehouse
