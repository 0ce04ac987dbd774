// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;
using model::Lane;

namespace {

/// One feed tells activities of all kinds; lists tell what was deleted, who is there, and which
/// meetings are still open.
constexpr auto manifest = R"([auth]
kind = "bearer"
[[error]]
status = 410
class = "restart_stream"
[request.feed]
get = "/feed"
query = { since = "{page.token}" }
records = "/items"
next = "/next"
mark = "/mark"
[request.gone]
get = "/gone"
query = { since = "{page.token}" }
records = "/items"
mark = "/mark"
[request.people]
get = "/people"
query = { left = "{left}" }
records = "/people"
[request.ids]
get = "/ids"
query = { page = "{page.number}" }
records = "/ids"
more = [{ at = "/more", in = ["true"] }]
[request.open]
get = "/open"
records = "/open"

[stream.task]
request = "feed"
walk = "feed"
where = [{ at = "/kind", in = ["todo"] }]
leaves = true
deleted = [{ at = "/state", in = ["trash"] }]
[stream.task.map]
subject = "/title"
[stream.task.deletions]
request = "gone"
walk = "feed"
where = [{ at = "/kind", in = ["todo"] }]
[stream.task.sweep]
request = "ids"

[stream.call]
fed_by = "task"
where = [{ at = "/kind", in = ["dial"] }]
leaves = true
[stream.call.map]
subject = "/title"

[stream.user]
passes = [{ with = { left = "no" } }, { with = { left = "yes" } }]
request = "people"
[stream.user.map]
name = "/name"
active = { from = "/left", values = { true = "false", false = "true" } }

[stream.meeting]
request = "open"
complete = true
[stream.meeting.map]
subject = "/title"
)";

class FeedServer {
public:
    Reply answer(const Request& request) {
        if (request.path == "/feed") return feed(parameter(request, "since"));
        if (request.path == "/gone")
            return Reply::json(
                parameter(request, "since").empty()
                    ? R"({"mark":"g1","items":[{"id":1,"kind":"todo"},{"id":8,"kind":"memo"}]})"
                    : R"({"mark":"g1","items":[]})");
        if (request.path == "/people")
            return Reply::json(parameter(request, "left") == "no"
                                   ? R"({"people":[{"id":7,"name":"Ana","left":false}]})"
                                   : R"({"people":[{"id":9,"name":"Ben","left":true}]})");
        if (request.path == "/ids")
            return Reply::json(parameter(request, "page") == "1"
                                   ? R"({"more":true,"ids":[{"id":1}]})"
                                   : R"({"more":false,"ids":[{"id":2}]})");
        return Reply::json(
            is_held ? R"({"open":[{"id":22,"title":"Review"}]})"
                    : R"({"open":[{"id":21,"title":"Demo"},{"id":22,"title":"Review"}]})");
    }
    std::atomic<bool> forgot_marks = false;
    std::atomic<bool> is_held = false;

private:
    Reply feed(const std::string& since) const {
        if (since.empty())
            return Reply::json(R"({"next":"p2","items":[{"id":1,"kind":"todo","title":"Call back"},
                {"id":2,"kind":"dial","title":"Intro"},{"id":3,"kind":"memo","title":"x"}]})");
        if (since == "p2")
            return Reply::json(R"({"mark":"m1","items":[{"id":4,"kind":"todo","title":"Offer"}]})");
        if (forgot_marks) return Reply::json("{}", 410);
        return Reply::json(R"({"mark":"m2","items":[{"id":1,"kind":"dial","title":"Called back"},
            {"id":4,"kind":"todo","state":"trash"}]})");
    }
};

struct Feed {
    FeedServer server;
    StyleCrm crm{manifest, [this](const Request& request) { return server.answer(request); }};

    std::vector<std::string> marks() const {
        std::vector<std::string> told;
        for (const auto& request : crm.requests("/feed"))
            told.push_back(parameter(request, "since"));
        return told;
    }
};

constexpr model::Stream sweep_of_tasks{Entity::task, Lane::sweep};
using Marks = std::vector<std::string>;

}  // namespace

