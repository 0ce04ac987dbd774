// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/zone_rules.hpp"

#include "connectors/base/zone_period.hpp"
#include "daemon/warehouse/rollup_state.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace nudged::warehouse {
namespace {

/// FNV-1a over the changes of clocks of a century.
std::int64_t rules_of(const Zone& zone) {
    std::uint64_t hash = 14695981039346656037U;
    const auto mix = [&](std::int64_t value) {
        for (int shift = 0; shift < 64; shift += 8)
            hash = (hash ^ ((static_cast<std::uint64_t>(value) >> shift) & 0xff)) * 1099511628211U;
    };
    const Instant end = std::chrono::sys_days{std::chrono::year{2070} / 1 / 1};
    for (Instant at = std::chrono::sys_days{std::chrono::year{1970} / 1 / 1}; at < end;) {
        const auto period = period_of(zone, at);
        mix(period.offset.count());
        mix(to_millis(std::min(period.until, end)));
        at = period.until;
    }
    return static_cast<std::int64_t>(hash);
}

std::vector<std::string> changed_zones(const Database& database) {
    std::vector<std::string> changed;
    auto rows = database.prepare("SELECT name, rules FROM rollup_zone");
    while (rows.step()) {
        const auto zone = Zone::find(rows.text(0)).value_or(Zone::utc());
        if (rules_of(zone) != rows.integer(1)) changed.emplace_back(rows.text(0));
    }
    return changed;
}

}  // namespace

void note_zone_rules(Database& database, const Zone& zone) {
    const auto name = zone.name();
    database.prepare("INSERT OR IGNORE INTO rollup_zone (name, rules) VALUES (?1, ?2)")
        .bind(1, name)
        .bind(2, rules_of(zone))
        .run();
}

void recount_changed_zones(Database& database) {
    for (const auto& zone : changed_zones(database)) {
        std::vector<std::pair<SourceId, std::string>> users;
        auto rows = database.prepare("SELECT source_id, external_id FROM user WHERE day_zone = ?1");
        rows.bind(1, zone);
        while (rows.step()) users.emplace_back(SourceId{rows.integer(0)}, rows.text(1));
        database.prepare("DELETE FROM rollup_zone WHERE name = ?1").bind(1, zone).run();
        for (const auto& [source, user] : users) recount_user(database, source, user);
    }
}

}  // namespace nudged::warehouse
