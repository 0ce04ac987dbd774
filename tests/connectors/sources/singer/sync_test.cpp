// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/singer/bench.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;

namespace {

using Names = std::map<std::string, std::string>;

std::string account(int id, const std::string& name, const std::string& more = "") {
    return out(
        fmt::format(R"({{"type":"RECORD","stream":"accounts","record":{{"id":{},"name":"{}"}}{}}})",
                    id, name, more));
}

std::string state(const std::string& json) {
    return out(R"({"type":"STATE","value":)" + json + "}");
}

std::string activate(const std::string& version) {
    return out(R"({"type":"ACTIVATE_VERSION","stream":"accounts","version":)" + version + "}");
}

const std::string schema = out(
    R"({"type":"SCHEMA","stream":"accounts","key_properties":["id"],"schema":{"properties":{"id":{"type":"integer"}}}})");

}  // namespace

TEST_CASE("a tap's streams become records of their entities, and its state the cursor") {
    TapBench bench;
    bench.script(
        schema + account(1, "Acme") +
        out(R"({"type":"RECORD","stream":"calls","record":{"call_id":"c1","title":"Hi"}})") +
        account(2, "Bolt") + state(R"({"accounts":2})"));
    const auto source = bench.source(bench.text("", TapBench::accounts_and_calls));
    REQUIRE(source->streams().size() == 1);
    CHECK(source->streams().front() == model::Stream{Entity::account, model::Lane::incremental});

    const auto first = bench.fetch(*source);
    CHECK(first.also == std::vector<Entity>{Entity::call});
    CHECK(first.fetched_at == bench.now);

    TapStore store;
    bench.pull(*source, store);
    CHECK(store.names[Entity::account] == Names{{"1", "Acme"}, {"2", "Bolt"}});
    CHECK(store.names[Entity::call] == Names{{"c1", "Hi"}});
    CHECK(store.malformed.empty());
    CHECK(store.cursor.position.empty());
    CHECK(store.cursor.floor == "state\t{\"accounts\":2}\n");
}

