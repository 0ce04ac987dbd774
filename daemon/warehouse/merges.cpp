// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/merges.hpp"

#include <set>

namespace nudged::warehouse {

Merges::Merges(const Reader& reader, model::Entity entity, Instant as_of) {
    auto rows = reader.database().prepare(R"sql(
SELECT s.name, t.external_id, t.into_id
  FROM tombstone t JOIN source s ON s.id = t.source_id
 WHERE t.entity = ?1 AND t.why = 'merged' AND t.into_id IS NOT NULL AND t.deleted_at <= ?2)sql");
    const auto name = model::to_string(entity);
    rows.bind(1, name).bind(2, as_of);
    while (rows.step()) {
        const std::string source{rows.text(0)};
        into_[{source, std::string{rows.text(1)}}] = {source, std::string{rows.text(2)}};
    }
    for (const auto& [part, direct] : into_) {
        auto whole = survivor(part);
        if (whole != part) parts_[std::move(whole)].push_back(part);
    }
}

RecordKey Merges::survivor(const RecordKey& key) const {
    std::set<RecordKey> seen;  // two that were merged into each other lead nowhere
    const RecordKey* at = &key;
    for (auto next = into_.find(*at); next != into_.end() && seen.insert(*at).second;
         next = into_.find(*at))
        at = &next->second;
    return *at;
}

const std::vector<RecordKey>& Merges::parts_of(const RecordKey& key) const {
    static const std::vector<RecordKey> none;
    const auto found = parts_.find(key);
    return found == parts_.end() ? none : found->second;
}

}  // namespace nudged::warehouse
