// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/freshness.hpp"

namespace nudged::warehouse {

std::map<std::string, std::vector<StreamState>> read_streams(const Reader& reader) {
    auto rows = reader.database().prepare(R"sql(
SELECT s.name, c.entity, c.lane, c.complete_at
  FROM cursor c JOIN source s ON s.id = c.source_id
 ORDER BY s.name, c.entity, c.lane)sql");
    std::map<std::string, std::vector<StreamState>> sources;
    while (rows.step()) {
        const auto entity = model::entity_of(rows.text(1));
        const auto lane = model::lane_of(rows.text(2));
        if (!entity || !lane) continue;
        StreamState state{{*entity, *lane}, std::nullopt};
        if (const auto complete = rows.maybe_integer(3)) state.complete_at = from_millis(*complete);
        sources[std::string{rows.text(0)}].push_back(state);
    }
    return sources;
}

std::map<PersonId, std::set<std::string>> read_sources_of_people(const Reader& reader) {
    auto rows = reader.database().prepare(R"sql(
SELECT DISTINCT u.person_id, s.name
  FROM user u JOIN source s ON s.id = u.source_id
 WHERE u.person_id IS NOT NULL)sql");
    std::map<PersonId, std::set<std::string>> sources;
    while (rows.step()) sources[PersonId{rows.integer(0)}].emplace(rows.text(1));
    return sources;
}

}  // namespace nudged::warehouse
