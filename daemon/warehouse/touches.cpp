// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/touches.hpp"

#include "connectors/base/text.hpp"
#include "daemon/warehouse/merges.hpp"
#include "daemon/warehouse/row_text.hpp"

#include <algorithm>
#include <array>

namespace nudged::warehouse {
namespace {

// Every statement here takes: ?1 the source's row, ?2 the ids as a JSON array, ?3 the moment, ?4
// beginnings of automatic subjects and ?5 ids of integration users as JSON arrays, ?6 how many
// e-mails are mass mail, which are counted no further than that. $call, $meeting and $email stand
// for what counts as a touch of the row c, m or e; the indexes by opportunity and by account, with
// the time behind, lead to the last one without a look at the others.
constexpr std::string_view is_call = R"sql(c.started_at <= ?3
     AND c.is_planned IS NOT 1 AND c.deleted_at IS NULL
     AND (?5 = '[]' OR COALESCE(c.owner, '') NOT IN (SELECT value FROM json_each(?5))))sql";
constexpr std::string_view is_meeting = R"sql(m.starts_at <= ?3 AND m.deleted_at IS NULL
     AND COALESCE(m.outcome, 'held') NOT IN ('cancelled', 'rescheduled', 'no_show')
     AND (?5 = '[]' OR COALESCE(m.owner, '') NOT IN (SELECT value FROM json_each(?5))))sql";
constexpr std::string_view is_email = R"sql(e.sent_at <= ?3 AND e.deleted_at IS NULL
     AND COALESCE(e.status, 'sent') NOT IN ('scheduled', 'draft', 'failed', 'bounced')
     AND (?5 = '[]' OR COALESCE(e.owner, '') NOT IN (SELECT value FROM json_each(?5)))
     AND NOT EXISTS (SELECT 1 FROM json_each(?4) p WHERE e.subject LIKE p.value || '%')
     AND (e.direction IS 'inbound' OR e.subject IS NULL OR e.owner IS NULL
          OR (SELECT count(*) FROM
                (SELECT DISTINCT COALESCE(o.contact, o.external_id) FROM email o
                  WHERE o.source_id = e.source_id AND o.owner = e.owner AND o.subject = e.subject
                    AND o.sent_at BETWEEN e.sent_at - 600000 AND e.sent_at + 600000
                    AND o.deleted_at IS NULL LIMIT ?6)) < ?6))sql";

constexpr std::string_view last_sql = R"sql(
WITH last AS MATERIALIZED (
  SELECT a.value AS id,
         (SELECT c.id FROM call c WHERE c.source_id = ?1 AND $link(c) AND $call
           ORDER BY c.started_at DESC LIMIT 1) AS call_id,
         (SELECT m.id FROM meeting m WHERE m.source_id = ?1 AND $link(m) AND $meeting
           ORDER BY m.starts_at DESC LIMIT 1) AS meeting_id,
         (SELECT e.id FROM email e WHERE e.source_id = ?1 AND $link(e) AND $email
           ORDER BY e.sent_at DESC LIMIT 1) AS email_id,
         (SELECT max(t.ended) FROM (SELECT COALESCE(x.deleted_at, x.completed_at) AS ended
            FROM task x WHERE x.source_id = ?1 AND $link(x) AND x.is_series IS NOT 1) t
           WHERE t.ended <= ?3) AS task_end
    FROM json_each(?2) a
)
SELECT l.id, c.started_at, c.subject, c.url, m.starts_at, m.subject, m.url,
       e.sent_at, e.subject, e.url, l.task_end
  FROM last l
  LEFT JOIN call c ON c.id = l.call_id
  LEFT JOIN meeting m ON m.id = l.meeting_id
  LEFT JOIN email e ON e.id = l.email_id)sql";

