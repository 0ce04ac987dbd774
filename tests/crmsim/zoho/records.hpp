// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/loopback.hpp"
#include "tests/crmsim/tables/query.hpp"
#include "tests/crmsim/zoho/settings.hpp"

#include <string_view>

namespace nudged::crmsim::zoho {

/// What requests for records are answered from.
struct RecordsContext {
    tables::Facts facts;
    tables::Finder& finder;
    const HiddenFields& hidden;
    Instant tokens_from;  // page tokens given out before are dead
    Instant now;
};

// They throw Refusal.
loopback::Reply list_records(const tables::Table& module, const loopback::Request& request,
                             const RecordsContext& context);
loopback::Reply get_record(const tables::Table& module, std::string_view id,
                           const RecordsContext& context);
loopback::Reply run_coql(const loopback::Request& request, const RecordsContext& context);
/// What a COQL call takes of the day's credits.
int coql_credits(const loopback::Request& request);

struct DeletedRecord {
    ObjectType type;
    std::int64_t id;
    std::string name;
    Instant at;
};
/// `forgotten` are those that are gone for good; the others lie in the recycle bin.
loopback::Reply list_deleted(const tables::Table& module, const loopback::Request& request,
                             const std::vector<DeletedRecord>& forgotten,
                             const RecordsContext& context);

}  // namespace nudged::crmsim::zoho
