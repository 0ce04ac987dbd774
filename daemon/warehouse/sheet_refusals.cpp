// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/sheet_refusals.hpp"

#include <map>

namespace nudged::warehouse {

int store_sheet_refusals(Database& database, std::string_view source, std::string_view kind,
                         const std::vector<std::string>& refused, Instant now) {
    std::map<std::string, Instant> known;
    {
        auto rows = database.prepare(
            "SELECT why, told_at FROM sheet_refusal WHERE source = ?1 AND kind = ?2");
        rows.bind(1, source).bind(2, kind);
        while (rows.step()) known[std::string{rows.text(0)}] = from_millis(rows.integer(1));
    }
    database.prepare("DELETE FROM sheet_refusal WHERE source = ?1 AND kind = ?2")
        .bind(1, source)
        .bind(2, kind)
        .run();
    int fresh = 0;
    for (const auto& why : refused) {
        const auto before = known.find(why);
        if (before == known.end()) ++fresh;
        database
            .prepare("INSERT INTO sheet_refusal (source, kind, why, told_at) VALUES (?1, ?2, ?3, "
                     "?4)")
            .bind(1, source)
            .bind(2, kind)
            .bind(3, std::string_view{why})
            .bind(4, before == known.end() ? now : before->second)
            .run();
    }
    return fresh;
}

std::vector<SheetRefusal> read_sheet_refusals(const Database& database) {
    auto rows = database.prepare(
        "SELECT source, kind, why, told_at FROM sheet_refusal ORDER BY source, kind, id");
    std::vector<SheetRefusal> all;
    while (rows.step())
        all.push_back({std::string{rows.text(0)}, std::string{rows.text(1)},
                       std::string{rows.text(2)}, from_millis(rows.integer(3))});
    return all;
}

}  // namespace nudged::warehouse
