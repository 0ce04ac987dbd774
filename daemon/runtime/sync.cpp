// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/sync.hpp"

#include "connectors/base/events.hpp"
#include "daemon/warehouse/cursors.hpp"
#include "daemon/warehouse/runs.hpp"
#include "daemon/warehouse/snapshots.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace nudged::runtime {
namespace {

asio::awaitable<warehouse::Stored> pull_pages(sources::Source& source, StreamTurn& turn,
                                              model::Cursor from,
                                              warehouse::Writer::PageQueue& queue,
                                              const TurnSink& sink,
                                              const std::function<bool()>& is_time_up) {
    std::size_t told = 0;
    for (bool more = true; more && !turn.paused;) {
        model::Page page = co_await source.fetch_page(turn.stream, from);
        from = page.cursor;
        more = page.more;
        turn.progress = page.progress;
        ++turn.stored.pages;
        turn.stored.records += page.records.size();
        turn.stored.malformed += page.malformed_count;
        for (const auto& bad : page.malformed) {
            if (++told > model::Page::max_told) break;  // the count at the end tells of the others
            tell(events::record_malformed, {{"source", turn.source},
                                            {"stream", turn.stream_name()},
                                            {"where", bad.where},
                                            {"what", bad.what}});
        }
        co_await queue.push(std::move(page));
        sink(turn);
        turn.paused = more && is_time_up && is_time_up();
    }
    co_return co_await queue.drain();
}

/// What a list of open records no longer tells is read by its ids, and stored as it is now: closed,
/// open all the same, or gone. Until then it stays as it was, so that a stop in between only leaves
/// it to the next round.
asio::awaitable<void> reread_vanished(sources::Source& source, StreamTurn& turn,
                                      warehouse::Writer& writer, bool full) {
    constexpr std::size_t most = 1000;  // of one round
    auto ids = std::exchange(turn.stored.to_reread, {});
    if (ids.empty()) co_return;
    if (ids.size() > most) ids.resize(most);
    auto stored = co_await reread_records(source, turn.source, turn.stream.entity, std::move(ids),
                                          writer, full);
    stored.pages = 0;  // none of the stream's own
    turn.stored += stored;
}

/// A first load ends where the increments began, which must be stored before: else what changed in
/// between would be nobody's.
asio::awaitable<void> await_increments(warehouse::Writer& writer, const std::string& source,
                                       model::Stream stream) {
    if (stream.lane != model::Lane::backfill) co_return;
    const model::Stream increments{stream.entity, model::Lane::incremental};
    auto read = [&](warehouse::Database& database) {
        return warehouse::read_cursor(database, source, increments);
    };
    const auto begun = co_await writer.run(read);
    if (begun.floor.empty())
        throw Failure(FailureKind::transient,
                      "the first load waits until the increments have begun");
}

void note_failure(StreamTurn& turn, const Failure& failure) {
    turn.failure_kind = failure.kind();
    turn.failure = failure.what();
    turn.retry_after = failure.retry_after();
}

void tell_end(const StreamTurn& turn, std::chrono::milliseconds took) {
    if (!turn.failed()) {
        tell(events::stream_synced, {{"source", turn.source},
                                     {"stream", turn.stream_name()},
                                     {"pages", turn.stored.pages},
                                     {"records", turn.stored.records},
                                     {"changed", turn.stored.changed},
                                     {"malformed", turn.stored.malformed},
                                     {"ms", took.count()}});
        return;
    }
    const auto& kind = *turn.failure_kind == FailureKind::needs_person ? events::stream_needs_person
                                                                       : events::stream_failed;
    tell(kind, {{"source", turn.source},
                {"stream", turn.stream_name()},
                {"kind", to_string(*turn.failure_kind)},
                {"why", turn.failure}});
}

}  // namespace

std::string StreamTurn::stream_name() const {
    std::string name{model::to_string(stream.entity)};
    if (stream.lane != model::Lane::incremental) name += fmt::format("/{}", to_string(stream.lane));
    return name;
}

