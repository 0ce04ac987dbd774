// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/common/client.hpp"
#include "tests/crmsim/json.hpp"
#include "tests/support/rsa_key.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace nudged::crmsim {
namespace {

using namespace std::chrono_literals;

constexpr auto email = "nudged@team.iam.gserviceaccount.com";
constexpr auto reads = "https://www.googleapis.com/auth/spreadsheets.readonly";
constexpr auto audience = "https://oauth2.googleapis.com/token";

/// A spreadsheet that trusts one service account, and what that account asks.
class Team {
public:
    explicit Team(Dataset data, SimulatorOptions options = unlimited())
        : client("google-sheets", std::move(data), std::move(options)) {
        loopback::JsonWriter order;
        order.StartObject();
        order.member("client_email", email);
        order.member("public_key", key.public_pem);
        order.EndObject();
        CHECK(client.post("/_sim/dialect/trust", order.str()).status == 200);
    }

    /// Of an assertion made at noon, the simulator's time.
    Portal::Answer grant(std::string_view claims) {
        return client.post("/token",
                           "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
                           "&assertion=" +
                               tests::signed_jwt(key, claims));
    }
    /// 2026-11-20T12:00:00Z is 1795176000 s.
    static std::string claims(std::string_view issuer = email, std::string_view to = audience,
                              std::string_view scope = reads, int issued = 0, int life = 3600) {
        return fmt::format(R"({{"iss":"{}","aud":"{}","scope":"{}","iat":{},"exp":{}}})", issuer,
                           to, scope, 1'795'176'000 + issued, 1'795'176'000 + issued + life);
    }
    void sign_in() {
        const auto granted = grant(claims());
        REQUIRE(granted.status == 200);
        client.headers = {
            {"Authorization", std::string("Bearer ") + granted.json["access_token"].GetString()}};
    }
    Portal::Answer values(const std::string& range, const std::string& query = {}) {
        return client.get("/v4/spreadsheets/demo/values/" + range + query);
    }

    tests::RsaKey key = tests::make_rsa_key();
    Client client;
};

TEST_CASE("Google Sheets: a token is given for an assertion that the service account has signed") {
    Team team(twelve_deals());
    const auto why = [&](const std::string& claims) -> std::string {
        const auto answer = team.grant(claims);
        return answer.status == 200 ? "granted" : answer.json["error_description"].GetString();
    };
    CHECK(why(Team::claims()) == "granted");
    CHECK(why(Team::claims("another@x.example")) == "Invalid grant: account not found");
    CHECK(why(Team::claims(email, "https://elsewhere.example")) ==
          "Invalid JWT: Failed audience check.");
    CHECK(why(Team::claims(email, audience, "https://www.googleapis.com/auth/drive")) ==
          "Invalid OAuth scope or ID token audience provided.");
    CHECK(why(Team::claims(email, audience, reads, 0, 3601)).starts_with("Invalid JWT: Token"));
    CHECK(why(Team::claims(email, audience, reads, -4000)).starts_with("Invalid JWT: Token"));
    CHECK(why(Team::claims(email, audience, reads, 301)).starts_with("Invalid JWT: Token"));
    team.key = tests::make_rsa_key();
    CHECK(why(Team::claims()) == "Invalid JWT Signature.");
}

TEST_CASE("Google Sheets: a token ends, and reads what is shared alone") {
    SimulatorOptions options = unlimited();
    options.token_life = 60s;
    Team team(twelve_deals(), options);
    CHECK(team.values("calls").json["error"]["status"] == "UNAUTHENTICATED");
    team.sign_in();
    CHECK(team.values("calls").status == 200);
    CHECK(team.values("nonsense").json["error"]["status"] == "INVALID_ARGUMENT");
    CHECK(team.client.get("/v4/spreadsheets/other/values/calls").status == 404);
    CHECK(team.client.post("/_sim/dialect/share", R"({"shared":false})").status == 200);
    CHECK(team.values("calls").json["error"]["status"] == "PERMISSION_DENIED");
    team.client.advance(60s);
    CHECK(team.values("calls").status == 401);
}

TEST_CASE("Google Sheets: cells are told as they are kept, or as they are shown") {
    Dataset data;
    const Instant nine = *parse_instant("2026-11-02T09:00:00Z");
    data.create(ObjectType::calls,
                {{"hs_timestamp", "2026-11-02T08:30:15Z"},
                 {"hs_call_duration", "61000"},
                 {"hubspot_owner_id", "7"}},
                nine);
    data.create(ObjectType::deals, {{"amount", "12.50"}, {"dealstage", "closedwon"}}, nine);
    data.create(ObjectType::tasks, {{"hs_task_subject", "Offer"}}, nine);
    Team team(std::move(data));
    team.sign_in();
    const std::string kept = "?valueRenderOption=UNFORMATTED_VALUE";
    const auto answer = team.values("%27calls%27%21A%3AH", kept);
    const auto& calls = answer.json["values"];
    CHECK(calls[0].Size() == 8);
    CHECK(calls[0][6] == "duration_s");
    CHECK(calls[1][0].GetInt64() == 9998801);
    CHECK(calls[1][2] == "");
    CHECK(calls[1][6].GetInt64() == 61);
    // Direction is empty, and so the row's end. 2026-11-02 is day 46328 since 1899-12-30, and
    // 09:30:15 in Berlin is 34215 s of 86400.
    CHECK(calls[1].Size() == 7);
    CHECK(calls[1][5].GetDouble() == Approx(46328 + 34215.0 / 86400));
    const auto shown = team.values("calls", kept + "&dateTimeRenderOption=FORMATTED_STRING");
    CHECK(shown.json["values"][1][5] == "2026-11-02 09:30:15");
    const auto sold = team.values("opportunities", kept);
    const auto& deals = sold.json["values"];
    CHECK(deals[1][7].GetDouble() == 12.5);
    CHECK(deals[1][10].GetBool());
    CHECK(team.values("opportunities").json["values"][1][10] == "TRUE");
    CHECK(team.client.post("/_sim/edit", R"({"object":"tasks","action":"archive","id":"31001"})")
              .status == 200);
    CHECK(team.values("tasks").json["values"].Size() == 1);  // the names of the columns
}

}  // namespace
}  // namespace nudged::crmsim
