// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/source.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;
using Fields = std::map<std::string, std::string>;

namespace {

// The expected records below are worked out from the samples by hand. Instants as `date -ud` tells
// them, in milliseconds:
//   2026-01-12T10:00:00     1768212000000     2026-03-02T15:04:05     1772463845000
//   2026-02-20T10:00:00     1771581600000     2026-03-02T15:11:10.123 1772464270123
//   2026-03-02T15:04:06.001 1772463846001     2026-03-02T15:12:00     1772464320000

/// Answers like the CRM whose samples lie in the shared folder; what there is no sample for is
/// empty.
Reply answer(const Request& request) {
    const auto sample = [](const std::string& name) {
        return Reply::json(read_shared("specs/hubspot/samples/" + name + ".json").value_or("{}"));
    };
    const bool is_first = request.body.find(R"("operator":"GT","propertyName":"hs_object_id",)"
                                            R"("value":"0")") != std::string::npos;
    if (request.path.ends_with("/search")) {
        const auto object = request.path.substr(0, request.path.size() - 7);
        const auto name = object.substr(object.rfind('/') + 1);
        if (name == "calls") {
            if (is_first) return sample("search-calls-page1");
            const bool is_second = request.body.find(R"("value":"302")") != std::string::npos;
            return sample(is_second ? "search-calls-page2" : "search-calls-empty");
        }
        return sample(is_first ? "search-" + name : "search-calls-empty");
    }
    if (request.path.ends_with("/calls/deals/batch/read")) {
        const bool is_first_page = request.body.find("\"301\"") != std::string::npos;
        return sample(is_first_page ? "associations-batch-read-calls-deals"
                                    : "associations-batch-read-207");
    }
    if (request.path.find("/owners/") != std::string::npos) {
        if (request.query.contains("after")) return Reply::json(R"({"results":[]})");
        return sample(request.query.at("archived") == "true" ? "owners-archived" : "owners-page1");
    }
    if (request.path.ends_with("/dispositions")) return sample("call-dispositions");
    if (request.path.find("/pipelines/") != std::string::npos) return sample("pipelines-deals");
    if (request.query.contains("after")) return Reply::json(R"({"results":[]})");
    // A list of objects is told as a search is.
    if (request.path.ends_with("/objects/2026-03/users")) return sample("search-users");
    if (request.path.ends_with("/objects/2026-03/calls")) return sample("list-calls-archived");
    return Reply::json(R"({"results":[]})");
}

bool samples_are_here() {
    const bool here = read_shared("specs/hubspot/samples/SOURCES.md").has_value();
    if (!here) WARN("skipped: the samples are not here");
    return here;
}

/// All that a stream of the sample CRM tells.
Store pull(model::Stream stream) {
    HttpServer server(answer);
    HttpBench bench;
    auto options = bench.shipped("hubspot", server.url(""));
    std::get<sources::HttpSourceOptions>(options.connector_options).settings["portal_id"] = "77";
    const auto source = bench.source(options);
    Store store;
    bench.pull(*source, stream, store);
    return store;
}

}  // namespace

TEST_CASE("the sample calls become the records that a person reads in them") {
    if (!samples_are_here()) return;
    const auto store = pull(incremental(Entity::call));
    REQUIRE(store.size() == 3);
    const auto& first = store.at({Entity::call, "301"});
    CHECK(first.modified == from_millis(1'772'464'270'123));
    CHECK(first.fields == Fields{{"owner", "64492917"},
                                 {"started_at", "1772463845000"},
                                 {"duration_s", "412"},  // 412,000 ms
                                 {"direction", "outbound"},
                                 {"outcome", "connected"},
                                 {"subject", "Discovery call"},
                                 {"opportunity", "601"},
                                 {"created_at", "1772463846001"},
                                 {"url", "https://app.hubspot.com/contacts/77/record/0-48/301"}});
    // No disposition: what the telephone noticed counts. No title, no duration, no deal.
    const auto& second = store.at({Entity::call, "302"}).fields;
    CHECK(second.at("outcome") == "no_answer");
    CHECK(second.at("direction") == "inbound");
    CHECK_FALSE(second.contains("duration_s"));
    CHECK_FALSE(second.contains("subject"));
    // An outcome of the account's own, "Gatekeeper", nobody's call, no direction.
    const auto& third = store.at({Entity::call, "303"}).fields;
    CHECK(third.at("outcome") == "other");
    CHECK(third.at("duration_s") == "0");
    CHECK_FALSE(third.contains("owner"));
    CHECK_FALSE(third.contains("direction"));
}

TEST_CASE("the sample tasks become the records that a person reads in them") {
    if (!samples_are_here()) return;
    const auto store = pull(incremental(Entity::task));
    REQUIRE(store.size() == 2);
    const auto& open = store.at({Entity::task, "401"}).fields;
    CHECK(open.at("subject") == "Send proposal");
    CHECK(open.at("due_at") == "1773061200000");  // 2026-03-09T13:00:00Z
    CHECK(open.at("is_done") == "0");
    CHECK(open.at("priority") == "high");
    CHECK(open.at("type") == "todo");
    CHECK_FALSE(open.contains("completed_at"));
    const auto& done = store.at({Entity::task, "402"}).fields;
    CHECK(done.at("is_done") == "1");
    CHECK(done.at("completed_at") == "1772464269870");  // 2026-03-02T15:11:09.870Z
    CHECK(done.at("type") == "call");
    CHECK_FALSE(done.contains("priority"));  // "NONE"
}

