// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "tests/crmsim/tables/table.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace nudged::crmsim::dynamics365 {

/// Numbers every change as the database's row versions do, and remembers which rows it was.
class ChangeLog {
public:
    void note(ObjectType type, std::int64_t id) { last_[{type, id}] = ++version_; }
    std::int64_t version() const { return version_; }
    /// Rows that never changed since the beginning have smaller numbers, each its own.
    std::int64_t version_of(const tables::Row& row) const {
        const auto found = last_.find({row.type, row.record->id});
        return found != last_.end() ? found->second : row.record->id;
    }
    /// Each changed row once, by the version of its last change: {version, id}.
    std::vector<std::pair<std::int64_t, std::int64_t>> since(ObjectType type,
                                                             std::int64_t version) const;

private:
    std::int64_t version_ = 900'000'000;
    std::map<std::pair<ObjectType, std::int64_t>, std::int64_t> last_;
};

/// "900000017!11/20/2026 12:00:00", of a $deltatoken.
struct DeltaToken {
    std::int64_t version = 0;
    Instant at{};

    std::string str() const;
};
/// Throws Refusal for what is no token.
DeltaToken parse_delta_token(std::string_view text);

}  // namespace nudged::crmsim::dynamics365
