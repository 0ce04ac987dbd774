// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <mutex>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;

namespace {

/// The list tells ids, and each record has to be asked for; three at once.
constexpr auto manifest = R"([auth]
kind = "bearer"
[request.list]
get = "/tasks"
records = "/data"
[request.one]
get = "/tasks/{each.id}"
records = "/task"
[stream.task]
request = "list"
[stream.task.map]
subject = "/title"
[stream.task.by_id]
request = "one"
batch = 1
concurrency = 3
always = true
)";

constexpr std::size_t records = 7;

/// Holds every answer until as many are being waited for as may be at once, or none are left.
class DetailServer {
public:
    Reply answer(const Request& request) {
        if (request.path == "/tasks")
            return Reply::json(
                R"({"data":[{"id":1,"title":"in the list"},{"id":2},{"id":3},{"id":4},)"
                R"({"id":5},{"id":6},{"id":7}]})");
        const std::lock_guard lock(mutex_);
        const auto id = request.path.substr(request.path.rfind('/') + 1);
        auto reply =
            id == "4"
                ? Reply::json("{}", 404)
                : Reply::json(fmt::format(R"({{"task":{{"id":{},"title":"detail {}"}}}})", id, id));
        reply.gate = std::make_shared<Gate>();
        held_.push_back(reply.gate);
        most = std::max(most, held_.size());
        ++asked_;
        if (held_.size() == 3 || asked_ == records) {
            for (const auto& gate : held_) gate->open();
            held_.clear();
        }
        return reply;
    }
    std::size_t most = 0;  // read once the server has nothing to do

private:
    std::mutex mutex_;
    std::vector<std::shared_ptr<Gate>> held_;
    std::size_t asked_ = 0;
};

}  // namespace

TEST_CASE("records are asked for one by one, several at once and never more than may be") {
    DetailServer server;
    StyleCrm crm(manifest, [&](const Request& request) { return server.answer(request); });
    const auto store = crm.pull(Entity::task);
    CHECK(store.size() == records);
    for (const auto* id : {"1", "2", "3", "5", "6", "7"})
        CHECK(fields(store, Entity::task, id) == Fields{{"subject", fmt::format("detail {}", id)}});
    CHECK(fields(store, Entity::task, "4") == Fields{{"(deleted)", ""}});  // the list was older
    CHECK(crm.server.requests().size() == 1 + records);
    // No answer comes before three are waited for: a fourth at once would need a connection more.
    CHECK(server.most == 3);
    CHECK(crm.server.connections() == 3);
}

TEST_CASE("a detail that cannot be had ends the turn, and no half of a page is stored") {
    StyleCrm crm(manifest, [](const Request& request) {
        if (request.path == "/tasks") return Reply::json(R"({"data":[{"id":1},{"id":2}]})");
        return request.path == "/tasks/1" ? Reply::json(R"({"task":{"id":1}})")
                                          : Reply::text("<html>", 503);
    });
    CHECK(crm.failure(Entity::task).kind() == FailureKind::transient);
}

TEST_CASE("a list that tells what to ask about is complete with the answers about each") {
    constexpr auto of_each = R"([auth]
kind = "bearer"
[request.deals]
get = "/deals"
query = { after = "{page.token}" }
records = "/data"
next = "/next"
[request.people]
post = "/people"
body = { of = [{ id = "{each.id}" }] }
records = "/data"
[stream.contact_role]
request = "deals"
complete = true
id = { join = "{../deal}:{/who}" }
[stream.contact_role.of_each]
request = "people"
batch = 2
records = "/data/*/people"
[stream.contact_role.map]
opportunity = "../deal"
contact = "/who"
role = "/labels/*/name"
)";
    StyleCrm crm(of_each, [](const Request& request) {
        if (request.path == "/deals")
            return Reply::json(parameter(request, "after").empty()
                                   ? R"({"data":[{"id":1},{"id":2},{"id":3}],"next":"p2"})"
                                   : R"({"data":[{"id":4}]})");
        if (request.body == R"({"of":[{"id":"1"},{"id":"2"}]})")
            return Reply::json(R"({"data":[{"deal":"1","people":[{"who":7,"labels":[{"name":null},)"
                               R"({"name":"Decision maker"}]},{"who":8,"labels":[]}]}]})");
        if (request.body == R"({"of":[{"id":"4"}]})")
            return Reply::json(R"({"data":[{"deal":"4","people":[{"who":7}]}]})");
        return Reply::json(R"({"data":[]})");
    });
    Store store;
    model::Cursor from;
    const auto first = crm.fetch(Entity::contact_role, from);
    REQUIRE(first.snapshot);
    CHECK(first.snapshot->begins);
    CHECK_FALSE(first.snapshot->ends);
    keep(first, store);
    const auto last = crm.fetch(Entity::contact_role, first.cursor);
    CHECK(last.snapshot->ends);
    keep(last, store);
    CHECK(store.size() == 3);
    CHECK(fields(store, Entity::contact_role, "1:7") ==
          Fields{{"opportunity", "1"}, {"contact", "7"}, {"role", "Decision maker"}});
    CHECK(fields(store, Entity::contact_role, "1:8") ==
          Fields{{"opportunity", "1"}, {"contact", "8"}});
    CHECK(fields(store, Entity::contact_role, "4:7") ==
          Fields{{"opportunity", "4"}, {"contact", "7"}});
    CHECK(crm.requests("/people").size() == 3);  // two deals, one, and the one of the second page
}

