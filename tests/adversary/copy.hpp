// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/page.hpp"
#include "daemon/warehouse/store.hpp"
#include "tests/adversary/crm.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace nudged::adversary {

/// A row of the warehouse.
struct Kept {
    bool deleted = false;
    std::optional<Instant> modified;
    Fields fields;  // without those that are null
};

/// A warehouse in memory, written by the code that stores pages.
class Copy {
public:
    Copy();

    /// `now` by our clock.
    warehouse::Stored store(model::Stream stream, const model::Page& page, Instant now);
    void store_records(const model::Page& page);
    model::Cursor cursor(model::Stream stream) const;
    /// Forgets the position, as the daemon does when a walk is broken.
    void begin_again(model::Stream stream);
    /// Forgets all cursors, as `nudged sync --full` does: what comes next wins over what is stored.
    void begin_anew();
    std::map<std::string, Kept> rows(Entity entity) const;
    /// Into what each was merged, of those that were.
    std::map<std::string, std::string> merged(Entity entity) const;
    /// The ids of its tombstones.
    std::set<std::string> buried(Entity entity) const;
    const warehouse::Database& database() const { return database_; }

private:
    warehouse::Database database_;
    warehouse::SourceId source_;
};

}  // namespace nudged::adversary
