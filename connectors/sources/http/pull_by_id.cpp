// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/join.hpp"
#include "connectors/sources/http/pull.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

namespace nudged::sources {
namespace {

using Batches = std::vector<std::vector<std::string>>;

/// The questions of one stream for many batches of ids, and what came back.
struct Questions {
    const Pull& pull;
    const ByIdPlan& plan;
    const Batches& batches;
    model::Page& page;
    std::vector<Answer> answers{};
    std::size_t next = 0;
};

asio::awaitable<std::vector<Answer>> ask_for(const Questions& questions,
                                             std::vector<std::string> ids) {
    Asking asking{.request = questions.pull.request_of(questions.plan.call),
                  .variables = questions.plan.call.with,
                  .ids = std::move(ids),
                  .address = {},
                  .told = {ErrorClass::not_found}};
    co_return co_await ask_all_pages(questions.pull.requester, std::move(asking), questions.page);
}

/// Takes one batch after the other until none is left; several run at once. That several records
/// are not found together says of none that it is gone: each is asked for by itself then.
asio::awaitable<void> ask_in_turn(Questions& questions) {
    while (questions.next < questions.batches.size()) {
        const auto& batch = questions.batches[questions.next++];
        auto answers = co_await ask_for(questions, batch);
        const bool is_told = batch.size() == 1 || answers.front().kind == ErrorClass::none;
        for (std::size_t i = 0; !is_told && i < batch.size(); ++i) {
            std::vector<std::string> one{batch[i]};
            auto single = co_await ask_for(questions, std::move(one));
            for (auto& answer : single) answers.push_back(std::move(answer));
        }
        for (auto& answer : answers) questions.answers.push_back(std::move(answer));
    }
}

asio::awaitable<void> ask_all(Questions& questions) {
    const auto width = std::min(questions.plan.concurrency, questions.batches.size());
    if (width <= 1) {
        co_await ask_in_turn(questions);
        co_return;
    }
    const auto loop = co_await asio::this_coro::executor;
    using Line = decltype(asio::co_spawn(loop, ask_in_turn(questions), asio::deferred));
    std::vector<Line> lines;
    for (std::size_t i = 0; i < width; ++i)
        lines.push_back(asio::co_spawn(loop, ask_in_turn(questions), asio::deferred));
    auto group = asio::experimental::make_parallel_group(std::move(lines));
    const auto [order, failures] =
        co_await group.async_wait(asio::experimental::wait_for_one_error(), asio::use_awaitable);
    for (const auto index : order)
        if (const auto& failure = failures.at(index)) std::rethrow_exception(failure);
}

void bury_absent(model::Entity entity, const std::vector<std::string>& ids, model::Page& page) {
    std::set<std::string_view> there;
    for (const auto& record : page.records)
        if (record.entity == entity) there.insert(record.id);
    std::vector<model::Record> tombstones;
    for (const auto& id : ids) {
        if (there.contains(id)) continue;
        model::Record tombstone;
        tombstone.entity = entity;
        tombstone.id = page.keep(id);
        tombstone.deleted = true;
        tombstone.why = model::Gone::not_found;
        tombstones.push_back(tombstone);
    }
    page.records.insert(page.records.end(), tombstones.begin(), tombstones.end());
}

}  // namespace

asio::awaitable<void> read_by_ids(const Pull& pull, const StreamPlan& stream,
                                  std::vector<std::string> ids, model::Page& page) {
    const auto& plan = *stream.by_id;
    const auto batches = batches_of(ids, plan.batch);
    Questions questions{.pull = pull, .plan = plan, .batches = batches, .page = page};
    co_await ask_all(questions);
    for (const auto& answer : questions.answers)
        if (answer.kind == ErrorClass::none)
            co_await read_ids(pull, answer, plan.records, stream.record, page);
    bury_absent(stream.entity, ids, page);
}

}  // namespace nudged::sources
