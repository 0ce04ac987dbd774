// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/pull.hpp"

#include "connectors/base/on.hpp"
#include "connectors/sources/http/history.hpp"
#include "connectors/sources/http/join.hpp"

namespace nudged::sources {
namespace {

/// The streams whose records an answer of this one tells: itself first.
std::vector<const StreamPlan*> told_by(const Pull& pull, const StreamPlan& stream) {
    std::vector<const StreamPlan*> told{&stream};
    for (const auto index : stream.feeds) told.push_back(&pull.manifest.streams[index]);
    return told;
}

void keep_wanted(const Pull& pull, model::Page& page) {
    std::erase_if(page.records,
                  [&](const auto& record) { return !pull.wanted.contains(record.entity); });
}

/// Lists lack fields: what they told is forgotten, and each record read by its id.
asio::awaitable<void> read_details(const Pull& pull, const StreamPlan& stream, model::Page& page) {
    std::vector<std::string> ids;
    for (const auto& record : page.records)
        if (record.entity == stream.entity && !record.deleted) ids.emplace_back(record.id);
    std::erase_if(page.records, [&](const auto& record) {
        return record.entity == stream.entity && !record.deleted;
    });
    co_await read_by_ids(pull, stream, std::move(ids), page);
}

/// What decoding adds to a page, so that it can be taken away again.
struct Filled {
    explicit Filled(const model::Page& page)
        : records(page.records.size()),
          malformed_count(page.malformed_count),
          malformed(page.malformed.size()) {}
    void restore(model::Page& page) const {
        page.records.resize(records);
        page.malformed_count = malformed_count;
        page.malformed.resize(malformed);
    }
    std::size_t records;
    std::uint64_t malformed_count;
    std::size_t malformed;
};

}  // namespace

asio::awaitable<Tally> decode_on_worker(const Pull& pull, const std::set<std::size_t>& needed,
                                        const Decode& decode_all, model::Page& page) {
    const Filled before{page};
    auto tables = co_await pull.lookups.tables(pull, needed);
    auto work = [&] { return decode_all(tables); };
    auto tally = co_await on(pull.requester.workers(), work);
    if (tally.unknown.empty()) co_return tally;
    const bool is_new = co_await pull.lookups.renew(pull, tally.unknown);
    if (!is_new) co_return tally;
    before.restore(page);
    tables = co_await pull.lookups.tables(pull, needed);
    co_return co_await on(pull.requester.workers(), work);
}

Asking asking_for(const Pull& pull, const Call& call, const PageAt& at) {
    const auto& request = pull.request_of(call);
    Asking asking{.request = request, .variables = call.with};
    add_page(request.pager, at, asking.variables);
    asking.address = sources::address_of(request.pager, at);
    return asking;
}

PageSeen seen_in(const Answer& answer, const Tally& tally) {
    // In whatever order the rows come. Whoever only counts rows does not know them.
    std::uint64_t ids = tally.keys.size();
    for (const auto& row : tally.keys) ids += row.hash;
    return {.body = *answer.document,
            .headers = answer.headers,
            .rows = tally.rows,
            .last_id = tally.last_id,
            .ids = ids};
}

asio::awaitable<std::vector<Answer>> ask_all_pages(Requester& requester, Asking asking,
                                                   model::Page& page) {
    const auto& request = asking.request;
    std::vector<Answer> answers;
    for (std::optional<PageAt> at{PageAt{}}; at;) {
        add_page(request.pager, *at, asking.variables);
        asking.address = sources::address_of(request.pager, *at);
        auto answer = co_await requester.ask(asking, page);
        const PageAt here = std::move(*at);
        at.reset();
        if (answer.kind == ErrorClass::none) {
            Tally rows;
            request.records.each_element(
                *answer.document, [&](const json::Value&, const json::Value&) { ++rows.rows; });
            at = next_page(request.pager, here, seen_in(answer, rows));
        }
        answers.push_back(std::move(answer));
    }
    co_return answers;
}

namespace {

/// Asks about each row of a list; what is told of the list itself is its rows.
asio::awaitable<Tally> read_records_of_each(const Pull& pull, const Answer& answer,
                                            const StreamPlan& stream, const json::Path& records,
                                            model::Page& page) {
    const auto& plan = *stream.of_each;
    model::Page listed;
    auto tally = co_await read_ids(pull, answer, records, plan.listed, listed);
    for (const auto& ids : batches_of(listed, stream.entity, plan.batch)) {
        Asking asking{
            .request = pull.request_of(plan.call), .variables = plan.call.with, .ids = ids};
        const auto told = co_await ask_all_pages(pull.requester, std::move(asking), page);
        for (const auto& one : told)
            co_await read_ids(pull, one, plan.records, stream.record, page);
    }
    co_return tally;
}

}  // namespace

asio::awaitable<Tally> read_records(const Pull& pull, const Answer& answer,
                                    const StreamPlan& stream, const json::Path& records,
                                    model::Page& page) {
    if (stream.of_each)
        co_return co_await read_records_of_each(pull, answer, stream, records, page);
    // What a stream feeds stands beside its own records, unless it says otherwise.
    const auto place_of = [&](const StreamPlan& fed) -> const json::Path& {
        return fed.records == stream.records ? records : fed.records;
    };
    const Decode decode_all = [&](const LookupTables& tables) {
        auto tally = decode(*answer.document, records, stream.record, page, tables);
        for (const auto index : stream.feeds) {
            const auto& fed = pull.manifest.streams[index];
            auto also = decode(*answer.document, place_of(fed), fed.record, page, tables);
            tally.unknown.merge(also.unknown);
        }
        return tally;
    };
    std::set<std::size_t> needed;
    for (const auto* one : told_by(pull, stream)) needed.merge(lookups_of(one->record));
    auto tally = co_await decode_on_worker(pull, needed, decode_all, page);
    keep_wanted(pull, page);
    for (const auto* one : told_by(pull, stream))
        if (one->by_id && one->by_id->always) co_await read_details(pull, *one, page);
    co_return tally;
}

asio::awaitable<Tally> read_ids(const Pull& pull, const Answer& answer, const json::Path& records,
                                const RecordPlan& record, model::Page& page) {
    const Decode decode_all = [&](const LookupTables& tables) {
        return decode(*answer.document, records, record, page, tables);
    };
    const auto needed = lookups_of(record);
    co_return co_await decode_on_worker(pull, needed, decode_all, page);
}

void name_told(const Pull& pull, const StreamPlan& stream, model::Page& page) {
    for (const auto* one : told_by(pull, stream))
        if (one != &stream && pull.wants(*one)) page.also.push_back(one->entity);
}

asio::awaitable<void> complete_records(const Pull& pull, const StreamPlan& stream,
                                       model::Page& page) {
    name_told(pull, stream, page);
    for (const auto* one : told_by(pull, stream)) {
        if (!pull.wants(*one)) continue;
        co_await join_references(pull.requester, pull.manifest, *one, page);
        if (one->history) co_await add_history(pull, *one, page);
    }
}

}  // namespace nudged::sources
