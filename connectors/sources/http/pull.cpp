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

}  // namespace

Asking asking_for(const Pull& pull, const Call& call, const PageAt& at) {
    const auto& request = pull.request_of(call);
    Asking asking{.request = request, .variables = call.with};
    add_page(request.pager, at, asking.variables);
    asking.address = sources::address_of(request.pager, at);
    return asking;
}

PageSeen seen_in(const Answer& answer, const Tally& tally) {
    return {.body = *answer.document,
            .headers = answer.headers,
            .rows = tally.rows,
            .last_id = tally.last_id};
}

asio::awaitable<Tally> read_records(const Pull& pull, const Answer& answer,
                                    const StreamPlan& stream, const json::Path& records,
                                    model::Page& page) {
    // What a stream feeds stands beside its own records, unless it says otherwise.
    const auto place_of = [&](const StreamPlan& fed) -> const json::Path& {
        return fed.records == stream.records ? records : fed.records;
    };
    auto work = [&] {
        auto tally = decode(*answer.document, records, stream.record, page);
        for (const auto index : stream.feeds) {
            const auto& fed = pull.manifest.streams[index];
            decode(*answer.document, place_of(fed), fed.record, page);
        }
        return tally;
    };
    auto tally = co_await on(pull.requester.workers(), work);
    keep_wanted(pull, page);
    for (const auto* one : told_by(pull, stream))
        if (one->by_id && one->by_id->always) co_await read_details(pull, *one, page);
    co_return tally;
}

asio::awaitable<Tally> read_ids(const Pull& pull, const Answer& answer, const json::Path& records,
                                const RecordPlan& record, model::Page& page) {
    auto work = [&] { return decode(*answer.document, records, record, page); };
    co_return co_await on(pull.requester.workers(), work);
}

asio::awaitable<void> complete_records(const Pull& pull, const StreamPlan& stream,
                                       model::Page& page) {
    for (const auto* one : told_by(pull, stream)) {
        if (!pull.wants(*one)) continue;
        if (one != &stream) page.also.push_back(one->entity);
        co_await join_references(pull.requester, pull.manifest, *one, page);
        if (one->history) co_await add_history(pull.requester, pull.manifest, *one, page);
    }
}

}  // namespace nudged::sources
