// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/findings.hpp"

#include "connectors/base/failure.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace nudged::warehouse {
namespace {

constexpr std::array<std::string_view, 3> state_names{"open", "notified", "resolved"};

[[noreturn]] void fail(const char* what) {
    throw Failure(FailureKind::corrupt, fmt::format("a stored finding cannot be read: {}", what));
}

std::string to_json(const std::vector<Evidence>& evidence) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    writer.StartArray();
    for (const auto& fact : evidence) {
        writer.StartObject();
        writer.Key("label");
        writer.String(fact.label);
        writer.Key("value");
        writer.String(fact.value);
        writer.Key("url");
        writer.String(fact.url);
        writer.EndObject();
    }
    writer.EndArray();
    return {buffer.GetString(), buffer.GetSize()};
}

std::vector<Evidence> parse_evidence(std::string_view json) {
    rapidjson::Document document;
    if (document.Parse(json.data(), json.size()).HasParseError() || !document.IsArray())
        fail("its evidence is no list");
    std::vector<Evidence> evidence;
    for (const auto& fact : document.GetArray()) {
        if (!fact.IsObject()) fail("its evidence holds no facts");
        const auto text = [&](const char* name) -> std::string {
            const auto found = fact.FindMember(name);
            if (found == fact.MemberEnd() || !found->value.IsString()) fail("a fact is incomplete");
            return {found->value.GetString(), found->value.GetStringLength()};
        };
        evidence.push_back({text("label"), text("value"), text("url")});
    }
    return evidence;
}

/// Rows in the order of read_row(); `rest` is what follows the table's name.
Statement select(const Database& database, std::string_view rest) {
    return database.prepare(fmt::format(R"sql(
        SELECT id, episode, state, opened_at, seen_at, notified_at, notified_severity, resolved_at,
            fingerprint, check_id, severity, is_praise, subject_type, subject_source, subject_id,
            subject_name, subject_url, aspect, amount, owner_id, team, since, summary, question,
            evidence
        FROM finding {}
    )sql",
                                        rest));
}

Episode read_episode(const Statement& row) {
    Episode episode;
    episode.id = FindingId{row.integer(0)};
    episode.number = static_cast<int>(row.integer(1));
    const auto state = std::find(state_names.begin(), state_names.end(), row.text(2));
    if (state == state_names.end()) fail("its state is unknown");
    episode.state = static_cast<FindingState>(state - state_names.begin());
    episode.opened_at = from_millis(row.integer(3));
    episode.seen_at = from_millis(row.integer(4));
    episode.notified_at = row.maybe_instant(5);
    if (!row.is_null(6)) episode.notified_severity = severity_of(row.text(6));
    episode.resolved_at = row.maybe_instant(7);
    return episode;
}

StoredFinding read_row(const Statement& row) {
    StoredFinding stored;
    stored.episode = read_episode(row);
    stored.fingerprint = row.text(8);
    auto& finding = stored.finding;
    finding.check = row.text(9);
    const auto severity = severity_of(row.text(10));
    if (!severity) fail("its severity is unknown");
    finding.severity = *severity;
    finding.is_praise = row.integer(11) != 0;
    finding.subject = {std::string{row.text(12)}, std::string{row.text(13)},
                       std::string{row.text(14)}, std::string{row.text(15)},
                       std::string{row.text(16)}};
    finding.aspect = row.text(17);
    if (!row.is_null(18)) finding.amount = Decimal::parse(row.text(18));
    finding.owner = PersonId{row.integer(19)};
    finding.team = row.text(20);
    finding.since = from_millis(row.integer(21));
    finding.summary = row.text(22);
    finding.question = row.text(23);
    finding.evidence = parse_evidence(row.text(24));
    return stored;
}

std::vector<StoredFinding> read_rows(Statement statement) {
    std::vector<StoredFinding> rows;
    while (statement.step()) rows.push_back(read_row(statement));
    return rows;
}

/// Amounts are exact decimals, which SQL cannot compare.
bool comes_first(const StoredFinding& a, const StoredFinding& b) {
    const auto rank = [](const StoredFinding& stored) {
        return std::tuple{-static_cast<int>(stored.finding.severity),
                          stored.finding.amount.has_value() ? 0 : 1};
    };
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    if (a.finding.amount != b.finding.amount) return *a.finding.amount > *b.finding.amount;
    return std::tie(a.finding.since, a.episode.id) < std::tie(b.finding.since, b.episode.id);
}