TEST_CASE("the sample deals become the records that a person reads in them") {
    if (!samples_are_here()) return;
    const auto store = pull(incremental(Entity::opportunity));
    REQUIRE(store.size() == 3);
    const auto& globex = store.at({Entity::opportunity, "601"}).fields;
    CHECK(globex.at("name") == "Globex - 40 seats");
    CHECK(globex.at("amount") == "48000");
    CHECK(globex.at("currency") == "USD");
    // 21:00 UTC is 23:00 in Berlin, in summer time, on the same day.
    CHECK(globex.at("close_date") == "2026-04-30");
    CHECK(globex.at("stage") == "contractsent");
    CHECK(globex.at("is_closed") == "0");
    CHECK(globex.at("forecast_category") == "commit");
    CHECK(globex.at("probability") == "0.900000000000000022");  // 18 places of 55
    CHECK(globex.at("next_step") == "Legal review");
    CHECK(globex.at("created_at") == "1768212000000");
    const auto& initech = store.at({Entity::opportunity, "602"}).fields;
    CHECK_FALSE(initech.contains("amount"));  // ""
    CHECK_FALSE(initech.contains("close_date"));
    CHECK(initech.at("is_won") == "1");
    CHECK(initech.at("probability") == "1");
    const auto& umbrella = store.at({Entity::opportunity, "603"}).fields;
    CHECK(umbrella.at("close_date") == "2026-03-31");  // midnight UTC is 2:00 in Berlin
    CHECK(umbrella.at("amount") == "1250.5");
    CHECK_FALSE(umbrella.contains("next_step"));
}

TEST_CASE("owners are told twice, those who left the second time, and their zones by their seats") {
    if (!samples_are_here()) return;
    const auto store = pull(incremental(Entity::user));
    REQUIRE(store.size() == 3);
    CHECK(store.at({Entity::user, "64492917"}).fields == Fields{{"email", "rita@example.com"},
                                                                {"name", "Rita Seller"},
                                                                {"active", "1"},
                                                                {"time_zone", "America/New_York"},
                                                                {"is_person", "1"}});
    CHECK(store.at({Entity::user, "64492999"}).fields ==
          Fields{{"name", "Inbound Queue"}, {"active", "1"}, {"is_person", "0"}});
    CHECK(store.at({Entity::user, "64492918"}).fields.at("active") == "0");
}

TEST_CASE("a pipeline's stages come out of the answer that tells the pipelines") {
    if (!samples_are_here()) return;
    const auto pipelines = pull(incremental(Entity::pipeline));
    CHECK(pipelines.at({Entity::pipeline, "default"}).fields ==
          Fields{{"name", "Sales Pipeline"}, {"position", "0"}});
    const auto stages = pull(incremental(Entity::stage));
    CHECK(stages.at({Entity::stage, "contractsent"}).fields == Fields{{"pipeline", "default"},
                                                                      {"name", "Contract Sent"},
                                                                      {"position", "4"},
                                                                      {"is_closed", "0"},
                                                                      {"is_won", "0"},
                                                                      {"probability", "0.9"}});
    CHECK(stages.at({Entity::stage, "closedwon"}).fields.at("is_won") == "1");
    CHECK(stages.at({Entity::stage, "closedlost"}).fields.at("is_won") == "0");
    CHECK(stages.at({Entity::stage, "closedlost"}).fields.at("is_closed") == "1");
}

TEST_CASE("the sample companies, contacts and meetings are mapped") {
    if (!samples_are_here()) return;
    const auto accounts = pull(incremental(Entity::account));
    const auto& account = accounts.at({Entity::account, "701"}).fields;
    CHECK(account.at("name") == "Globex Corporation");
    CHECK(account.at("domain") == "globex.example");
    CHECK(accounts.at({Entity::account, "709"}).deleted);  // merged into that one
    const auto contact = pull(incremental(Entity::contact)).at({Entity::contact, "801"});
    CHECK(contact.fields.at("name") == "Ana Díaz");
    CHECK(contact.fields.at("account") == "701");
    CHECK(contact.modified == parse_instant("2026-03-02T15:11:12.500Z"));
    const auto meeting = pull(incremental(Entity::meeting)).at({Entity::meeting, "501"}).fields;
    CHECK(meeting.at("outcome") == "held");
    CHECK(meeting.at("ends_at") == "1772642700000");  // 2026-03-04T16:45:00Z
}

TEST_CASE("what the list of archived records tells becomes tombstones") {
    if (!samples_are_here()) return;
    const auto store = pull(deletions(Entity::call));
    REQUIRE(store.size() == 1);
    const auto& gone = store.at({Entity::call, "250"});
    CHECK(gone.deleted);
    CHECK(gone.modified == from_millis(1'771'581'600'000));
}
