// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/escalations.hpp"

#include "connectors/base/text.hpp"
#include "daemon/warehouse/persons.hpp"

#include <fmt/format.h>

namespace nudged::warehouse {
namespace {

[[noreturn]] void refuse(const std::string& what) {
    throw Failure(FailureKind::refused, what);
}

struct State {
    bool is_closed = false;
    bool is_reviewed = false;
};

State read_state(const Database& database, EscalationId id) {
    auto row = database.prepare("SELECT closed_at IS NOT NULL, reviewed_at IS NOT NULL FROM "
                                "escalation WHERE id = ?1");
    row.bind(1, id);
    if (!row.step())
        refuse(fmt::format("there is no escalation {}; `nudged escalation list --all` shows those "
                           "that there are",
                           static_cast<std::int64_t>(id)));
    return {row.integer(0) != 0, row.integer(1) != 0};
}

void require_open(const Database& database, EscalationId id) {
    if (read_state(database, id).is_closed)
        refuse(fmt::format("escalation {} is closed; open another one if it has come back",
                           static_cast<std::int64_t>(id)));
}

void require_text(std::string_view text, const char* what) {
    if (trim(text).empty()) refuse(what);
}

void add_update(Database& database, EscalationId id, std::string_view text, Instant now) {
    database.prepare("INSERT INTO escalation_update (escalation_id, at, body) VALUES (?1, ?2, ?3)")
        .bind(1, id)
        .bind(2, now)
        .bind(3, text)
        .run();
}

/// What was written after `as_of` has not happened yet.
std::optional<Instant> up_to(std::optional<Instant> at, Instant as_of) {
    return at && *at <= as_of ? at : std::nullopt;
}

std::vector<EscalationUpdate> read_updates(const Database& database, EscalationId id,
                                           Instant as_of) {
    auto rows = database.prepare("SELECT at, body FROM escalation_update WHERE escalation_id = ?1 "
                                 "AND at <= ?2 ORDER BY at, id");
    rows.bind(1, id).bind(2, as_of);
    std::vector<EscalationUpdate> updates;
    while (rows.step())
        updates.push_back({from_millis(rows.integer(0)), std::string{rows.text(1)}});
    return updates;
}

}  // namespace

EscalationId open_escalation(Database& database, const EscalationDraft& draft, Instant now) {
    require_text(draft.customer, "an escalation needs a customer: --customer NAME");
    auto row = database.prepare("INSERT INTO escalation (customer, rep_id, manager_id, team, "
                                "opened_at, next_step) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    row.bind(1, draft.customer).bind(3, draft.manager).bind(4, draft.team).bind(5, now);
    if (draft.rep != PersonId::nobody) row.bind(2, draft.rep);
    row.bind(6, draft.next_step).run();
    const EscalationId id{database.last_insert_id()};
    if (!trim(draft.text).empty()) add_update(database, id, draft.text, now);
    return id;
}

void update_escalation(Database& database, EscalationId id, std::string_view text,
                       std::string_view next_step, Instant now) {
    require_open(database, id);
    require_text(text, "an update needs a text: --text \"what has happened\"");
    add_update(database, id, text, now);
    if (!trim(next_step).empty())
        database.prepare("UPDATE escalation SET next_step = ?2 WHERE id = ?1")
            .bind(1, id)
            .bind(2, next_step)
            .run();
}

void close_escalation(Database& database, EscalationId id, std::string_view outcome, Instant now) {
    require_open(database, id);
    require_text(outcome, "an escalation closes with its outcome: --outcome \"what came of it\"");
    database.prepare("UPDATE escalation SET closed_at = ?2, outcome = ?3 WHERE id = ?1")
        .bind(1, id)
        .bind(2, now)
        .bind(3, outcome)
        .run();
}

void review_escalation(Database& database, EscalationId id, std::string_view review, Instant now) {
    const auto state = read_state(database, id);
    if (!state.is_closed)
        refuse(fmt::format("escalation {} is open; it is reviewed once it is closed",
                           static_cast<std::int64_t>(id)));
    if (state.is_reviewed)
        refuse(fmt::format("escalation {} has its review", static_cast<std::int64_t>(id)));
    require_text(review, "a review needs a text: --text \"what we learnt\"");
    database.prepare("UPDATE escalation SET reviewed_at = ?2, review = ?3 WHERE id = ?1")
        .bind(1, id)
        .bind(2, now)
        .bind(3, review)
        .run();
}

std::vector<Escalation> read_escalations(const Reader& reader, Instant as_of) {
    const auto& database = reader.database();
    auto rows = database.prepare(R"sql(
SELECT e.id, e.customer, e.rep_id, e.manager_id, r.name, m.name, e.team, e.opened_at, e.next_step,
       e.closed_at, e.outcome, e.reviewed_at, e.review
  FROM escalation e LEFT JOIN person r ON r.id = e.rep_id LEFT JOIN person m ON m.id = e.manager_id
 WHERE e.opened_at <= ?1 ORDER BY e.opened_at, e.id)sql");
    rows.bind(1, as_of);
    std::vector<Escalation> all;
    while (rows.step()) {
        Escalation one;
        one.id = EscalationId{rows.integer(0)};
        one.customer = rows.text(1);
        if (!rows.is_null(2)) one.rep = counted_as(database, PersonId{rows.integer(2)});
        if (!rows.is_null(3)) one.manager = counted_as(database, PersonId{rows.integer(3)});
        one.rep_name = rows.text(4);
        one.manager_name = rows.text(5);
        one.team = rows.text(6);
        one.opened_at = from_millis(rows.integer(7));
        one.next_step = rows.text(8);
        one.closed_at = up_to(rows.maybe_instant(9), as_of);
        if (one.closed_at) one.outcome = rows.text(10);
        one.reviewed_at = up_to(rows.maybe_instant(11), as_of);
        if (one.reviewed_at) one.review = rows.text(12);
        one.updates = read_updates(database, one.id, as_of);
        one.updated_at = one.updates.empty() ? one.opened_at : one.updates.back().at;
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace nudged::warehouse
