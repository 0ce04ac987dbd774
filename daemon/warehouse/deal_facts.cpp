// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/deal_facts.hpp"

#include "daemon/warehouse/merges.hpp"
#include "daemon/warehouse/row_text.hpp"

#include <algorithm>
#include <array>

namespace nudged::warehouse {
namespace {

/// Ids by source: the records', and of all that `merges` says is part of them.
std::map<std::string, std::string> id_arrays(const std::vector<RecordKey>& records,
                                             const Merges& merges = {}) {
    std::map<std::string, std::vector<std::string>> ids;
    for (const auto& record : records) {
        ids[record.source].push_back(record.id);
        for (const auto& part : merges.parts_of(record)) ids[part.source].push_back(part.id);
    }
    std::map<std::string, std::string> arrays;
    for (const auto& [source, of_source] : ids) arrays[source] = json_array(of_source);
    return arrays;
}

RecordKey key_at(const Statement& row, const std::string& source) {
    return {source, std::string{row.text(0)}};
}

// The columns that a person may leave empty. Their names are put into the statement, so they are
// never an admin's words.
constexpr std::array<std::string_view, 10> columns{
    "account", "contact",     "amount",    "currency",          "close_date",
    "type",    "probability", "next_step", "forecast_category", "lost_reason"};

}  // namespace

std::map<RecordKey, std::vector<ContactRole>> read_contact_roles(
    const Reader& reader, const std::vector<RecordKey>& opportunities, Instant as_of) {
    const Merges merges{reader, model::Entity::opportunity, as_of};
    const Merges contacts{reader, model::Entity::contact, as_of};
    std::map<RecordKey, std::vector<ContactRole>> roles;
    for (const auto& [source, ids] : id_arrays(opportunities, merges)) {
        auto rows = reader.database().prepare(R"sql(
SELECT a.value, r.contact, r.role, COALESCE(r.is_primary, 0)
  FROM json_each(?2) a CROSS JOIN contact_role r
 WHERE r.source_id = (SELECT id FROM source WHERE name = ?1) AND r.opportunity = a.value
   AND r.contact IS NOT NULL AND r.deleted_at IS NULL
   AND (r.created_at IS NULL OR r.created_at <= ?3)
 ORDER BY r.external_id)sql");
        rows.bind(1, source).bind(2, ids).bind(3, as_of);
        while (rows.step())
            roles[merges.survivor(key_at(rows, source))].push_back(
                {contacts.survivor({source, std::string{rows.text(1)}}).id,
                 std::string{rows.text(2)}, rows.integer(3) != 0});
    }
    return roles;
}

std::map<RecordKey, std::string> read_contact_names(const Reader& reader,
                                                    const std::vector<RecordKey>& contacts) {
    std::map<RecordKey, std::string> names;
    for (const auto& [source, ids] : id_arrays(contacts)) {
        auto rows = reader.database().prepare(R"sql(
SELECT a.value, k.name
  FROM json_each(?2) a CROSS JOIN contact k
 WHERE k.source_id = (SELECT id FROM source WHERE name = ?1) AND k.external_id = a.value
   AND k.name <> '')sql");
        rows.bind(1, source).bind(2, ids);
        while (rows.step()) names[key_at(rows, source)] = rows.text(1);
    }
    return names;
}

bool is_opportunity_column(std::string_view field) {
    return std::find(columns.begin(), columns.end(), field) != columns.end();
}

std::map<RecordKey, std::string> read_opportunity_field(const Reader& reader,
                                                        const std::vector<RecordKey>& opportunities,
                                                        const std::string& field) {
    const bool is_column = is_opportunity_column(field);
    std::string sql = "SELECT a.value, ";
    sql += is_column ? "o." + field : "json_extract(o.extra, ?3)";
    sql += " FROM json_each(?2) a CROSS JOIN opportunity o WHERE o.source_id = "
           "(SELECT id FROM source WHERE name = ?1) AND o.external_id = a.value";
    const std::string path = "$.\"" + field + "\"";
    std::map<RecordKey, std::string> values;
    for (const auto& [source, ids] : id_arrays(opportunities)) {
        auto rows = reader.database().prepare(sql);
        rows.bind(1, source).bind(2, ids);
        if (!is_column) rows.bind(3, path);
        while (rows.step())
            if (!rows.is_null(1)) values[key_at(rows, source)] = rows.text(1);
    }
    return values;
}

std::map<RecordKey, std::string> read_pipeline_names(const Reader& reader) {
    auto rows = reader.database().prepare(R"sql(
SELECT p.external_id, p.name, s.name
  FROM pipeline p JOIN source s ON s.id = p.source_id WHERE p.name <> '')sql");
    std::map<RecordKey, std::string> names;
    while (rows.step()) names[key_at(rows, std::string{rows.text(2)})] = rows.text(1);
    return names;
}

std::vector<ClosedDeal> read_closed_deals(const Reader& reader, std::chrono::local_days from,
                                          std::chrono::local_days until, Instant as_of) {
    auto rows = reader.database().prepare(R"sql(
WITH closed AS (
  SELECT o.source_id, o.external_id, o.owner, o.amount, o.currency, o.closed_at,
         COALESCE(o.is_won, st.is_won, 0) AS won,
         COALESCE(o.close_date, strftime('%Y-%m-%d', o.closed_at / 1000, 'unixepoch')) AS day
    FROM opportunity o
    LEFT JOIN stage st ON st.source_id = o.source_id AND st.external_id = o.stage
   WHERE o.deleted_at IS NULL AND COALESCE(o.is_closed, st.is_closed, o.is_won, st.is_won, 0) = 1
)
SELECT s.name, c.external_id, u.person_id, c.won, c.amount, c.currency, c.day
  FROM closed c
  JOIN source s ON s.id = c.source_id
  LEFT JOIN user u ON u.source_id = c.source_id AND u.external_id = c.owner
 WHERE c.day >= ?1 AND c.day < ?2
   AND COALESCE(c.closed_at, strftime('%s', c.day) * 1000) <= ?3
 ORDER BY c.source_id, c.external_id)sql");
    const auto first = format_date(from);
    const auto end = format_date(until);
    rows.bind(1, first).bind(2, end).bind(3, as_of);
    std::vector<ClosedDeal> deals;
    while (rows.step()) {
        const auto day = parse_date(rows.text(6));
        if (!day) continue;
        deals.push_back({{std::string{rows.text(0)}, std::string{rows.text(1)}},
                         PersonId{rows.integer(2)},
                         rows.integer(3) != 0,
                         Decimal::parse(rows.text(4)),
                         std::string{rows.text(5)},
                         *day});
    }
    return deals;
}

std::map<std::string, Instant> read_watched_since(const Reader& reader) {
    auto rows = reader.database().prepare(R"sql(
SELECT s.name, min(r.started_at)
  FROM run r JOIN source s ON s.id = r.source_id
 WHERE r.kind = 'sync' GROUP BY r.source_id)sql");
    std::map<std::string, Instant> since;
    while (rows.step()) since[std::string{rows.text(0)}] = from_millis(rows.integer(1));
    return since;
}

}  // namespace nudged::warehouse