/// What keep and open both write, from parameter `first` on; `amount` and `evidence` outlive it.
void bind_contents(Statement& statement, int first, const Finding& finding,
                   const std::optional<std::string>& amount, const std::string& evidence) {
    int at = first;
    statement.bind(at++, to_string(finding.severity));
    statement.bind(at++, finding.is_praise);
    statement.bind(at++, std::string_view{finding.subject.name});
    statement.bind(at++, std::string_view{finding.subject.url});
    if (amount)
        statement.bind(at++, std::string_view{*amount});
    else
        statement.bind_null(at++);
    if (finding.owner == PersonId::nobody)
        statement.bind_null(at++);
    else
        statement.bind(at++, finding.owner);
    statement.bind(at++, std::string_view{finding.team});
    statement.bind(at++, finding.since);
    statement.bind(at++, std::string_view{finding.summary});
    statement.bind(at++, std::string_view{finding.question});
    statement.bind(at++, std::string_view{evidence});
}

std::optional<std::string> amount_text(const Finding& finding) {
    return finding.amount ? std::optional{finding.amount->str()} : std::nullopt;
}

}  // namespace

std::string_view to_string(FindingState state) {
    return state_names[static_cast<std::size_t>(state)];
}

std::vector<StoredFinding> read_live_findings(const Database& database,
                                              const FindingFilter& filter) {
    auto statement = select(database, "WHERE state <> 'resolved' AND (?1 IS NULL OR team = ?1) AND "
                                      "(?2 IS NULL OR owner_id = ?2)");
    if (filter.team) statement.bind(1, std::string_view{*filter.team});
    statement.bind(2, filter.owner);
    auto rows = read_rows(std::move(statement));
    std::sort(rows.begin(), rows.end(), comes_first);
    return rows;
}

std::vector<StoredFinding> read_live_findings(const Reader& reader, const FindingFilter& filter) {
    return read_live_findings(reader.database(), filter);
}

std::optional<StoredFinding> read_finding(const Database& database, FindingId id) {
    auto statement = select(database, "WHERE id = ?1");
    statement.bind(1, id);
    if (!statement.step()) return std::nullopt;
    return read_row(statement);
}

std::vector<StoredFinding> read_findings(const Reader& reader, std::string_view fingerprint_begin) {
    auto statement = select(reader.database(), R"sql(AS latest
        WHERE substr(fingerprint, 1, length(?1)) = ?1
          AND episode = (SELECT max(episode) FROM finding WHERE fingerprint = latest.fingerprint)
        ORDER BY fingerprint
    )sql");
    statement.bind(1, fingerprint_begin);
    return read_rows(std::move(statement));
}

std::vector<Episode> read_episodes(const Reader& reader, std::string_view fingerprint) {
    auto statement = select(reader.database(), "WHERE fingerprint = ?1 ORDER BY episode");
    statement.bind(1, fingerprint);
    std::vector<Episode> episodes;
    while (statement.step()) episodes.push_back(read_episode(statement));
    return episodes;
}

std::vector<StoredFinding> read_unsettled(const Reader& reader, std::string_view team,
                                          Instant since) {
    auto statement = select(reader.database(), R"sql(AS f
        WHERE state = 'resolved' AND notified_at IS NOT NULL AND NOT is_praise AND team = ?1
          AND resolved_at >= ?2
          AND NOT EXISTS (SELECT 1 FROM finding_event e WHERE e.finding_id = f.id
                             AND e.at >= f.resolved_at AND (e.what = 'settled'
                                  OR e.what = 'resolved' AND e.note <> ''))
        ORDER BY resolved_at DESC
    )sql");
    statement.bind(1, team).bind(2, since);
    return read_rows(std::move(statement));
}

std::vector<StoredFinding> read_disputed_findings(const Database& database) {
    return read_rows(select(database, "WHERE state = 'resolved' AND id IN (SELECT finding_id FROM "
                                      "finding_answer WHERE kind = 'disputed')"));
}

