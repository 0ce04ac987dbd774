// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/upkeep.hpp"

#include <array>

namespace nudged::warehouse {
namespace {

constexpr std::array tasks{Upkeep::backup, Upkeep::retention};

}  // namespace

std::string_view to_string(Upkeep task) {
    return task == Upkeep::backup ? "backup" : "retention";
}

std::vector<UpkeepState> read_upkeep(const Database& database) {
    std::vector<UpkeepState> states;
    for (const auto task : tasks) {
        auto row =
            database.prepare("SELECT done_at, failed_at, failure FROM upkeep WHERE task = ?1");
        row.bind(1, to_string(task));
        if (row.step())
            states.push_back({.task = task,
                              .done_at = row.maybe_instant(0),
                              .failed_at = row.maybe_instant(1),
                              .failure = std::string{row.text(2)}});
    }
    return states;
}

void note_upkeep_done(Database& database, Upkeep task, Instant now) {
    database
        .prepare("INSERT INTO upkeep (task, done_at) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET "
                 "done_at = excluded.done_at, failed_at = NULL, failure = NULL")
        .bind(1, to_string(task))
        .bind(2, now)
        .run();
}

void note_upkeep_failed(Database& database, Upkeep task, const std::string& failure, Instant now) {
    database
        .prepare("INSERT INTO upkeep (task, failed_at, failure) VALUES (?1, ?2, ?3) ON CONFLICT DO "
                 "UPDATE SET failed_at = excluded.failed_at, failure = excluded.failure")
        .bind(1, to_string(task))
        .bind(2, now)
        .bind(3, std::string_view{failure})
        .run();
}

}  // namespace nudged::warehouse