TEST_CASE("the last state comes back with the next run") {
    TapBench bench;
    bench.script(account(1, "Acme") + state(R"({"n": 1.50})") + state(R"({"n": 2.50})"));
    const auto source = bench.source();
    TapStore store;
    bench.pull(*source, store);

    bench.script("config\n");
    const auto again = bench.source(bench.text("", R"(
[[source.stream]]
stream = "self"
entity = "account"
map = { name = "/name" }
)"));
    bench.pull(*again, store);
    CHECK(store.names[Entity::account]["state"] == R"({"n": 2.50})");
    CHECK(store.cursor.floor == "state\t{\"n\": 2.50}\n");
}

TEST_CASE("a tap that breaks off keeps its records, and the next run begins at its last state") {
    TapBench bench;
    bench.script(account(1, "Acme") + state("1") + account(2, "Bolt") +
                 "err Traceback\nerr RateLimit: slow down\nexit 3\n");
    const auto source = bench.source();
    TapStore store;
    const auto failure = bench.failing_pull(*source, store);
    CHECK(failure.kind() == FailureKind::transient);
    CHECK(std::string{failure.what()} == "the tap failed with exit status 3: RateLimit");
    CHECK(store.names[Entity::account] == Names{{"1", "Acme"}, {"2", "Bolt"}});
    CHECK(store.cursor.floor.empty());
    CHECK(store.cursor.position.ends_with("\nstate\t1\n"));

    bench.script("wait-state\n" + account(2, "Bolt") + account(3, "Cog") + state("3"));
    bench.pull(*source, store);
    CHECK(store.names[Entity::account].size() == 3);
    CHECK(store.cursor.floor == "state\t3\n");
}

TEST_CASE("a page that was never stored is told again") {
    TapBench bench;
    bench.script(account(1, "Acme") + state("1"));
    const auto source = bench.source();
    bench.fetch(*source);
    TapStore store;  // knows nothing of that page
    bench.pull(*source, store);
    CHECK(store.names[Entity::account] == Names{{"1", "Acme"}});
}

TEST_CASE("an activated version deletes what it did not tell") {
    TapBench bench;
    // A first load: taps activate the version at once, so that it can be seen, and again at the
    // end.
    bench.script(schema + activate("1") + account(1, "Acme", R"(,"version":1)") +
                 account(2, "Bolt", R"(,"version":1)") + activate("1") + state(R"({"v":1})"));
    TapStore store;
    const auto source = bench.source();
    bench.pull(*source, store);
    CHECK(store.names[Entity::account].size() == 2);
    CHECK(store.deleted.empty());

    bench.script(schema + account(1, "Acme", R"(,"version":2)") +
                 account(3, "Cog", R"(,"version":2)") + activate("2"));
    bench.pull(*source, store);
    CHECK(store.names[Entity::account] == Names{{"1", "Acme"}, {"3", "Cog"}});
    CHECK(store.deleted[Entity::account] == std::set<std::string>{"2"});

    SECTION("and further records of that version are changes only") {
        bench.script(activate("2") + account(1, "Acme Ltd", R"(,"version":2)") + activate("2"));
        bench.pull(*source, store);
        CHECK(store.names[Entity::account] == Names{{"1", "Acme Ltd"}, {"3", "Cog"}});
    }
    SECTION("and a full table that breaks off goes on in the next run") {
        bench.script(account(1, "Acme", R"(,"version":5)") + state(R"({"v":5})") + "exit 1\n");
        bench.failing_pull(*source, store);
        CHECK(store.names[Entity::account].size() == 2);
        bench.script(account(4, "Dyn", R"(,"version":5)") + activate("5"));
        const auto restarted = bench.source();
        bench.pull(*restarted, store);
        CHECK(store.names[Entity::account] == Names{{"1", "Acme"}, {"4", "Dyn"}});
    }
    SECTION("and one that begins anew forgets what it told") {
        bench.script(account(3, "Cog", R"(,"version":5)") + "exit 1\n");
        bench.failing_pull(*source, store);
        bench.script(account(1, "Acme", R"(,"version":6)") + activate("6"));
        bench.pull(*source, store);
        CHECK(store.names[Entity::account] == Names{{"1", "Acme"}});
    }
}

TEST_CASE("a version is of its own stream's entity, also where streams alternate") {
    TapBench bench;
    const auto call = [](int id, int version) {
        return out(fmt::format(
            R"({{"type":"RECORD","stream":"calls","version":{},"record":{{"call_id":{},"title":"t"}}}})",
            version, id));
    };
    const std::string activate_calls = R"({"type":"ACTIVATE_VERSION","stream":"calls","version":)";
    bench.script(account(1, "Acme", R"(,"version":1)") + call(1, 1) + call(2, 1) +
                 out(activate_calls + "1}") + activate("1"));
    TapStore store;
    const auto source = bench.source(bench.text("", TapBench::accounts_and_calls));
    bench.pull(*source, store);
    bench.script(call(2, 2) + account(2, "Bolt", R"(,"version":2)") + out(activate_calls + "2}") +
                 "exit 1\n");
    bench.failing_pull(*source, store);
    CHECK(store.deleted[Entity::call] == std::set<std::string>{"1"});
    CHECK(store.deleted[Entity::account].empty());
}

TEST_CASE("what is not to be used is left out and told") {
    TapBench bench;
    bench.script(schema + out(R"({"type":"RECORD","stream":"other","record":{"id":1}})") +
                 out(R"({"type":"RECORD","stream":"other","record":{"id":2}})") +
                 out(R"({"type":"RECORD","stream":"accounts","record":{"id":null,"name":"x"}})") +
                 out(R"({"type":"LOG","text":"permitted"})") + out("starting up") + out("") +
                 account(1, "Acme"));
    const auto source = bench.source();
    TapStore store;
    bench.pull(*source, store);
    CHECK(store.names[Entity::account] == Names{{"1", "Acme"}});
    REQUIRE(store.malformed.size() == 3);
    CHECK(store.malformed[0].where == "stream \"other\"");
    CHECK(store.malformed[1].where == "line 4 of the tap: id");
    CHECK(store.malformed[1].what == "expected a record with its key_properties");
    CHECK(store.malformed[2].where == "line 6 of the tap");
    CHECK(store.malformed[2].what == "expected a Singer message, a JSON object");

    TapStore again;
    bench.pull(*source, again);
    CHECK(again.malformed.size() == 2);  // the stream was told
}

TEST_CASE("a stream may be told apart into several entities") {
    TapBench bench;
    const auto row = [](int id, const char* type) {
        return out(fmt::format(
            R"({{"type":"RECORD","stream":"items","record":{{"id":{},"type":"{}","name":"n{}"}}}})",
            id, type, id));
    };
    bench.script(row(1, "CALL") + row(2, "TASK") + row(3, "NOTE"));
    const auto source = bench.source(bench.text("", R"(
[[source.stream]]
stream = "items"
entity = "call"
where = [{ at = "/type", in = ["CALL"] }]
map = { subject = "/name" }
[[source.stream]]
stream = "items"
entity = "task"
where = [{ at = "/type", in = ["TASK"] }]
map = { subject = "/name" }
)"));
    TapStore store;
    bench.pull(*source, store);
    CHECK(store.names[Entity::call] == Names{{"1", "n1"}});
    CHECK(store.names[Entity::task] == Names{{"2", "n2"}});
}

TEST_CASE("records that were observed earlier are no newer than that") {
    TapBench bench;
    bench.script(account(1, "Acme", R"(,"time_extracted":"2026-11-20T08:00:00Z")"));
    const auto source = bench.source();
    CHECK(bench.fetch(*source).fetched_at == parse_instant("2026-11-20T08:00:00Z"));
}

TEST_CASE("records cannot be fetched by their ids") {
    TapBench bench;
    bench.script("");
    const auto source = bench.source();
    CHECK_THROWS_WITH(
        bench.run(source->fetch_records(Entity::account, {"1"})),
        "a Singer tap tells streams only: it cannot be asked for records by their ids");
}
