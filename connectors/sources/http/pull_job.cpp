// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/pull.hpp"

#include "connectors/sources/http/position.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources {
namespace {

using namespace std::chrono_literals;

/// A job takes seconds or hours; it is asked about less and less often.
constexpr std::chrono::milliseconds first_wait = 2s;
constexpr std::chrono::milliseconds longest_wait = 60s;
/// One that is not done by then never will be.
constexpr auto longest_job = 24h;

/// Where a job stands. A job that was created is not created again: its id is stored before its
/// results are asked for.
struct JobAt {
    std::string id;
    Instant asked{};    // for it, by our clock
    Instant created{};  // by the server's
    std::int64_t polls = 0;
    bool is_done = false;
    PageAt page{};

    static JobAt parse(const std::string& position) {
        const Position at{position};
        const auto created = at.instant("created");
        return {.id = at.text("job").value_or(""),
                .asked = from_millis(at.number("asked", to_millis(created))),
                .created = created,
                .polls = at.number("polls", 0),
                .is_done = at.number("done", 0) != 0,
                .page = at.page()};
    }
    std::string text() const {
        return fmt::format(R"({{"job":{},"asked":{},"created":{},"polls":{},"done":{},{}}})",
                           sources::quoted(id), to_millis(asked), to_millis(created), polls,
                           is_done ? 1 : 0, page_text(page));
    }
};

std::chrono::milliseconds wait_before(std::int64_t poll) {
    if (poll <= 0) return 0ms;
    constexpr std::int64_t most_doublings = 5;
    return std::min(longest_wait, first_wait * (1 << std::min(poll - 1, most_doublings)));
}

Asking asking_about(const Pull& pull, const Call& call, const JobAt& at) {
    auto asking = asking_for(pull, call, at.page);
    asking.variables["job.id"] = at.id;
    asking.told = {ErrorClass::restart_stream, ErrorClass::not_found};
    return asking;
}

asio::awaitable<JobAt> create(const Pull& pull, const JobPlan& job, model::Page& page) {
    JobAt at;
    at.asked = pull.clock();
    auto asking = asking_for(pull, job.create, PageAt{});
    asking.told = {ErrorClass::forbidden_stream, ErrorClass::not_found, ErrorClass::bad_request};
    const auto answer = co_await pull.requester.ask(asking, page);
    if (answer.kind != ErrorClass::none)
        throw JobRefused(answer.kind == ErrorClass::forbidden_stream ? FailureKind::needs_person
                                                                     : FailureKind::refused,
                         fmt::format("the CRM takes no job by request \"{}\": {}, {}",
                                     asking.request.name, answer.status, to_string(answer.kind)));
    const auto id = json::scalar(job.id.find(*answer.document));
    if (!id || id->empty())
        throw Failure(
            FailureKind::refused,
            fmt::format("request \"{}\" began a job without saying which", asking.request.name));
    at.id = *id;
    at.created = pull.requester.server_now();
    co_return at;
}

asio::awaitable<void> poll(const Pull& pull, const JobPlan& job, JobAt& at, model::Page& page) {
    asio::steady_timer timer{co_await asio::this_coro::executor};
    timer.expires_after(wait_before(at.polls));
    co_await timer.async_wait(asio::use_awaitable);
    const auto asking = asking_about(pull, job.poll, at);
    const auto answer = co_await pull.requester.ask(asking, page);
    if (answer.kind != ErrorClass::none)
        throw WalkBroken(FailureKind::transient, "the CRM has forgotten a job");
    const auto state = json::scalar(job.state.find(*answer.document)).value_or("");
    if (std::ranges::count(job.failed, state) > 0)
        throw JobRefused(FailureKind::refused,
                         fmt::format("the CRM gave up the job behind request \"{}\"",
                                     pull.request_of(job.create).name));
    at.is_done = std::ranges::count(job.done, state) > 0;
    if (!at.is_done && pull.requester.server_now() - at.created > longest_job)
        throw JobRefused(FailureKind::refused,
                         fmt::format("the job behind request \"{}\" is not done after a day",
                                     pull.request_of(job.create).name));
    ++at.polls;
}

/// The job's results are all here: the CRM may forget it. Whether it does is its own affair.
asio::awaitable<void> close(const Pull& pull, const JobPlan& job, const JobAt& at,
                            model::Page& page) {
    if (!job.close) co_return;
    try {
        const auto asking = asking_about(pull, *job.close, at);
        co_await pull.requester.ask(asking, page);
    } catch (const Failure&) {  // NOLINT(bugprone-empty-catch): nothing is lost by it
    }
}

}  // namespace

bool may_be_by_job(const model::Cursor& from) {
    if (from.position.empty()) return from.floor.empty();
    return Position{from.position}.text("job").has_value();
}

asio::awaitable<model::Page> pull_job(const Pull& pull, const StreamPlan& stream,
                                      model::Cursor from) {
    const auto& plan = *stream.backfill;
    const auto& job = *plan.job;
    model::Page page;
    page.fetched_at = pull.clock();
    page.more = true;
    page.cursor = from;
    if (from.position.empty()) {
        const auto created = co_await create(pull, job, page);
        page.cursor.position = created.text();
        name_told(pull, stream, page);
        co_return page;
    }
    auto at = JobAt::parse(from.position);
    // The results are of when the job was asked for: what was stored since is younger, and what was
    // stored before is older, be it by less than the server's clock tells in its whole seconds. A
    // look at the job tells no record: were it dated later, the results would be overtaken by it.
    page.fetched_at = std::min(page.fetched_at, at.asked);
    if (!at.is_done) {
        co_await poll(pull, job, at, page);
        page.cursor.position = at.text();
        name_told(pull, stream, page);
        co_return page;
    }
    const auto asking = asking_about(pull, job.results, at);
    const auto answer = co_await pull.requester.ask(asking, page);
    if (answer.kind != ErrorClass::none)
        throw WalkBroken(FailureKind::transient, "the CRM has forgotten the results of a job");
    const auto tally = co_await read_records(pull, answer, stream, plan.records, page);
    co_await complete_records(pull, stream, page);
    const auto next = next_page(asking.request.pager, at.page, seen_in(answer, tally));
    if (next) {
        at.page = *next;
        page.cursor.position = at.text();
        co_return page;
    }
    co_await close(pull, job, at, page);
    page.more = false;
    page.cursor = {.floor = fmt::format(R"({{"at":{}}})", to_millis(at.created)), .position = {}};
    co_return page;
}

}  // namespace nudged::sources
