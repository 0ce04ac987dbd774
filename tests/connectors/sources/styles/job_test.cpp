// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/heard.hpp"
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <mutex>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;

namespace {

/// The first load is a query that the CRM works on by itself; what is new, a window tells.
constexpr auto manifest = R"([auth]
kind = "bearer"
[request.changed]
get = "/tasks"
query = { from = "{window.lo}", to = "{window.hi}", page = "{page.number}" }
records = "/data"
stable = true
[request.create]
post = "/jobs"
body = { query = "SELECT {fields} FROM Task", columns = "{fields}" }
fields = ""
[request.poll]
get = "/jobs/{job.id}"
[request.results]
get = "/jobs/{job.id}/results"
query = { locator = "{page.token}" }
next_header = "Locator"
answer = "csv"
[request.close]
delete = "/jobs/{job.id}"
[stream.task]
request = "changed"
walk = "window"
id = "/Id"
modified = "/Changed"
[stream.task.map]
subject = "/Title"
[stream.task.backfill.job]
create = "create"
id = "/id"
poll = "poll"
state = "/state"
done = ["Done"]
failed = ["Failed", "Aborted"]
results = "results"
close = "close"
)";

constexpr const char* task_pages[] = {
    R"({"data":[{"Id":"1","Title":"Call back","Changed":"2026-11-19T10:00:00Z"}]})",
    R"({"data":[{"Id":"2","Title":"Offer","Changed":"2026-11-19T11:00:00Z"}]})", R"({"data":[]})"};

/// Has one job at a time.
class JobServer {
public:
    Reply answer(const Request& request) {
        if (request.path == "/tasks")
            return Reply::json(task_pages[std::stoul(parameter(request, "page")) - 1]);
        auto reply = answer_of_job(request);
        const std::lock_guard lock{mutex_};
        return date_.empty() ? reply : with_header(reply, "Date", date_);
    }
    /// What its clock says from now on.
    void date(const std::string& text) {
        const std::lock_guard lock{mutex_};
        date_ = text;
    }
    const char* state() const { return fails ? "Failed" : hangs ? "Queued" : "Done"; }
    std::atomic<int> jobs = 0;
    std::atomic<int> refuses = 0;  // to begin a job, with this status
    std::atomic<bool> hangs = false;
    std::atomic<bool> fails = false;
    std::atomic<bool> forgets = false;
    std::atomic<bool> says_nothing = false;
    std::atomic<bool> closes_badly = false;

private:
    Reply answer_of_job(const Request& request) {
        if (request.method == "POST" && refuses != 0) return Reply::json("{}", refuses);
        if (request.method == "POST") return Reply::json(fmt::format(R"({{"id":"j {}"}})", ++jobs));
        if (request.method == "DELETE") return Reply::json("{}", closes_badly ? 500 : 204);
        if (request.path != fmt::format("/jobs/j {}/results", jobs.load()))
            return Reply::json(fmt::format(R"({{"state":"{}"}})", state()));
        if (forgets) return Reply::json("[]", 404);
        if (says_nothing) return Reply::text("");
        const bool is_first = parameter(request, "locator").empty();
        auto reply = Reply::text(is_first ? "Id,Title,Changed\n1,Call back,2026-11-19T10:00:00Z\n"
                                          : "Id,Title,Changed\n2,Offer,2026-11-19T11:00:00Z\n");
        return with_header(reply, "Locator", is_first ? "p2" : "null");
    }

    std::mutex mutex_;
    std::string date_;
};

struct Job {
    JobServer server;
    StyleCrm crm{manifest, [this](const Request& request) { return server.answer(request); }};

    std::vector<std::string> asked() const {
        std::vector<std::string> lines;
        for (const auto& request : crm.server.requests())
            lines.push_back(request.method + " " + request.target);
        return lines;
    }
};

}  // namespace

