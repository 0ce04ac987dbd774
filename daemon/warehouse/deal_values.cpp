// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/deal_values.hpp"

#include "connectors/model/entity.hpp"

#include <fmt/format.h>

#include <cassert>

namespace nudged::warehouse {
namespace {

constexpr std::string_view extra_prefix = "extra.";

bool is_extra(std::string_view field) {
    return field.starts_with(extra_prefix) && field.size() > extra_prefix.size() &&
           field.find('"') == field.npos;
}

}  // namespace

bool is_deal_field(std::string_view field) {
    return is_extra(field) ||
           (field != "extra" && model::field_index(model::Entity::opportunity, field));
}

std::map<RecordKey, std::vector<std::string>> read_deal_values(const Reader& reader,
                                                               std::span<const std::string> fields,
                                                               Instant as_of) {
    // Columns are names of the model's own list; what an admin wrote comes in as a parameter.
    std::string columns;
    std::vector<std::string> paths;
    for (const auto& field : fields) {
        assert(is_deal_field(field));
        if (is_extra(field)) {
            paths.push_back(fmt::format("$.\"{}\"", field.substr(extra_prefix.size())));
            columns += fmt::format(", json_extract(o.extra, ?{})", paths.size() + 1);
        } else {
            columns += ", o." + field;
        }
    }
    auto rows = reader.database().prepare(fmt::format(R"sql(
SELECT s.name, o.external_id{}
  FROM opportunity o
  JOIN source s ON s.id = o.source_id
  LEFT JOIN stage st ON st.source_id = o.source_id AND st.external_id = o.stage
 WHERE (o.deleted_at IS NULL OR o.deleted_at > ?1)
   AND (o.created_at IS NULL OR o.created_at <= ?1)
   AND (COALESCE(o.is_closed, st.is_closed, o.is_won, st.is_won, 0) = 0
        OR COALESCE(o.closed_at, strftime('%s', o.close_date) * 1000, 0) > ?1))sql",
                                                      columns));
    rows.bind(1, to_millis(as_of));
    for (std::size_t i = 0; i < paths.size(); ++i)
        rows.bind(static_cast<int>(i) + 2, std::string_view{paths[i]});
    std::map<RecordKey, std::vector<std::string>> values;
    while (rows.step()) {
        std::vector<std::string> of_deal;
        for (std::size_t i = 0; i < fields.size(); ++i)
            of_deal.emplace_back(rows.text(static_cast<int>(i) + 2));
        values.emplace(RecordKey{std::string{rows.text(0)}, std::string{rows.text(1)}},
                       std::move(of_deal));
    }
    return values;
}

bool is_field_told(const Reader& reader, const std::string& source, const std::string& field) {
    assert(is_deal_field(field));
    const auto path = is_extra(field) ? fmt::format("$.\"{}\"", field.substr(extra_prefix.size()))
                                      : std::string{};
    auto row = reader.database().prepare(fmt::format(
        "SELECT EXISTS (SELECT 1 FROM main.opportunity o JOIN source s ON s.id = o.source_id "
        "WHERE s.name = ?1 AND {} IS NOT NULL)",
        is_extra(field) ? "json_extract(o.extra, ?2)" : "o." + field));
    row.bind(1, source);
    if (is_extra(field)) row.bind(2, path);
    return row.step() && row.integer(0) != 0;
}

bool has_touch_by(const Reader& reader, const RecordKey& opportunity, const std::string& account_id,
                  PersonId person, Instant since, Instant as_of) {
    auto rows = reader.database().prepare(R"sql(
WITH touch AS (
  SELECT source_id, owner, opportunity, account, started_at AS at FROM call
   WHERE is_planned IS NOT 1 AND deleted_at IS NULL AND source_id = ?1 AND opportunity = ?2
  UNION ALL
  SELECT source_id, owner, opportunity, account, started_at FROM call
   WHERE is_planned IS NOT 1 AND deleted_at IS NULL AND source_id = ?1 AND account = ?3
     AND opportunity IS NULL
  UNION ALL
  SELECT source_id, owner, opportunity, account, starts_at FROM meeting
   WHERE COALESCE(outcome, 'held') NOT IN ('cancelled', 'rescheduled', 'no_show')
     AND deleted_at IS NULL AND source_id = ?1 AND opportunity = ?2
  UNION ALL
  SELECT source_id, owner, opportunity, account, starts_at FROM meeting
   WHERE COALESCE(outcome, 'held') NOT IN ('cancelled', 'rescheduled', 'no_show')
     AND deleted_at IS NULL AND source_id = ?1 AND account = ?3 AND opportunity IS NULL
  UNION ALL
  SELECT source_id, owner, opportunity, account, sent_at FROM email
   WHERE COALESCE(status, 'sent') IN ('sent', 'received') AND deleted_at IS NULL
     AND source_id = ?1 AND opportunity = ?2
  UNION ALL
  SELECT source_id, owner, opportunity, account, sent_at FROM email
   WHERE COALESCE(status, 'sent') IN ('sent', 'received') AND deleted_at IS NULL
     AND source_id = ?1 AND account = ?3 AND opportunity IS NULL
)
SELECT 1
  FROM touch t
  JOIN user u ON u.source_id = t.source_id AND u.external_id = t.owner
 WHERE u.person_id = ?4 AND t.at > ?5 AND t.at <= ?6
 LIMIT 1)sql");
    auto source = reader.database().prepare("SELECT id FROM source WHERE name = ?1");
    if (!source.bind(1, opportunity.source).step()) return false;
    rows.bind(1, source.integer(0)).bind(2, opportunity.id);
    rows.bind(3, account_id.empty() ? std::nullopt : std::optional{std::string_view{account_id}});
    rows.bind(4, person).bind(5, to_millis(since)).bind(6, to_millis(as_of));
    return rows.step();
}

}  // namespace nudged::warehouse