TEST_CASE("a feed goes on from its mark, and what turns into another kind leaves the first") {
    Feed feed;
    Store store;
    auto at = feed.crm.bench.pull(*feed.crm.source, incremental(Entity::task), store, {});
    CHECK(fields(store, Entity::task, "1") == Fields{{"subject", "Call back"}});
    CHECK(fields(store, Entity::task, "4") == Fields{{"subject", "Offer"}});
    CHECK(fields(store, Entity::call, "2") == Fields{{"subject", "Intro"}});
    at = feed.crm.bench.pull(*feed.crm.source, incremental(Entity::task), store, at);
    CHECK(fields(store, Entity::task, "1") == Fields{{"(deleted)", ""}});
    CHECK(fields(store, Entity::call, "1") == Fields{{"subject", "Called back"}});
    CHECK(fields(store, Entity::task, "4") == Fields{{"(deleted)", ""}});
    CHECK(feed.marks() == Marks{"", "p2", "m1"});
    feed.crm.bench.pull(*feed.crm.source, incremental(Entity::task), store, at);
    CHECK(feed.marks().back() == "m2");
}

TEST_CASE("a feed whose mark was forgotten tells everything again") {
    Feed feed;
    Store store;
    const auto at = feed.crm.bench.pull(*feed.crm.source, incremental(Entity::task), store, {});
    feed.server.forgot_marks = true;
    Store again;
    feed.crm.bench.pull(*feed.crm.source, incremental(Entity::task), again, at);
    CHECK(fields(again, Entity::task, "1") == Fields{{"subject", "Call back"}});
    CHECK(feed.marks() == Marks{"", "p2", "m1", "", "p2"});
}

TEST_CASE("a list of what was deleted becomes tombstones, from its own mark on") {
    Feed feed;
    Store store;
    const auto at = feed.crm.bench.pull(*feed.crm.source, deletions(Entity::task), store, {});
    CHECK(store.size() == 1);
    CHECK(fields(store, Entity::task, "1") == Fields{{"(deleted)", ""}});
    feed.crm.bench.pull(*feed.crm.source, deletions(Entity::task), store, at);
    CHECK(parameter(feed.crm.requests("/gone").back(), "since") == "g1");
}

TEST_CASE("a sweep by page number reads its list twice, and tells which ids there are") {
    Feed feed;
    model::Cursor at;
    std::vector<std::string> present;
    int pages = 0, beginnings = 0, ends = 0;
    for (bool more = true; more; ++pages) {
        const auto page = feed.crm.bench.fetch(*feed.crm.source, sweep_of_tasks, at);
        REQUIRE(page.snapshot);
        beginnings += page.snapshot->begins ? 1 : 0;
        ends += page.snapshot->ends ? 1 : 0;
        present.insert(present.end(), page.snapshot->present.begin(), page.snapshot->present.end());
        at = page.cursor;
        more = page.more;
        CHECK(page.snapshot->ends == !more);
    }
    CHECK(pages == 4);
    CHECK(beginnings == 1);
    CHECK(ends == 1);
    CHECK(present == std::vector<std::string>{"1", "2", "1", "2"});
}

TEST_CASE("an entity may be told in two passes of one request") {
    Feed feed;
    const auto store = feed.crm.pull(Entity::user);
    CHECK(fields(store, Entity::user, "7") == Fields{{"name", "Ana"}, {"active", "1"}});
    CHECK(fields(store, Entity::user, "9") == Fields{{"name", "Ben"}, {"active", "0"}});
}

// Whoever lists open meetings alone tells the same of one that was held and one that was deleted:
// that it is gone. A whole list makes that a tombstone, since a snapshot lacks the record.
TEST_CASE("what is listed only while it is open vanishes with its completion") {
    Feed feed;
    const auto before = feed.crm.fetch(Entity::meeting, {});
    CHECK(before.records.size() == 2);
    feed.server.is_held = true;
    const auto after = feed.crm.fetch(Entity::meeting, before.cursor);
    REQUIRE(after.records.size() == 1);
    CHECK(after.records[0].id == "22");
    REQUIRE(after.snapshot);
    CHECK((after.snapshot->begins && after.snapshot->ends));
}
