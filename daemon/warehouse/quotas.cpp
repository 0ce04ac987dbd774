// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/quotas.hpp"

#include "daemon/warehouse/store.hpp"

namespace nudged::warehouse {

std::map<Instant, double> read_charges(const Database& database, const std::string& source,
                                       const std::string& quota) {
    auto rows = database.prepare(
        "SELECT q.until, q.charge FROM quota q JOIN source s ON s.id = q.source_id "
        "WHERE s.name = ?1 AND q.name = ?2");
    rows.bind(1, source).bind(2, quota);
    std::map<Instant, double> charges;
    while (rows.step()) charges[from_millis(rows.integer(0))] = rows.real(1);
    return charges;
}

void write_charge(Database& database, const std::string& source, const std::string& quota,
                  Instant until, double charge, Instant now) {
    const auto id = ensure_source(database, source, "");
    database.prepare("DELETE FROM quota WHERE source_id = ?1 AND name = ?2 AND until <= ?3")
        .bind(1, id)
        .bind(2, quota)
        .bind(3, now)
        .run();
    database
        .prepare("INSERT INTO quota (source_id, name, until, charge) VALUES (?1, ?2, ?3, ?4) "
                 "ON CONFLICT DO UPDATE SET charge = excluded.charge")
        .bind(1, id)
        .bind(2, quota)
        .bind(3, until)
        .bind(4, charge)
        .run();
}

}  // namespace nudged::warehouse
