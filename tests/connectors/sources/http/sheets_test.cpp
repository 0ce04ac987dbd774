// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/crypto.hpp"
#include "tests/connectors/sources/http/auth_bench.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/support/rsa_key.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <mutex>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;

namespace {

/// A spreadsheet with one sheet of calls, shared with one service account.
class Spreadsheet {
public:
    Spreadsheet() : server_([this](const Request& request) { return answer(request); }) {}

    std::string url() const { return server_.url(""); }
    /// The body of the sheet's values, as Google's documents show it.
    void set(const std::string& rows) {
        const std::lock_guard lock(mutex_);
        rows_ = rows;
    }
    void unshare() {
        const std::lock_guard lock(mutex_);
        is_shared_ = false;
    }
    std::vector<Request> requests() const { return server_.requests(); }

private:
    Reply answer(const Request& request) {
        const std::lock_guard lock(mutex_);
        if (request.path == "/token")
            return Reply::json(
                R"({"access_token":"sheet-token","expires_in":3599,"token_type":"Bearer"})");
        if (!is_shared_)
            return Reply::json(
                R"({"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}})",
                403);
        if (request.header("authorization") != "Bearer sheet-token")
            return Reply::json(R"({"error":{"code":401,"status":"UNAUTHENTICATED"}})", 401);
        return Reply::json(R"({"range":"'Dials 2026'!A1:H9","majorDimension":"ROWS","values":)" +
                           rows_ + "}");
    }

    std::mutex mutex_;
    std::string rows_ = "[]";
    bool is_shared_ = true;
    HttpServer server_;  // the last: its thread uses the others
};

sources::MapEntry column(const std::string& place) {
    sources::MapEntry entry;
    entry.from = {place};
    return entry;
}

/// The source that the manifest's head shows.
class Dials {
public:
    Dials() {
        options = bench.shipped("google-sheets", sheet.url());
        auto& http = std::get<sources::HttpSourceOptions>(options.connector_options);
        http.streams = {"call"};
        http.settings["token_url"] = sheet.url() + "/token";
        http.settings["spreadsheet"] = "1AbC";
        http.settings["calls"] = "Dials 2026!A:H";
        http.credentials = {{"client_email", Secret{"nudged@team.iam.gserviceaccount.com"}},
                            {"private_key", Secret{make_rsa_key().private_pem}}};
        auto& mapping = http.fields["call"];
        mapping.map["owner"] = column("/Rep");
        mapping.map["started_at"] = column("/Date");
        mapping.map["started_at"].format = "%d.%m.%Y %H:%M";
        mapping.map["outcome"] = column("/Result");
        mapping.map["outcome"].values = {{"reached", "connected"}, {"nobody", "no_answer"}};
        source = bench.source(options);
    }

    HttpBench bench;
    Spreadsheet sheet;
    sources::SourceOptions options;
    std::unique_ptr<sources::Source> source;
};

const auto calls = incremental(Entity::call);

}  // namespace

TEST_CASE("a private sheet is read by a service account, its rows mapped by their columns") {
    Dials dials;
    // A row ends with its last cell that is not empty.
    dials.sheet.set(R"([["id","Rep","Date","Result","duration_s","subject"],
["d1","ana@kestrel.example","18.11.2026 09:30","reached",95,"Renewal"],
["d2","ben@kestrel.example","18.11.2026 10:00","nobody"],
["d3","#N/A","19.11.2026 10:00","#N/A",60]])");
    Store store;
    dials.bench.pull(*dials.source, calls, store, {});
    CHECK(store.at({Entity::call, "d1"}).fields ==
          std::map<std::string, std::string>{{"owner", "ana@kestrel.example"},
                                             {"started_at", "1794990600000"},  // 09:30 in Berlin
                                             {"outcome", "connected"},
                                             {"duration_s", "95"},
                                             {"subject", "Renewal"}});
    CHECK(store.at({Entity::call, "d2"}).fields.at("outcome") == "no_answer");
    CHECK_FALSE(store.at({Entity::call, "d3"}).fields.contains("owner"));

    const auto asked = dials.sheet.requests();
    REQUIRE(asked.size() == 2);
    const auto form = form_of(asked[0].body);
    CHECK(form.at("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer");
    const auto jwt = form.at("assertion");
    // 2026-11-20T12:00:00Z is 1795176000 s; an hour later is 1795179600 s.
    CHECK(jwt.substr(jwt.find('.') + 1, jwt.rfind('.') - jwt.find('.') - 1) ==
          crypto::base64url(R"({"aud":"https://oauth2.googleapis.com/token",)"
                            R"("iss":"nudged@team.iam.gserviceaccount.com",)"
                            R"("scope":"https://www.googleapis.com/auth/spreadsheets.readonly",)"
                            R"("iat":1795176000,"exp":1795179600})"));
    CHECK(asked[1].path == "/v4/spreadsheets/1AbC/values/Dials 2026!A:H");
    CHECK(asked[1].query.at("valueRenderOption") == "UNFORMATTED_VALUE");
}