TEST_CASE("a first load by a job creates it, waits for it, reads its results and ends it") {
    Job job;
    const auto store = job.crm.pull(backfill(Entity::task));
    CHECK(store.size() == 2);
    CHECK(fields(store, Entity::task, "1") == Fields{{"subject", "Call back"}});
    CHECK(fields(store, Entity::task, "2") == Fields{{"subject", "Offer"}});
    CHECK(job.asked() ==
          std::vector<std::string>{"POST /jobs", "GET /jobs/j%201", "GET /jobs/j%201/results",
                                   "GET /jobs/j%201/results?locator=p2", "DELETE /jobs/j%201"});
    CHECK(job.crm.server.requests().at(0).body ==
          R"({"columns":["Changed","Id","Title"],"query":"SELECT Changed,Id,Title FROM Task"})");
}

TEST_CASE("a job is gone on with in another process, wherever the last one stopped") {
    Job job;
    Store store;
    model::Cursor at;
    int turns = 0;
    for (bool more = true; more; ++turns) {
        const auto source = job.crm.another_process();
        const auto page = job.crm.bench.fetch(*source, backfill(Entity::task), at);
        keep(page, store);
        at = page.cursor;
        more = page.more;
        REQUIRE(turns < 10);
    }
    CHECK(turns == 4);  // it was created, was done, and told two pages
    CHECK(store.size() == 2);
    CHECK(job.server.jobs == 1);
    // It is done once.
    const auto source = job.crm.another_process();
    CHECK_FALSE(job.crm.bench.fetch(*source, backfill(Entity::task), at).more);
    CHECK(job.asked().size() == 5);
}

TEST_CASE("where the CRM has no job for us, the first load goes by windows") {
    const int status = GENERATE(400, 403, 404);
    DYNAMIC_SECTION(status) {
        Job job;
        job.server.refuses = status;
        const Heard heard;
        CHECK(job.crm.pull(backfill(Entity::task)).size() == 2);
        CHECK(job.asked().at(0) == "POST /jobs");
        // Three pages, the last of them empty; the first once more, up to the server's own now.
        CHECK(job.crm.requests("/tasks").size() == 4);
        REQUIRE(heard.lines.size() == 1);
        CHECK(heard.lines.at(0).starts_with("job.refused source=crm stream=task why="));
    }
}

TEST_CASE("a job that the CRM cannot begin for now is no reason to go by windows") {
    Job job;
    job.server.refuses = 429;
    const auto failure = job.crm.bench.failure_of(*job.crm.source, backfill(Entity::task), {});
    CHECK(failure.kind() == FailureKind::throttled);
    CHECK(job.crm.requests("/tasks").empty());
}

TEST_CASE("a job that failed is followed by windows, in whatever process they are read") {
    Job job;
    job.server.fails = true;
    Store store;
    model::Cursor at;
    int turns = 0;
    for (bool more = true; more; ++turns) {
        const auto source = job.crm.another_process();
        const auto page = job.crm.bench.fetch(*source, backfill(Entity::task), at);
        keep(page, store);
        at = page.cursor;
        more = page.more;
        REQUIRE(turns < 10);
    }
    CHECK(turns == 4);  // it was begun, and had failed; two pages told something
    CHECK(store.size() == 2);
    CHECK(job.server.jobs == 1);
    // It is done once, up to where the increments begin.
    const auto source = job.crm.another_process();
    CHECK_FALSE(job.crm.bench.fetch(*source, backfill(Entity::task), at).more);
    CHECK(job.crm.requests("/tasks").size() == 4);  // three pages, of which the first twice
}

TEST_CASE("a job that is not done after a day is given up, and windows follow") {
    Job job;
    job.server.hangs = true;
    auto& bench = job.crm.bench;
    const auto created = bench.fetch(*job.crm.source, backfill(Entity::task), {});
    CHECK(bench.fetch(*job.crm.source, backfill(Entity::task), created.cursor).more);
    bench.now = bench.now.load() + std::chrono::hours{25};
    Store store;
    bench.pull(*job.crm.source, backfill(Entity::task), store, created.cursor);
    CHECK(store.size() == 2);
    CHECK(job.server.jobs == 1);
}