// Directions: 0 outbound, 1 inbound, 2 not known.
constexpr std::string_view all_sql = R"sql(
SELECT a.value, 0, c.started_at, c.subject, c.url, c.contact, c.owner,
       CASE WHEN c.direction = 'inbound' OR c.outcome = 'connected' THEN 1
            WHEN c.outcome IS NOT NULL THEN 0 WHEN c.duration_s >= 60 THEN 1
            WHEN c.duration_s IS NOT NULL THEN 0 ELSE 2 END
  FROM json_each(?2) a CROSS JOIN call c
 WHERE c.source_id = ?1 AND $link(c) AND c.started_at > ?7 AND $call
UNION ALL
SELECT a.value, 1, m.starts_at, m.subject, m.url, m.contact, m.owner, 1
  FROM json_each(?2) a CROSS JOIN meeting m
 WHERE m.source_id = ?1 AND $link(m) AND m.starts_at > ?7 AND $meeting
UNION ALL
SELECT a.value, 2, e.sent_at, e.subject, e.url, e.contact, e.owner,
       CASE WHEN e.direction = 'inbound' OR e.status = 'received' THEN 1
            WHEN e.direction = 'outbound' THEN 0 ELSE 2 END
  FROM json_each(?2) a CROSS JOIN email e
 WHERE e.source_id = ?1 AND $link(e) AND e.sent_at > ?7 AND $email)sql";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

std::string completed(std::string_view sql, TouchLink link) {
    std::string text{sql};
    replace_all(text, "$call", is_call);
    replace_all(text, "$meeting", is_meeting);
    replace_all(text, "$email", is_email);
    for (const std::string table : {"c", "m", "e", "x"}) {
        const auto column = table + (link == TouchLink::opportunity ? ".opportunity" : ".account");
        auto condition = column + " = a.value";
        if (link == TouchLink::account_alone) condition += " AND " + table + ".opportunity IS NULL";
        replace_all(text, "$link(" + table + ")", condition);
    }
    return text;
}

/// The text of a statement for each link, made once.
const std::string& statement(std::string_view sql, TouchLink link) {
    using Texts = std::array<std::string, 3>;
    const auto make = [](std::string_view of) {
        return Texts{completed(of, TouchLink::opportunity), completed(of, TouchLink::account),
                     completed(of, TouchLink::account_alone)};
    };
    static const Texts last = make(last_sql);
    static const Texts all = make(all_sql);
    return (sql == last_sql ? last : all)[static_cast<std::size_t>(link)];
}

std::string users_of(const std::string& source, const std::vector<std::string>& users) {
    std::vector<std::string> ids;
    for (const auto& user : users)
        if (user.starts_with(source + "/")) ids.push_back(user.substr(source.size() + 1));
    return json_array(ids);
}

model::Entity entity_of(TouchLink link) {
    return link == TouchLink::opportunity ? model::Entity::opportunity : model::Entity::account;
}

/// Runs `sql` once a source for the records and for all that was merged into them, and hands each
/// row over with the record that it belongs to.
template <typename Take>
void for_each_row(const Reader& reader, std::string_view sql, TouchLink link,
                  const std::vector<RecordKey>& records, const Noise& noise, Instant as_of,
                  const std::optional<Instant>& from, Take take) {
    const Merges merges{reader, entity_of(link), as_of};
    std::map<std::string, std::vector<std::string>> ids;
    for (const auto& record : records) {
        ids[record.source].push_back(record.id);
        for (const auto& part : merges.parts_of(record)) ids[part.source].push_back(part.id);
    }
    const auto automatic = json_array(noise.automatic_subjects);
    for (auto& [source, of_source] : ids) {
        std::sort(of_source.begin(), of_source.end());
        of_source.erase(std::unique(of_source.begin(), of_source.end()), of_source.end());
        const auto array = json_array(of_source);
        const auto users = users_of(source, noise.integration_users);
        auto row_of = reader.database().prepare("SELECT id FROM source WHERE name = ?1");
        row_of.bind(1, source);
        if (!row_of.step()) continue;
        auto rows = reader.database().prepare(statement(sql, link));
        rows.bind(1, row_of.integer(0)).bind(2, array).bind(3, as_of).bind(4, automatic);
        rows.bind(5, users).bind(6, noise.mass_mail);
        if (from) rows.bind(7, *from);
        while (rows.step()) take(merges.survivor({source, std::string{rows.text(0)}}), rows);
    }
}

