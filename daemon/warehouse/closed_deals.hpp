// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/decimal.hpp"
#include "connectors/base/instant.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/record_key.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nudged::warehouse {

// Deals that were won or lost in [from, until), by their closed_at, else their close date. What
// they were is what they are today; the person is the present owner.

/// From entering a stage for the last time to the win.
struct StageToWin {
    std::string source;
    std::string pipeline_id;
    std::string stage_id;
    Instant entered;
    Instant won;
};
std::vector<StageToWin> read_stages_to_win(const Reader& reader, Instant from, Instant until);

struct WonAmount {
    PersonId owner{};
    std::string currency;
    Decimal amount;
};
/// Those with an amount above zero and an owner who is somebody.
std::vector<WonAmount> read_won_amounts(const Reader& reader, Instant from, Instant until);

/// In which currency a deal with an amount was won, and when: an instant, else a day.
struct WonCurrency {
    PersonId owner{};
    std::string currency;
    std::optional<Instant> closed_at;
    std::chrono::local_days close_date;  // of one without an instant
};
/// Those won from `from` on, of an owner who is somebody and in a currency that the CRM tells.
std::vector<WonCurrency> read_won_currencies(const Reader& reader, Instant from);

/// From creation to the end.
struct DealCycle {
    PersonId owner{};
    bool is_won = false;
    Instant created;
    Instant closed;
};
std::vector<DealCycle> read_deal_cycles(const Reader& reader, Instant from, Instant until);

struct LostDeal {
    RecordKey key;
    std::string name;
    std::string url;
    std::string account;  // its name
    PersonId owner{};
    std::string pipeline_id;
    std::string pipeline;  // its name
    std::string stage_id;
    std::string stage;  // its name
    Instant closed;
    std::optional<Decimal> amount;
    std::string currency;
    std::string reason;  // in the words of the CRM; may be empty
};
std::vector<LostDeal> read_lost_deals(const Reader& reader, Instant from, Instant until);

/// The sources that tell of any deal why it was lost.
std::set<std::string> read_sources_with_reasons(const Reader& reader);

}  // namespace nudged::warehouse