bool has_told(const Database& database, std::string_view team) {
    return database
        .prepare("SELECT 1 FROM finding WHERE team = ?1 AND notified_at IS NOT NULL LIMIT 1")
        .bind(1, team)
        .step();
}

std::optional<Episode> read_latest_episode(const Database& database, std::string_view fingerprint) {
    auto statement = select(database, "WHERE fingerprint = ?1 ORDER BY episode DESC LIMIT 1");
    statement.bind(1, fingerprint);
    if (!statement.step()) return std::nullopt;
    return read_episode(statement);
}

FindingId open_finding(Database& database, const Finding& finding, int number, Instant now) {
    const auto fingerprint = finding.fingerprint();
    const auto amount = amount_text(finding);
    const auto evidence = to_json(finding.evidence);
    auto statement = database.prepare(R"sql(
        INSERT INTO finding (fingerprint, episode, check_id, subject_type, subject_source,
            subject_id, aspect, opened_at, seen_at, severity, is_praise, subject_name, subject_url,
            amount, owner_id, team, since, summary, question, evidence, state)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
            ?19, 'open')
    )sql");
    statement.bind(1, std::string_view{fingerprint})
        .bind(2, number)
        .bind(3, std::string_view{finding.check})
        .bind(4, std::string_view{finding.subject.type})
        .bind(5, std::string_view{finding.subject.source})
        .bind(6, std::string_view{finding.subject.id})
        .bind(7, std::string_view{finding.aspect})
        .bind(8, now);
    bind_contents(statement, 9, finding, amount, evidence);
    statement.run();
    const FindingId id{database.last_insert_id()};
    note_finding(database, id, FindingChange::opened, now);
    database
        .prepare("INSERT INTO finding_answer SELECT ?1, a.kind, a.until_at, a.reason, a.facts, "
                 "a.answered_at, a.answered_by, a.note FROM finding_answer a JOIN finding f ON "
                 "f.id = a.finding_id WHERE f.fingerprint = ?2 AND f.episode = ?3 AND "
                 "a.kind = 'dismissed'")
        .bind(1, id)
        .bind(2, std::string_view{fingerprint})
        .bind(3, number - 1)
        .run();
    return id;
}

void keep_finding(Database& database, FindingId id, const Finding& finding, Instant now) {
    const auto amount = amount_text(finding);
    const auto evidence = to_json(finding.evidence);
    auto statement = database.prepare(R"sql(
        UPDATE finding SET seen_at = ?2, resolved_at = NULL,
            state = CASE WHEN notified_at IS NULL THEN 'open' ELSE 'notified' END,
            severity = ?3, is_praise = ?4, subject_name = ?5, subject_url = ?6, amount = ?7,
            owner_id = ?8, team = ?9, since = ?10, summary = ?11, question = ?12, evidence = ?13
        WHERE id = ?1
    )sql");
    statement.bind(1, id).bind(2, now);
    bind_contents(statement, 3, finding, amount, evidence);
    statement.run();
}

void resolve_finding(Database& database, FindingId id, Instant now, std::string_view cause) {
    database.prepare("UPDATE finding SET state = 'resolved', resolved_at = ?2 WHERE id = ?1")
        .bind(1, id)
        .bind(2, now)
        .run();
    note_finding(database, id, FindingChange::resolved, now, {}, cause);
    // Somebody is at it, or does not want to hear of it for a while: that is over with it. That it
    // is wrong is not, before somebody has looked: what was disputed may be held because of that.
    database
        .prepare("DELETE FROM finding_answer WHERE finding_id = ?1 AND kind NOT IN "
                 "('dismissed', 'disputed')")
        .bind(1, id)
        .run();
}

void mark_notified(Database& database, std::span<const FindingId> ids, Instant now,
                   FindingChange why, std::string_view message) {
    auto statement = database.prepare(R"sql(
        UPDATE finding SET notified_at = ?2, notified_severity = severity,
            state = CASE state WHEN 'open' THEN 'notified' ELSE state END
        WHERE id = ?1
    )sql");
    for (const auto id : ids) {
        statement.bind(1, id).bind(2, now).run();
        note_finding(database, id, why, now, {}, message);
    }
}

}  // namespace nudged::warehouse
