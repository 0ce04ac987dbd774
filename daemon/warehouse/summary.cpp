// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/summary.hpp"

namespace nudged::warehouse {
namespace {

std::optional<Instant> maybe_instant(const Statement& row, int column) {
    const auto millis = row.maybe_integer(column);
    return millis ? std::optional{from_millis(*millis)} : std::nullopt;
}

std::vector<StreamSummary> read_streams_of_all(const Database& database) {
    auto row = database.prepare(R"(
        WITH latest AS (
            SELECT source_id, stream, max(id) AS id FROM run WHERE kind = 'sync' GROUP BY source_id, stream
        ), stream AS (
            SELECT source_id, entity || CASE lane WHEN 'incremental' THEN '' ELSE '/' || lane END AS name,
                   complete_at
            FROM cursor
        )
        SELECT source.name, coalesce(stream.name, latest.stream), stream.complete_at,
               run.failure_kind, run.failure
        FROM latest
        JOIN source ON source.id = latest.source_id
        JOIN run ON run.id = latest.id
        LEFT JOIN stream ON stream.source_id = latest.source_id AND stream.name = latest.stream
        ORDER BY source.name, 2
    )");
    std::vector<StreamSummary> streams;
    while (row.step())
        streams.push_back({.source = std::string{row.text(0)},
                           .stream = std::string{row.text(1)},
                           .complete_at = maybe_instant(row, 2),
                           .failure_kind = std::string{row.text(3)},
                           .failure = std::string{row.text(4)}});
    return streams;
}

std::vector<ChannelSummary> read_channels(const Database& database) {
    auto row = database.prepare(R"(
        SELECT channel, paused_until, broken_since, broken_reason, last_success_at
        FROM channel_state ORDER BY channel
    )");
    std::vector<ChannelSummary> channels;
    while (row.step())
        channels.push_back({.channel = std::string{row.text(0)},
                            .paused_until = maybe_instant(row, 1),
                            .broken_since = maybe_instant(row, 2),
                            .broken_reason = std::string{row.text(3)},
                            .last_success_at = maybe_instant(row, 4)});
    return channels;
}

std::map<std::string, std::int64_t> count_by_state(Statement row) {
    std::map<std::string, std::int64_t> counts;
    while (row.step()) counts.emplace(row.text(0), row.integer(1));
    return counts;
}

}  // namespace

Summary read_summary(const Reader& reader) {
    const auto& database = reader.database();
    return {.streams = read_streams_of_all(database),
            .channels = read_channels(database),
            .findings = count_by_state(
                database.prepare("SELECT state, count(*) FROM finding GROUP BY state")),
            .messages = count_by_state(
                database.prepare("SELECT state, count(*) FROM outbox GROUP BY state")),
            .upkeep = read_upkeep(database),
            .recount = read_recount_state(database)};
}

}  // namespace nudged::warehouse
