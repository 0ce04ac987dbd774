// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/portal.hpp"

#include <boost/system/system_error.hpp>

#include <exception>
#include <memory>
#include <thread>

namespace nudged::crmsim {
namespace {

using Ids = std::vector<std::string>;

TEST_CASE("an ordered status comes as often as ordered, where it matches, after those to skip") {
    Portal portal(twelve_deals(), unlimited());
    portal.post("/_sim/fault", R"({"match":"deals/search","status":429,"skip":1,"times":2,
        "headers":{"Retry-After":"7"},"body":{"policyName":"SECONDLY"}})");
    CHECK(portal.search("calls", "{}").status == 200);
    CHECK(portal.search("deals", "{}").status == 200);
    for (int n = 0; n < 2; ++n) {
        const auto refused = portal.search("deals", "{}");
        CHECK(refused.status == 429);
        CHECK(refused.header("retry-after") == "7");
        CHECK(refused.json["policyName"] == "SECONDLY");
    }
    CHECK(portal.search("deals", "{}").status == 200);
}

TEST_CASE("connections break off as ordered") {
    Portal portal(twelve_deals(), unlimited());
    const std::string kind = GENERATE("reset", "reset_in_body", "truncate");
    DYNAMIC_SECTION(kind) {
        portal.post("/_sim/fault", R"({"match":"search","kind":")" + kind + "\"}");
        CHECK_THROWS_AS(portal.search("deals", "{}"), boost::system::system_error);
        CHECK(portal.search("deals", "{}").status == 200);
    }
}

TEST_CASE("bodies can be no JSON at all, or too deep for a parser that recurses") {
    Portal portal(twelve_deals(), unlimited());
    portal.post("/_sim/fault", R"({"match":"search","kind":"malformed"})");
    const auto malformed = portal.search("deals", "{}");
    CHECK(malformed.status == 200);
    CHECK(malformed.json.HasParseError());
    portal.post("/_sim/fault", R"({"match":"search","kind":"deep_json","depth":1000})");
    CHECK(portal.search("deals", "{}").text == std::string(1'000, '['));
}

TEST_CASE("a hanging request ends with the server") {
    auto server = std::make_unique<loopback::Server>(0, [](const loopback::Request&) {
        return loopback::Reply{.ending = loopback::Ending::silence};
    });
    std::exception_ptr error;
    std::thread client([&, port = server->port()] {
        try {
            loopback::fetch(port, "GET", "/");
        } catch (...) {
            error = std::current_exception();
        }
    });
    server.reset();
    client.join();
    CHECK(error != nullptr);
}

TEST_CASE("an order that cannot be understood is refused") {
    Portal portal(twelve_deals(), unlimited());
    CHECK(portal.post("/_sim/fault", R"({"kind":"earthquake"})").status == 400);
    CHECK(portal.post("/_sim/edit", R"({"action":"set","object":"deals","id":"7"})").status == 404);
    CHECK(portal.post("/_sim/edit", R"({"action":"x","object":"deals","id":"991"})").status == 400);
}

TEST_CASE("an edit moves the modified time to now, or to where it is told") {
    Portal portal(twelve_deals(), unlimited());
    portal.post("/_sim/edit",
                R"({"action":"set","object":"deals","id":"991","properties":{"amount":null}})");
    portal.post("/_sim/edit", R"({"action":"set","object":"deals","id":"992",
        "properties":{"dealname":"late"},"modified":"2026-10-01T00:00:00Z"})");
    const auto read =
        portal.post("/crm/v3/objects/deals/batch/read",
                    R"({"inputs":[{"id":"991"},{"id":"992"}],"properties":["amount","dealname"]})");
    CHECK(read.json["results"][0]["properties"]["amount"].IsNull());
    CHECK(read.json["results"][0]["updatedAt"] == "2026-11-20T12:00:00Z");
    CHECK(read.json["results"][1]["properties"]["dealname"] == "late");
    CHECK(read.json["results"][1]["updatedAt"] == "2026-10-01T00:00:00Z");
}

TEST_CASE("records are made, archived, restored, forgotten and linked on order") {
    Portal portal(twelve_deals(), unlimited());
    const auto made = portal.post("/_sim/edit", R"({"action":"create","object":"tasks",
        "properties":{"hs_task_subject":"Call"},"links":{"deals":["991"]}})");
    const std::string task = made.json["id"].GetString();
    const auto linked = [&] {
        return portal
            .post("/crm/v4/associations/deals/tasks/batch/read", R"({"inputs":[{"id":"991"}]})")
            .status;
    };
    CHECK(linked() == 200);
    portal.post("/_sim/edit", R"({"action":"unlink","object":"tasks","id":")" + task +
                                  R"(","links":{"deals":["991"]}})");
    CHECK(linked() == 207);

    const auto act = [&](const std::string& action) {
        portal.post("/_sim/edit", R"({"action":")" + action + R"(","object":"deals","id":"991"})");
    };
    act("archive");
    CHECK(ids_of(portal.get("/crm/v3/objects/deals?archived=true")) == Ids{"991"});
    act("restore");
    CHECK(ids_of(portal.get("/crm/v3/objects/deals?limit=1")) == Ids{"991"});
    act("forget");
    CHECK(ids_of(portal.get("/crm/v3/objects/deals?limit=1")) == Ids{"992"});
    CHECK(ids_of(portal.get("/crm/v3/objects/deals?archived=true")).empty());
}

TEST_CASE("the truth holds every property and link, and the log every request") {
    Dataset data = twelve_deals();
    const auto company = data.create(ObjectType::companies, {{"name", "Acme"}},
                                     *parse_instant("2026-11-02T12:00:00Z"));
    data.link(ObjectType::deals, 991, ObjectType::companies, company);
    data.archive(ObjectType::deals, 992, *parse_instant("2026-11-03T12:00:00Z"));
    Portal portal(std::move(data), unlimited());
    const auto truth = portal.get("/_sim/records/deals");
    REQUIRE(truth.json["results"].Size() == 12);
    CHECK(truth.json["results"][0]["properties"]["dealname"] == "Deal 0");
    CHECK(truth.json["results"][0]["links"]["companies"][0] == std::to_string(company));
    CHECK(truth.json["results"][1]["archived"].IsTrue());

    portal.search("deals", R"({"limit":1})");
    portal.get("/crm/v3/owners?limit=2");
    const auto log = portal.get("/_sim/log");
    REQUIRE(log.json["requests"].Size() == 2);
    CHECK(log.json["requests"][0]["body"] == R"({"limit":1})");
    CHECK(log.json["requests"][1]["target"] == "/crm/v3/owners?limit=2");
    CHECK(log.json["requests"][1]["status"].GetInt() == 200);
}

}  // namespace
}  // namespace nudged::crmsim