TEST_CASE("a list inside of a row is read to its end, before anything is made of the row") {
    constexpr auto manifest = R"([auth]
kind = "bearer"
[request.deals]
get = "/deals"
records = "/data"
[request.people]
post = "/people"
body = { of = [{ id = "{each.id}" }] }
records = "/data"
rest = { request = "more_people", list = "/people", id = "/deal", next = "/more" }
[request.more_people]
get = "/deals/{each.id}/{kind}"
query = { after = "{page.token}", size = "{limit}" }
records = "/rows"
next = "/next"
limit = 2
[stream.opportunity]
request = "deals"
[stream.opportunity.map]
name = "/title"
[stream.opportunity.join.contact]
request = "people"
with = { kind = "people" }
from = "/deal"
to = "/people"
to_id = "/who"
prefer = { at = "/is", in = ["boss"] }
[stream.contact_role]
request = "deals"
id = { join = "{../deal}:{/who}" }
[stream.contact_role.of_each]
request = "people"
with = { kind = "people" }
records = "/data/*/people"
[stream.contact_role.map]
opportunity = "../deal"
contact = "/who"
role = "/is"
)";
    StyleCrm crm(manifest, [](const Request& request) {
        if (request.path == "/deals")
            return Reply::json(R"({"data":[{"id":1},{"id":2},{"id":3}]})");
        if (request.path == "/people")
            return Reply::json(R"({"data":[{"deal":1,"people":[{"who":7}],"more":"a"},)"
                               R"({"deal":2,"people":[{"who":7}],"more":null},)"
                               R"({"deal":3,"people":[{"who":7}],"more":"x"}]})");
        if (request.path != "/deals/1/people") return Reply::json("{}", 404);  // 3 is gone by now
        return Reply::json(parameter(request, "after") == "a"
                               ? R"({"rows":[{"who":8},{"who":9}],"next":"b"})"
                               : R"({"rows":[{"who":10,"is":"boss"}]})");
    });
    const auto deals = crm.pull(Entity::opportunity);
    CHECK(fields(deals, Entity::opportunity, "1") == Fields{{"contact", "10"}});
    CHECK(fields(deals, Entity::opportunity, "2") == Fields{{"contact", "7"}});
    CHECK(crm.requests("/deals/1/people").size() == 2);
    const auto roles = crm.pull(Entity::contact_role);
    CHECK(roles.size() == 6);
    CHECK(fields(roles, Entity::contact_role, "1:10") ==
          Fields{{"opportunity", "1"}, {"contact", "10"}, {"role", "boss"}});
    CHECK(parameter(crm.requests("/deals/1/people").back(), "size") == "2");
}

TEST_CASE("what cannot tell the rest of a list is refused when the manifest is read") {
    const auto problem_of = [](const std::string& rest) {
        try {
            StyleCrm crm(R"([auth]
kind = "bearer"
[request.a]
get = "/a"
rest = { list = "/list", next = "/next", request = ")" +
                             rest + R"(" }
[request.plain]
get = "/b/{each.id}"
[request.good]
get = "/b/{each.id}/{kind}"
query = { after = "{page.token}" }
next = "/next"
[stream.task]
request = "a"
[stream.task.map]
subject = "/title"
)",
                         [](const Request&) { return Reply::json("[]"); });
        } catch (const Failure& failure) {
            return std::string{failure.what()};
        }
        return std::string{};
    };
    CHECK(holds(problem_of("god"), "did you mean \"good\"?"));
    CHECK(holds(problem_of("plain"), "cannot tell the rest of a list"));
    CHECK(holds(problem_of("good"), "the request \"good\" needs {kind}, which nothing gives"));
}

TEST_CASE(
    "an answer that does not say what it is about is told it, unless the CRM says it itself") {
    StyleCrm crm(R"([auth]
kind = "bearer"
[request.fields]
get = "/fields"
query = { object = "{object}" }
records = "/fields"
echo = ["object"]
[stream.custom_field]
request = "fields"
passes = [{ with = { object = "deals" } }, { with = { object = "calls" } }]
id = { join = "{../object}.{/name}" }
[stream.custom_field.map]
record = { from = "../object", values = { deals = "opportunity", calls = "call" } }
name = "/name"
)",
                 [](const Request& request) {
                     if (parameter(request, "object") == "deals")
                         return Reply::json(R"({"fields":[{"name":"segment"},{"name":"seats"}]})");
                     return Reply::json(R"({"object":"dials","fields":[{"name":"segment"}]})");
                 });
    const auto told = crm.pull(Entity::custom_field);
    CHECK(told.size() == 3);
    CHECK(fields(told, Entity::custom_field, "deals.segment") ==
          Fields{{"record", "opportunity"}, {"name", "segment"}});
    CHECK(fields(told, Entity::custom_field, "deals.seats") ==
          Fields{{"record", "opportunity"}, {"name", "seats"}});
    CHECK(fields(told, Entity::custom_field, "dials.segment") ==
          Fields{{"record", "dials"}, {"name", "segment"}});
}