TEST_CASE(
    "a row that is deleted from a sheet becomes a tombstone, and an empty sheet deletes none") {
    Dials dials;
    const std::string head = R"([["id","Rep","Date","Result"],["d1","ana@kestrel.example"])";
    dials.sheet.set(head + R"(,["d2","ben@kestrel.example"]])");
    const auto both = dials.bench.fetch(*dials.source, calls, {});
    CHECK(both.records.size() == 2);
    REQUIRE(both.snapshot);  // what is in it is all there is
    CHECK(both.snapshot->ends);
    dials.sheet.set(head + "]");
    const auto one = dials.bench.fetch(*dials.source, calls, both.cursor);
    CHECK(one.records.size() == 1);
    REQUIRE(one.snapshot);
    CHECK(one.snapshot->ends);
}

TEST_CASE("a sheet that has no ids says which columns together tell its rows apart") {
    Dials dials;
    const std::string head = R"([["Rep","Date","Customer","Result"],)";
    dials.sheet.set(head + R"(["ana","18.11.2026 09:30","Globex","reached"],
["ana","18.11.2026 09:30","Initech","nobody"],
["ana","18.11.2026 09:30","Globex","nobody"],[],
["ben","18.11.2026 10:00"]])");
    const auto nameless = dials.bench.fetch(*dials.source, calls, {});
    CHECK(nameless.records.empty());
    CHECK(nameless.malformed_count == 4);  // the empty row is none
    CHECK(nameless.malformed.at(0).where == "call: id");
    CHECK(nameless.malformed.at(0).what ==
          "expected an id; \"id\" says where it stands, or which places together are one");

    auto& fields =
        std::get<sources::HttpSourceOptions>(dials.options.connector_options).fields["call"];
    fields.map["id"].join = "{/Date} {/Rep} {/Customer}";
    const auto source = dials.bench.source(dials.options);
    const auto page = dials.bench.fetch(*source, calls, {});
    Store store;
    keep(page, store);
    CHECK(store.size() == 3);
    const auto outcome = [&](const char* id) {
        const auto told = store.at({Entity::call, id}).fields;
        return told.contains("outcome") ? told.at("outcome") : "null";
    };
    CHECK(outcome("18.11.2026 09:30 ana Globex") == "connected");  // the first of two
    CHECK(outcome("18.11.2026 09:30 ana Initech") == "no_answer");
    CHECK(outcome("18.11.2026 10:00 ben") == "null");
    // Nobody's name is told.
    REQUIRE(page.malformed.size() == 1);
    CHECK(page.malformed[0].where == "call in row 3: id");
    CHECK(page.malformed[0].what == "another row has this id, too; name more places in it");
}

TEST_CASE("where a CRM is asked for records by their ids, these are the CRM's") {
    HttpBench bench;
    auto options = bench.shipped("hubspot", "http://127.0.0.1:1");
    auto& fields = std::get<sources::HttpSourceOptions>(options.connector_options).fields;
    fields["call"].map["id"].join = "{/properties/hs_call_title}";
    CHECK_THROWS_WITH(
        bench.source(options),
        Catch::Contains("records of \"call\" are known to the CRM by the manifest's id"));
}

TEST_CASE("a sheet that is not shared with the service account needs a person") {
    Dials dials;
    dials.sheet.unshare();
    const auto failure = dials.bench.failure_of(*dials.source, calls, {});
    CHECK(failure.kind() == FailureKind::needs_person);
    CHECK(std::string{failure.what()}.find("PRIVATE KEY") == std::string::npos);
}