TEST_CASE("results of a job are of when it was made, so that what was stored since wins") {
    Job job;
    auto& bench = job.crm.bench;
    const auto begun = bench.now.load();
    const auto created = bench.fetch(*job.crm.source, backfill(Entity::task), {});
    bench.now = begun + std::chrono::minutes{10};
    const auto done = bench.fetch(*job.crm.source, backfill(Entity::task), created.cursor);
    bench.now = begun + std::chrono::minutes{20};
    const auto page = bench.fetch(*job.crm.source, backfill(Entity::task), done.cursor);
    REQUIRE(page.records.size() == 1);
    CHECK(page.fetched_at == begun);
    // Looking whether it is done told nothing, and so overtakes nothing.
    CHECK(created.fetched_at == begun);
    CHECK(done.fetched_at == begun);
}

TEST_CASE("a job under way is a first load of all that its results will tell") {
    JobServer server;
    StyleCrm crm{std::string{manifest} + R"([stream.call]
fed_by = "task"
id = "/Id"
modified = "/Changed"
[stream.call.map]
subject = "/Title"
)",
                 [&](const Request& request) { return server.answer(request); }};
    model::Cursor at;
    for (const auto* step : {"it was created", "it is done", "its results are read"}) {
        INFO(step);
        const auto page = crm.bench.fetch(*crm.source, backfill(Entity::task), at);
        CHECK(page.also == std::vector{Entity::call});
        at = page.cursor;
        REQUIRE(page.more);
    }
}

TEST_CASE("what was stored less than a second before a job is older than its results") {
    Job job;
    auto& bench = job.crm.bench;
    // A server tells its time in whole seconds: here it is late by 900 ms, and later by none.
    const auto asked = *parse_instant("2026-11-20T12:00:00.900Z");
    bench.now = asked;
    job.server.date("Fri, 20 Nov 2026 12:00:00 GMT");
    const auto created = bench.fetch(*job.crm.source, backfill(Entity::task), {});
    bench.now = *parse_instant("2026-11-20T12:20:00Z");
    job.server.date("Fri, 20 Nov 2026 12:20:00 GMT");
    const auto done = bench.fetch(*job.crm.source, backfill(Entity::task), created.cursor);
    const auto page = bench.fetch(*job.crm.source, backfill(Entity::task), done.cursor);
    REQUIRE(page.records.size() == 1);
    CHECK(page.fetched_at == asked);
}

TEST_CASE("an answer without anything in it does not end a first load") {
    Job job;
    auto& bench = job.crm.bench;
    const auto created = bench.fetch(*job.crm.source, backfill(Entity::task), {});
    const auto done = bench.fetch(*job.crm.source, backfill(Entity::task), created.cursor);
    job.server.says_nothing = true;
    bench.failure_of(*job.crm.source, backfill(Entity::task), done.cursor);
    job.server.says_nothing = false;
    Store store;
    bench.pull(*job.crm.source, backfill(Entity::task), store, done.cursor);
    CHECK(store.size() == 2);
}

TEST_CASE("a job whose results were forgotten is begun again") {
    Job job;
    job.server.forgets = true;
    model::Cursor at;
    for (int n = 0; n < 2; ++n)
        at = job.crm.bench.fetch(*job.crm.source, backfill(Entity::task), at).cursor;
    const auto failure = job.crm.bench.failure_of(*job.crm.source, backfill(Entity::task), at);
    CHECK(failure.kind() == FailureKind::transient);
    CHECK(holds(failure.what(), "the CRM has forgotten the results of a job"));
    job.server.forgets = false;
    Store store;
    job.crm.bench.pull(*job.crm.source, backfill(Entity::task), store, at);
    CHECK(store.size() == 2);
    CHECK(job.server.jobs == 2);
}

TEST_CASE("a job that cannot be ended has told its records all the same") {
    Job job;
    job.server.closes_badly = true;
    CHECK(job.crm.pull(backfill(Entity::task)).size() == 2);
}