asio::awaitable<void> declare(sources::Source& source, const sources::SourceOptions& options,
                              warehouse::Writer& writer, bool full) {
    std::vector<warehouse::ToldStream> told;
    for (const auto& one : source.told()) told.push_back({one.stream, one.by});
    auto work = [&](warehouse::Database& database) {
        warehouse::declare_streams(database, options.name, options.connector, told);
        if (full) warehouse::begin_full_load(database, options.name);
    };
    co_await writer.run(work);
}

asio::awaitable<StreamTurn> pull_stream(sources::Source& source,
                                        const sources::SourceOptions& options, model::Stream stream,
                                        warehouse::Writer& writer, const Clock& clock,
                                        const TurnSink& sink,
                                        const std::function<bool()>& is_time_up) {
    StreamTurn turn;
    turn.source = options.name;
    turn.stream = stream;
    const auto started_at = clock();
    bool begins_again = false;
    try {
        auto read = [&](warehouse::Database& database) {
            return std::pair{warehouse::read_cursor(database, options.name, stream),
                             warehouse::is_full_load(database, options.name, stream)};
        };
        auto start = co_await writer.run(read);
        co_await await_increments(writer, options.name, stream);
        auto queue =
            writer.open_queue(options.name, options.connector, stream, start.second, clock);
        turn.stored =
            co_await pull_pages(source, turn, std::move(start.first), queue, sink, is_time_up);
        co_await reread_vanished(source, turn, writer, start.second);
    } catch (const sources::DeadCredential& failure) {
        note_failure(turn, failure);
        turn.is_dead_credential = true;
    } catch (const sources::WalkBroken& failure) {
        note_failure(turn, failure);
        begins_again = true;
    } catch (const sources::NewsLost& failure) {
        note_failure(turn, failure);
        turn.begins_anew = true;
    } catch (const warehouse::FileFailure&) {
        throw;  // no stream's fault, and it cannot be written down
    } catch (const Failure& failure) {
        note_failure(turn, failure);
    } catch (const boost::system::system_error&) {
        throw;  // cancellation
    }
    if (begins_again) {
        auto clear = [&](warehouse::Database& database) {
            warehouse::clear_position(database, options.name, stream);
        };
        co_await writer.run(clear);
    }
    if (turn.begins_anew) {
        std::vector<model::Entity> entities;
        for (const auto& told : source.told())
            if (told.by == stream.entity) entities.push_back(told.stream.entity);
        auto forget = [&](warehouse::Database& database) {
            warehouse::begin_again(database, options.name, entities);
        };
        co_await writer.run(forget);
    }
    turn.ended = true;
    const auto ended_at = clock();
    warehouse::Run run{.kind = "sync",
                       .source = options.name,
                       .stream = turn.stream_name(),
                       .started_at = started_at,
                       .ended_at = ended_at,
                       .stored = turn.stored,
                       .failure_kind = turn.failure_kind,
                       .failure = turn.failure};
    auto log = [&](warehouse::Database& database) { warehouse::insert_run(database, run); };
    co_await writer.run(log);
    tell_end(turn, ended_at - started_at);
    sink(turn);
    co_return turn;
}

asio::awaitable<warehouse::Stored> reread_records(sources::Source& source, const std::string& name,
                                                  model::Entity entity,
                                                  std::vector<std::string> ids,
                                                  warehouse::Writer& writer, bool full) {
    const auto asked = ids.size();
    auto page = co_await source.fetch_records(entity, std::move(ids));
    const auto is_gone = [&](const model::Record& one) {
        return one.entity == entity && one.deleted;
    };
    const auto gone = static_cast<std::size_t>(std::ranges::count_if(page.records, is_gone));
    const bool is_doubtful = !full && warehouse::is_too_many(gone, asked);
    if (is_doubtful) {
        std::erase_if(page.records, is_gone);
        tell(events::snapshot_refused,
             {{"source", name}, {"entity", model::to_string(entity)}, {"records", gone}});
    }
    auto store = [&](warehouse::Database& database) {
        const auto id = warehouse::ensure_source(database, name, "");
        return warehouse::store_records(database, id, page, writer.rules());
    };
    auto stored = co_await writer.run(store);
    if (is_doubtful) stored.kept += gone;
    co_return stored;
}

}  // namespace nudged::runtime
