// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/base/zone.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/record_key.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// A due date or time of a task that was changed to another one; nobody knows by whom.
struct TaskMove {
    RecordKey task;
    Instant at;
    std::optional<std::chrono::local_days> from_day, to_day;  // where the CRM keeps a date
    std::optional<Instant> from_at, to_at;                    // where it keeps a time

    /// The days in `zone`; nullopt where there is none.
    std::optional<std::chrono::local_days> from(const Zone& zone) const;
    std::optional<std::chrono::local_days> to(const Zone& zone) const;
};

/// Up to `as_of`, of every task that was open then: by task, of each the oldest first. Where both
/// its date and its time changed at once, the date alone is told.
std::vector<TaskMove> read_task_moves(const Reader& reader, Instant as_of);

}  // namespace nudged::warehouse