std::optional<Touch> touch_at(const Statement& row, int column, Touch::Kind kind) {
    const auto at = row.maybe_instant(column);
    if (!at) return std::nullopt;
    Touch touch;
    touch.kind = kind;
    touch.at = *at;
    touch.subject = row.text(column + 1);
    touch.url = row.text(column + 2);
    return touch;
}

void keep_later(std::optional<Touch>& one, const std::optional<Touch>& other) {
    if (other && (!one || other->at > one->at)) one = other;
}

}  // namespace

std::string_view to_string(Touch::Kind kind) {
    switch (kind) {
    case Touch::Kind::call: return "call";
    case Touch::Kind::meeting: return "meeting";
    case Touch::Kind::email: return "e-mail";
    }
    return "";
}

const Touch* LastTouches::latest() const {
    const Touch* latest = nullptr;
    for (const auto* touch : {&call, &meeting, &email})
        if (*touch && (!latest || (*touch)->at > latest->at)) latest = &**touch;
    return latest;
}

void LastTouches::add(const LastTouches& other) {
    keep_later(call, other.call);
    keep_later(meeting, other.meeting);
    keep_later(email, other.email);
}

std::map<RecordKey, LastSigns> read_last_signs(const Reader& reader, TouchLink link,
                                               const std::vector<RecordKey>& records,
                                               const Noise& noise, Instant as_of) {
    std::map<RecordKey, LastSigns> signs;
    for_each_row(reader, last_sql, link, records, noise, as_of, std::nullopt,
                 [&](RecordKey key, const Statement& row) {
                     auto& known = signs[std::move(key)];
                     known.touches.add({touch_at(row, 1, Touch::Kind::call),
                                        touch_at(row, 4, Touch::Kind::meeting),
                                        touch_at(row, 7, Touch::Kind::email)});
                     const auto ended = row.maybe_instant(10);
                     if (ended && (!known.task_end || *ended > *known.task_end))
                         known.task_end = ended;
                 });
    return signs;
}

std::map<RecordKey, std::vector<Touch>> read_touches(const Reader& reader, TouchLink link,
                                                     const std::vector<RecordKey>& records,
                                                     const Noise& noise, Instant from,
                                                     Instant as_of) {
    const Merges contacts{reader, model::Entity::contact, as_of};
    std::map<RecordKey, std::vector<Touch>> touches;
    for_each_row(reader, all_sql, link, records, noise, as_of, from,
                 [&](RecordKey key, const Statement& row) {
                     auto touch = *touch_at(row, 2, static_cast<Touch::Kind>(row.integer(1)));
                     touch.contact = contacts.survivor({key.source, std::string{row.text(5)}}).id;
                     touch.owner = row.text(6);
                     touch.direction = static_cast<Touch::Direction>(row.integer(7));
                     touches[std::move(key)].push_back(std::move(touch));
                 });
    for (auto& [key, of_record] : touches)
        std::stable_sort(of_record.begin(), of_record.end(),
                         [](const auto& one, const auto& other) { return one.at < other.at; });
    return touches;
}

std::string thread_of(std::string_view subject) {
    constexpr std::array prefixes{"re:", "fw:", "fwd:", "aw:", "wg:", "sv:", "tr:", "r:"};
    std::string text = to_lower_ascii(trim(subject));
    for (bool found = true; found;) {
        found = false;
        for (const std::string_view prefix : prefixes)
            if (text.starts_with(prefix)) {
                text = trim(std::string_view{text}.substr(prefix.size()));
                found = true;
            }
    }
    return text;
}

}  // namespace nudged::warehouse
