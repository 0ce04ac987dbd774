// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/base/zone.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/record_key.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// Something that is planned and not yet done: an open task, a meeting to come, a planned call
/// (sales practice §2). Masters of a series, and what was cancelled, are left out.
struct OpenActivity {
    enum class Kind { task, meeting, call };
    Kind kind = Kind::task;
    RecordKey key;
    PersonId owner = PersonId::nobody;
    bool owner_active = true;     // false once the CRM says that the user has left
    std::string opportunity_id;   // what it is linked to; each may be empty
    std::string account_id;       //
    std::string contact_account;  // the account of the contact that it is linked to
    std::string subject;
    std::string url;
    std::string series;  // of an occurrence of a recurring task: its master's id
    std::optional<std::chrono::local_days> due_on;
    std::optional<Instant> due_at;  // or the start of a meeting or call
    std::optional<Instant> created_at;

    /// The day it is due: the CRM's, else that of the moment in `zone`; nullopt when undated.
    std::optional<std::chrono::local_days> due_day(const Zone& zone) const;
};
std::string_view to_string(OpenActivity::Kind kind);

/// Open at `as_of` by event time. Due dates, links and cancellations have no history, so those of
/// today stand for those of then; a planned call that was made since counts as made.
std::vector<OpenActivity> read_open_activities(const Reader& reader, Instant as_of);

}  // namespace nudged::warehouse
