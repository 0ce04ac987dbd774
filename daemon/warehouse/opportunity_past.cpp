// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/opportunity_past.hpp"

namespace nudged::warehouse {
namespace {

/// As the views write instants.
std::string second_of(Instant instant) {
    return format_instant(std::chrono::floor<std::chrono::seconds>(instant));
}

}  // namespace

std::vector<PastOpportunity> read_past_opportunities(const Reader& reader, std::string_view id,
                                                     const std::optional<std::string>& source,
                                                     Instant as_of) {
    auto rows = reader.database().prepare(R"sql(
SELECT p.source, p.name, p.valid_from, p.valid_until, coalesce(u.name, p.owner_id), p.stage,
       p.amount_text, p.currency, p.close_date, p.forecast_category, p.next_step
  FROM v_opportunity_period p
  JOIN source s ON s.name = p.source
  LEFT JOIN user u ON u.source_id = s.id AND u.external_id = p.owner_id
 WHERE p.id = ?1 AND (?2 IS NULL OR p.source = ?2) AND p.valid_from <= ?3 AND p.valid_until > ?3
 ORDER BY p.source)sql");
    const std::string moment = second_of(as_of);
    rows.bind(1, id).bind(2, source).bind(3, moment);
    std::vector<PastOpportunity> past;
    while (rows.step()) {
        const auto text = [&](int column) { return std::string{rows.text(column)}; };
        past.push_back({.key = {text(0), std::string{id}},
                        .name = text(1),
                        .valid_from = text(2),
                        .valid_until = text(3),
                        .owner = text(4),
                        .stage = text(5),
                        .amount = text(6),
                        .currency = text(7),
                        .close_date = text(8),
                        .forecast_category = text(9),
                        .next_step = text(10)});
    }
    return past;
}

std::vector<PastChange> read_past_changes(const Reader& reader, const RecordKey& opportunity,
                                          Instant as_of) {
    auto rows = reader.database().prepare(R"sql(
SELECT c.changed_at, c.field, coalesce(bs.name, bu.name, c.old), coalesce(afs.name, au.name, c.new),
       coalesce(c.changed_by, c.changed_by_id), c.origin
  FROM v_opportunity_change c
  JOIN source s ON s.name = c.source
  LEFT JOIN stage bs ON c.field = 'stage' AND bs.source_id = s.id AND bs.external_id = c.old
  LEFT JOIN stage afs ON c.field = 'stage' AND afs.source_id = s.id AND afs.external_id = c.new
  LEFT JOIN user bu ON c.field = 'owner' AND bu.source_id = s.id AND bu.external_id = c.old
  LEFT JOIN user au ON c.field = 'owner' AND au.source_id = s.id AND au.external_id = c.new
 WHERE c.source = ?1 AND c.opportunity_id = ?2 AND c.changed_at <= ?3
 ORDER BY c.changed_at, c.field)sql");
    const std::string moment = second_of(as_of);
    rows.bind(1, opportunity.source).bind(2, opportunity.id).bind(3, moment);
    std::vector<PastChange> changes;
    while (rows.step()) {
        const auto text = [&](int column) { return std::string{rows.text(column)}; };
        changes.push_back({text(0), text(1), text(2), text(3), text(4), text(5)});
    }
    return changes;
}

}  // namespace nudged::warehouse
