// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/on.hpp"
#include "connectors/sources/http/field_parts.hpp"
#include "connectors/sources/http/join.hpp"
#include "connectors/sources/http/pull.hpp"
#include "connectors/sources/mapping/merge_rows.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <exception>

namespace nudged::sources {
namespace {

using Batches = std::vector<std::vector<std::string>>;

/// The questions of one stream for many batches of ids, and what came back.
struct Questions {
    const Pull& pull;
    const StreamPlan& stream;
    const ByIdPlan& plan;
    const Batches& batches;
    model::Page& page;
    std::vector<std::string> fields{};  // none: those that the stream reads
    std::vector<Answer> answers{};
    std::size_t next = 0;
};

/// The fields of a question, in as many lists as its request takes; none: it lists no fields.
std::vector<std::vector<std::string>> parts_of(const Pull& pull, const StreamPlan& stream,
                                               const Asking& asking) {
    const auto& names = asking.request.fields;
    const auto listed = asking.variables.find("fields");
    if (!names || listed == asking.variables.end()) return {};
    const auto subject = DroppedFields::subject_of(asking.variables);
    const auto kept = pull.requester.dropped_fields().kept(
        subject, std::get<std::vector<std::string>>(listed->second));
    return field_parts(*names, kept, key_fields(*names, stream.record));
}

/// The rows of all that was answered without an error. They outlive what is made here.
RowsById rows_of(const std::vector<Answer>& answers, const json::Path& records,
                 const StreamPlan& stream) {
    RowsById rows;
    for (const auto& answer : answers)
        if (answer.kind == ErrorClass::none) rows.add(*answer.document, records, stream.record);
    return rows;
}

/// A row of which a part is missing was removed in between, or else the CRM has told us half of it:
/// nothing of the page is believed, and it is asked for again.
[[noreturn]] void fail_for_half_a_row(const StreamPlan& stream) {
    throw Failure(FailureKind::transient,
                  fmt::format("the CRM told some fields of a {} and not the others; the page will "
                              "be asked for again",
                              to_string(stream.entity)));
}

asio::awaitable<void> merge_into(const Questions& questions, std::vector<Answer>& answers,
                                 const std::vector<Answer>& more) {
    bool is_whole = true;
    auto work = [&] {
        const auto rows = rows_of(more, questions.plan.records, questions.stream);
        for (auto& answer : answers)
            if (answer.kind == ErrorClass::none &&
                !merge_rows(*answer.document, questions.plan.records, questions.stream.record,
                            rows))
                is_whole = false;
    };
    co_await on(questions.pull.requester.workers(), work);
    if (!is_whole) fail_for_half_a_row(questions.stream);
}

asio::awaitable<std::vector<Answer>> ask_for(const Questions& questions,
                                             std::vector<std::string> ids) {
    Asking asking{.request = questions.pull.request_of(questions.plan.call),
                  .variables = questions.plan.call.with,
                  .ids = std::move(ids),
                  .address = {},
                  .told = {ErrorClass::not_found}};
    if (!questions.fields.empty()) asking.variables["fields"] = questions.fields;
    const auto parts = parts_of(questions.pull, questions.stream, asking);
    if (!parts.empty()) asking.variables["fields"] = parts.front();
    auto answers = co_await ask_all_pages(questions.pull.requester, asking, questions.page);
    for (std::size_t i = 1; i < parts.size(); ++i) {
        asking.variables["fields"] = parts[i];
        const auto more = co_await ask_all_pages(questions.pull.requester, asking, questions.page);
        co_await merge_into(questions, answers, more);
    }
    co_return answers;
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
    Questions questions{
        .pull = pull, .stream = stream, .plan = plan, .batches = batches, .page = page};
    co_await ask_all(questions);
    for (const auto& answer : questions.answers)
        if (answer.kind == ErrorClass::none)
            co_await read_ids(pull, answer, plan.records, stream.record, page);
    bury_absent(stream.entity, ids, page);
}

asio::awaitable<Answer> ask_whole_rows(const Pull& pull, const StreamPlan& stream,
                                       const json::Path& records, Asking asking,
                                       model::Page& page) {
    const auto parts = parts_of(pull, stream, asking);
    const bool is_split = parts.size() > 1 && stream.by_id;
    if (is_split) asking.variables["fields"] = parts.front();
    auto answer = co_await pull.requester.ask(asking, page);
    if (!is_split || answer.kind != ErrorClass::none) co_return answer;
    RowsById told;
    auto find_ids = [&] { told.add(*answer.document, records, stream.record); };
    co_await on(pull.requester.workers(), find_ids);
    const auto batches = batches_of(told.ids(), stream.by_id->batch);
    Questions questions{
        .pull = pull, .stream = stream, .plan = *stream.by_id, .batches = batches, .page = page};
    std::set<std::string> rest;
    for (std::size_t i = 1; i < parts.size(); ++i) rest.insert(parts[i].begin(), parts[i].end());
    questions.fields.assign(rest.begin(), rest.end());
    co_await ask_all(questions);
    bool is_whole = true;
    auto merge = [&] {
        const auto rows = rows_of(questions.answers, stream.by_id->records, stream);
        is_whole = merge_rows(*answer.document, records, stream.record, rows);
    };
    co_await on(pull.requester.workers(), merge);
    if (!is_whole) fail_for_half_a_row(stream);
    co_return answer;
}

}  // namespace nudged::sources
