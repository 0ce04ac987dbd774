// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/org_fixture.hpp"
#include "tests/support/rsa_key.hpp"

namespace nudged::crmsim::salesforce {
namespace {

const std::string refresh = "grant_type=refresh_token&client_id=tests&refresh_token=";

int status_of(TestOrg& org) {
    return org.query("SELECT COUNT() FROM Task").status;
}

TEST_CASE("a grant names the host that was asked, its time as text, and no end") {
    TestOrg org(twelve_deals());
    const auto granted = org.grant(refresh + "pat-eu1-demo");
    REQUIRE(granted.status == 200);
    CHECK(granted.json["instance_url"] == "http://127.0.0.1");
    CHECK(granted.json["token_type"] == "Bearer");
    // 2026-11-20 is day 20777 of the epoch: 20777 * 86400 + 43200 s.
    CHECK(granted.json["issued_at"] == "1795176000000");
    CHECK_FALSE(granted.json.HasMember("expires_in"));
    CHECK_FALSE(granted.json.HasMember("refresh_token"));
    org.order("settings", R"({"instance_url":"http://elsewhere.example"})");
    CHECK(org.grant(refresh + "pat-eu1-demo").json["instance_url"] == "http://elsewhere.example");
}

TEST_CASE("an access token ends with its life, or before") {
    SimulatorOptions options = unlimited();
    options.token_life = std::chrono::seconds{900};
    TestOrg org(twelve_deals(), options);
    CHECK(status_of(org) == 200);
    SECTION("its life") {
        org.advance(std::chrono::seconds{899});
        CHECK(status_of(org) == 200);
        org.advance(std::chrono::seconds{1});
    }
    SECTION("a revocation") {
        org.order("end_sessions");
    }
    SECTION("another token") {
        org.access_token = "pat-eu1-demo";
    }
    const auto refused = org.query("SELECT COUNT() FROM Task");
    CHECK(refused.status == 401);
    CHECK(refused.text ==
          R"([{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}])");
    org.sign_in();
    CHECK(status_of(org) == 200);
}

TEST_CASE("with sliding sessions, use prolongs a token's life") {
    SimulatorOptions options = unlimited();
    options.token_life = std::chrono::seconds{900};
    TestOrg org(twelve_deals(), options);
    org.order("settings", R"({"sliding":true})");
    org.advance(std::chrono::seconds{800});
    CHECK(status_of(org) == 200);
    org.advance(std::chrono::seconds{800});
    CHECK(status_of(org) == 200);
    org.advance(std::chrono::seconds{900});
    CHECK(status_of(org) == 401);
}

TEST_CASE("a rotated refresh token works once") {
    SimulatorOptions options = unlimited();
    options.rotate_refresh_token = true;
    TestOrg org(twelve_deals(), options);
    // The fixture has used the first one.
    const auto dead = org.grant(refresh + "pat-eu1-demo");
    CHECK(dead.status == 400);
    CHECK(dead.json["error"] == "invalid_grant");
    CHECK(dead.json["error_description"] == "expired access/refresh token");
}

TEST_CASE("each use of a rotating refresh token brings the next one") {
    SimulatorOptions options = unlimited();
    options.rotate_refresh_token = true;
    options.token = "first";
    TestOrg org(twelve_deals(), options);
    const auto granted = org.grant(refresh + "first");
    REQUIRE(granted.status == 200);
    const std::string next = granted.json["refresh_token"].GetString();
    CHECK(org.grant(refresh + "first").status == 400);
    CHECK(org.grant(refresh + next).status == 200);
    CHECK(org.grant(refresh + next).status == 400);
}

TEST_CASE("what a client may get wrong about itself") {
    TestOrg org(twelve_deals());
    const auto error = [&](const std::string& form) {
        const auto refused = org.grant(form);
        CHECK(refused.status == 400);
        return loopback::text_member(refused.json, "error");
    };
    CHECK(error("grant_type=refresh_token&refresh_token=pat-eu1-demo") == "invalid_client_id");
    CHECK(error(refresh + "nonsense") == "invalid_grant");
    CHECK(error("grant_type=password") == "unsupported_grant_type");
    const std::string client = "grant_type=client_credentials&client_id=tests&client_secret=";
    CHECK(error(client + "guess") == "invalid_client");
    CHECK(org.grant(client + "pat%2Deu1-demo").json["scope"] == "api");
    org.order("end_refresh_token");
    CHECK(error(refresh + "pat-eu1-demo") == "invalid_grant");
}

TEST_CASE("a signed assertion is taken from the client that is trusted, for three minutes") {
    TestOrg org(twelve_deals());
    const auto key = tests::make_rsa_key();
    const auto claims = [&](const std::string& audience, int seconds_ahead) {
        return fmt::format(R"({{"iss":"client","sub":"ana@x.example","aud":"{}","exp":{}}})",
                           audience, to_millis(org.now()) / 1'000 + seconds_ahead);
    };
    const auto ask = [&](const std::string& assertion) {
        const auto granted = org.grant(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" +
            assertion);
        return granted.status == 200 ? "granted"
                                     : loopback::text_member(granted.json, "error_description");
    };
    const std::string login = "https://login.salesforce.com";
    CHECK(ask(tests::signed_jwt(key, claims(login, 60))) ==
          "invalid assertion");  // nobody is trusted yet
    loopback::JsonWriter order;
    order.StartObject();
    order.member("public_key", key.public_pem);
    order.EndObject();
    org.order("trust", order.str());
    CHECK(ask(tests::signed_jwt(key, claims(login, 180))) == "granted");
    CHECK(ask(tests::signed_jwt(key, claims("http://127.0.0.1", 60))) == "granted");
    CHECK(ask(tests::signed_jwt(key, claims("https://elsewhere.example", 60))) ==
          "audience is invalid");
    CHECK(ask(tests::signed_jwt(key, claims(login, 181))) ==
          "assertion is expired or valid for too long");
    CHECK(ask(tests::signed_jwt(key, claims(login, 0))) ==
          "assertion is expired or valid for too long");
    CHECK(ask(tests::signed_jwt(tests::make_rsa_key(), claims(login, 60))) == "invalid assertion");
    CHECK(ask("not.a.token") == "invalid assertion");
}

TEST_CASE("every answer tells the calls of 24 hours, and one too many is a 403") {
    SimulatorOptions options;
    options.quotas.per_day = 3;
    TestOrg org(twelve_deals(), options);
    const auto first = org.query("SELECT COUNT() FROM Task");
    CHECK(first.header("sforce-limit-info") == "api-usage=1/3");
    CHECK(org.query("SELECT FROM").header("sforce-limit-info") == "api-usage=2/3");
    CHECK(org.get(org.data + "/limits").json["DailyApiRequests"]["Remaining"].GetInt() == 0);
    const auto refused = org.query("SELECT COUNT() FROM Task");
    CHECK(refused.status == 403);
    CHECK(error_code(refused) == "REQUEST_LIMIT_EXCEEDED");
    CHECK(refused.json[0]["message"] == "TotalRequests Limit exceeded.");
    CHECK(refused.header("sforce-limit-info") == "api-usage=3/3");
    CHECK(refused.header("retry-after").empty());
    org.advance(std::chrono::hours{24});
    org.sign_in();
    CHECK(org.query("SELECT COUNT() FROM Task").status == 200);
    org.order("use_calls", R"({"calls":2})");
    CHECK(org.query("SELECT COUNT() FROM Task").status == 403);
}

TEST_CASE("versions are listed for everybody; retired ones are gone") {
    TestOrg org(twelve_deals());
    const auto gone = org.get("/services/data/v30.0/limits");
    CHECK(gone.status == 410);
    CHECK(error_code(org.get("/services/data/v30.0/jobs/query/750")) == "InvalidVersion");
    CHECK(error_code(org.get("/services/data/v99.0/limits")) == "NOT_FOUND");
    CHECK(error_code(org.get(org.data + "/nonsense")) == "NOT_FOUND");
    org.access_token = "none";
    const auto versions = org.get("/services/data/");
    REQUIRE(versions.status == 200);
    CHECK(versions.json[versions.json.Size() - 1]["version"] == "67.0");
}

}  // namespace
}  // namespace nudged::crmsim::salesforce
