// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/finding_answers.hpp"

#include "connectors/base/failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nudged::warehouse {
namespace {

constexpr std::array<std::string_view, 4> kinds{"acknowledged", "snoozed", "dismissed", "disputed"};
constexpr std::array<std::string_view, 4> reasons{"not_relevant", "wrong_data", "known",
                                                  "too_early"};
constexpr std::array<std::string_view, 19> changes{
    "opened",    "reopened",  "told",       "repeated",  "worsened", "woken",    "acknowledged",
    "snoozed",   "dismissed", "taken_back", "resolved",  "settled",  "heads_up", "escalated",
    "passed_on", "shadowed",  "disputed",   "corrected", "untold"};

constexpr std::string_view answer_columns =
    "a.kind, a.until_at, a.reason, a.facts, a.answered_at, a.answered_by, a.note";

/// Columns as answer_columns, from `first` on.
Answer read_answer_at(const Statement& row, int first) {
    const auto* kind = std::find(kinds.begin(), kinds.end(), row.text(first));
    if (kind == kinds.end())
        throw Failure(FailureKind::corrupt, "an answer to a finding cannot be read");
    return {.kind = static_cast<AnswerKind>(kind - kinds.begin()),
            .until = row.maybe_instant(first + 1),
            .reason = std::string{row.text(first + 2)},
            .facts = std::string{row.text(first + 3)},
            .at = from_millis(row.integer(first + 4)),
            .by = std::string{row.text(first + 5)},
            .note = std::string{row.text(first + 6)}};
}

}  // namespace

std::string_view to_string(AnswerKind kind) {
    return kinds[static_cast<std::size_t>(kind)];
}

std::string_view to_string(FindingChange change) {
    return changes[static_cast<std::size_t>(change)];
}

std::span<const std::string_view> dismissal_reasons() {
    return reasons;
}

std::string facts_of(const Finding& finding, Instant as_of) {
    // What is about people looks at the latest weeks, and begins with the first of them.
    const bool is_of_record = !finding.subject.source.empty();
    const auto since = !is_of_record || finding.since >= as_of ? Instant{} : finding.since;
    return fmt::format("{}|{}|{}|{}", to_string(finding.severity),
                       static_cast<std::int64_t>(finding.owner),
                       finding.amount ? finding.amount->str() : "", to_millis(since));
}

std::optional<Answer> read_answer(const Database& database, FindingId id) {
    auto row = database.prepare(
        fmt::format("SELECT {} FROM finding_answer a WHERE a.finding_id = ?1", answer_columns));
    row.bind(1, id);
    if (!row.step()) return std::nullopt;
    return read_answer_at(row, 0);
}

std::map<FindingId, Answer> read_answers(const Database& database) {
    auto rows = database.prepare(
        fmt::format("SELECT a.finding_id, {} FROM finding_answer a JOIN finding f ON f.id = "
                    "a.finding_id WHERE f.state <> 'resolved'",
                    answer_columns));
    std::map<FindingId, Answer> answers;
    while (rows.step()) answers.emplace(FindingId{rows.integer(0)}, read_answer_at(rows, 1));
    return answers;
}

std::set<std::pair<PersonId, std::string>> read_disputed_weeks(const Database& database) {
    auto rows = database.prepare(R"sql(
        SELECT CAST(f.subject_id AS INTEGER), f.aspect
        FROM finding_answer a JOIN finding f ON f.id = a.finding_id
        WHERE f.check_id LIKE 'commit.%' AND f.subject_type = 'person'
          AND (a.kind = 'disputed' OR (a.kind = 'dismissed' AND a.reason = 'wrong_data'))
    )sql");
    std::set<std::pair<PersonId, std::string>> weeks;
    while (rows.step()) weeks.emplace(PersonId{rows.integer(0)}, std::string{rows.text(1)});
    return weeks;
}

std::vector<FindingEvent> read_finding_events(const Reader& reader, std::string_view fingerprint) {
    auto rows = reader.database().prepare(
        "SELECT e.at, e.what, e.done_by, e.note FROM finding_event e JOIN finding f ON f.id = "
        "e.finding_id WHERE f.fingerprint = ?1 ORDER BY e.id");
    rows.bind(1, fingerprint);
    std::vector<FindingEvent> events;
    while (rows.step())
        events.push_back({from_millis(rows.integer(0)), std::string{rows.text(1)},
                          std::string{rows.text(2)}, std::string{rows.text(3)}});
    return events;
}

void save_answer(Database& database, FindingId id, const Answer& answer) {
    auto save = database.prepare(
        "INSERT OR REPLACE INTO finding_answer (finding_id, kind, until_at, reason, facts, "
        "answered_at, answered_by, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    save.bind(1, id).bind(2, to_string(answer.kind)).bind(3, answer.until);
    save.bind(4, std::string_view{answer.reason}).bind(5, std::string_view{answer.facts});
    save.bind(6, answer.at).bind(7, std::string_view{answer.by});
    save.bind(8, std::string_view{answer.note}).run();
}

bool drop_answer(Database& database, FindingId id) {
    return database.prepare("DELETE FROM finding_answer WHERE finding_id = ?1").bind(1, id).run() >
           0;
}

void note_finding(Database& database, FindingId id, FindingChange change, Instant at,
                  std::string_view by, std::string_view note) {
    database
        .prepare("INSERT INTO finding_event (finding_id, at, what, done_by, note) VALUES (?1, ?2, "
                 "?3, ?4, ?5)")
        .bind(1, id)
        .bind(2, at)
        .bind(3, to_string(change))
        .bind(4, by)
        .bind(5, note)
        .run();
}

}  // namespace nudged::warehouse
