// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/errors.hpp"

#include "connectors/sources/http/manifest.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace nudged;
using namespace nudged::sources;
using namespace std::chrono_literals;

namespace {

const Instant noon = *parse_instant("2026-11-20T12:00:00Z");

net::HttpResponse answer(int status, std::string body, net::Headers headers = {}) {
    return {status, std::move(headers), std::move(body)};
}

/// What a shipped manifest says, whatever else it wants from a source; nullopt when there is none.
std::optional<Manifest> shipped(const std::string& name) {
    const auto file =
        std::filesystem::path{NUDGED_SOURCE_DIR} / "connectors/manifests" / (name + ".toml");
    if (!std::filesystem::exists(file)) return std::nullopt;
    tests::HttpBench bench;
    Diagnostics problems;
    return compile_manifest(file, bench.shipped(name, "http://127.0.0.1:1"), problems);
}

/// A rule as a manifest would say it.
ErrorRule rule_of(ErrorClass kind, int status) {
    ErrorRule rule;
    rule.kind = kind;
    rule.statuses = {{status, status}};
    return rule;
}

ErrorMatch at(const char* place, std::vector<std::string> in) {
    ErrorMatch match;
    match.at = json::Path::parse(place);
    match.in = std::move(in);
    return match;
}

}  // namespace

TEST_CASE("without a table an answer goes by its status") {
    const auto kind = [](int status) {
        return classify({}, answer(status, ""), noon, Zone::utc()).kind;
    };
    CHECK(kind(200) == ErrorClass::none);
    CHECK(kind(207) == ErrorClass::none);
    CHECK(kind(204) == ErrorClass::empty);
    CHECK(kind(304) == ErrorClass::empty);
    CHECK(kind(302) == ErrorClass::bad_request);
    CHECK(kind(400) == ErrorClass::bad_request);
    CHECK(kind(401) == ErrorClass::auth_dead);
    CHECK(kind(403) == ErrorClass::forbidden_stream);
    CHECK(kind(404) == ErrorClass::not_found);
    CHECK(kind(408) == ErrorClass::transient);
    CHECK(kind(429) == ErrorClass::throttle_short);
    CHECK(kind(503) == ErrorClass::transient);
}

TEST_CASE("what the answer says about waiting goes before what the table says") {
    auto rule = rule_of(ErrorClass::throttle_short, 429);
    rule.wait = 10s;
    CHECK(classify({rule}, answer(429, ""), noon, Zone::utc()).wait == 10s);
    CHECK(classify({rule}, answer(429, "", {{"retry-after", "3"}}), noon, Zone::utc()).wait == 3s);
}

TEST_CASE("a throttle lasts until its limiters come back, or else as long as the table says") {
    auto rule = rule_of(ErrorClass::throttle_short, 429);
    rule.wait = 10s;
    rule.until_reset = true;
    const auto response = answer(429, "");
    CHECK(classify({rule}, response, noon, Zone::utc(), 700ms).wait == 700ms);
    CHECK(classify({rule}, response, noon, Zone::utc()).wait == 10s);
}

TEST_CASE("a rule that looks into the body fits no body that is not JSON") {
    ErrorRule rule;
    rule.matches = {at("/policyName", {"DAILY"})};
    rule.kind = ErrorClass::throttle_quota;
    CHECK(classify({rule}, answer(429, "<html>"), noon, Zone::utc()).kind ==
          ErrorClass::throttle_short);
    CHECK(classify({rule}, answer(429, R"({"policyName":"DAILY"})"), noon, Zone::utc()).kind ==
          ErrorClass::throttle_quota);
}

TEST_CASE("conditions look at a place, a header or the text of a body that is no JSON") {
    struct Case {
        const char* name;
        ErrorMatch match;
        std::string body;
        bool fits;
    };
    ErrorMatch contains = at("/*/message", {});
    contains.contains = {"Concurrent", "LongTxn"};
    ErrorMatch present = at("/errors", {});
    present.present = true;
    ErrorMatch absent = at("", {});
    absent.present = false;
    ErrorMatch header;
    header.header = "x-limit-reset";
    header.above = 60;
    ErrorMatch no_header;
    no_header.header = "x-absent";
    no_header.present = false;
    ErrorMatch text;
    text.text = true;
    text.contains = {"maintenance"};
    const auto c = GENERATE_COPY(values<Case>({
        {"a part of one of several texts", contains, R"([{"message":"a"},{"message":"LongTxn b"}])",
         true},
        {"a part of none", contains, R"([{"message":"a"}])", false},
        {"a text where a list should be", contains, R"({"message":"LongTxn"})", false},
        {"a place that is there", present, R"({"errors":[]})", true},
        {"a place that holds null", present, R"({"errors":null})", false},
        {"the whole is null", absent, "null", true},
        {"the whole is not null", absent, "{}", false},
        {"the whole is no JSON", absent, "", false},
        {"a number in a header", header, "{}", true},
        {"a header that is not there", no_header, "{}", true},
        {"a part of a page", text, "<p>maintenance</p>", true},
        {"JSON is no text", text, R"({"message":"maintenance"})", false},
        {"a list of its own kind", at("/0/code", {"X"}), R"([{"code":"X"}])", true},
        {"a number as text", at("/code", {"42"}), R"({"code":42})", true},
        {"an object for a text", at("/code", {"X"}), R"({"code":{"code":"X"}})", false},
    }));
    DYNAMIC_SECTION(c.name) {
        auto rule = rule_of(ErrorClass::split_window, 400);
        rule.matches = {c.match};
        const auto response = answer(400, c.body, {{"x-limit-reset", "61.5"}});
        const auto kind = classify({rule}, response, noon, Zone::utc()).kind;
        CHECK((kind == ErrorClass::split_window) == c.fits);
    }
}

TEST_CASE("of several conditions all must hold, and of several rules the first decides") {
    auto both = rule_of(ErrorClass::throttle_quota, 403);
    both.matches = {at("/code", {"LIMIT"}), at("/kind", {"day"})};
    auto one = rule_of(ErrorClass::throttle_short, 403);
    one.matches = {at("/code", {"LIMIT"})};
    const auto kind = [&](const char* body) {
        return classify({both, one}, answer(403, body), noon, Zone::utc()).kind;
    };
    CHECK(kind(R"({"code":"LIMIT","kind":"day"})") == ErrorClass::throttle_quota);
    CHECK(kind(R"({"code":"LIMIT","kind":"hour"})") == ErrorClass::throttle_short);
    CHECK(kind(R"({"code":"OTHER"})") == ErrorClass::forbidden_stream);
}

TEST_CASE("an answer of 2xx is an error only by a rule that names its status") {
    ErrorRule any;
    any.kind = ErrorClass::transient;
    CHECK(classify({any}, answer(200, "{}"), noon, Zone::utc()).kind == ErrorClass::none);
    CHECK_FALSE(names_status({any}, 200));
    ErrorRule named = any;
    named.statuses = {{200, 299}};
    named.matches = {at("/status", {"error"})};
    CHECK(names_status({named}, 202));
    CHECK(classify({named}, answer(200, R"({"status":"error"})"), noon, Zone::utc()).kind ==
          ErrorClass::transient);
    CHECK(classify({named}, answer(200, "{}"), noon, Zone::utc()).kind == ErrorClass::none);
}

TEST_CASE("the name of a field stands between two texts of the answer") {
    auto rule = rule_of(ErrorClass::drop_field, 400);
    rule.field = FieldMention{*json::Path::parse("/0/message"), "No such column '", "'"};
    const auto field = [&](const char* body) {
        return classify({rule}, answer(400, body), noon, Zone::utc()).field;
    };
    CHECK(field(R"([{"message":"it's so: No such column 'Amount' on entity 'Task'"}])") ==
          "Amount");
    CHECK(field(R"([{"message":"No such column 'Amount"}])").empty());
    CHECK(field(R"([{"message":7}])").empty());
    CHECK(field("<html>").empty());
}

TEST_CASE("bodies of any shape are judged by their status when no rule fits") {
    auto rule = rule_of(ErrorClass::bad_request, 503);
    rule.matches = {at("/*/a/0", {"x"})};
    ErrorMatch text;
    text.text = true;
    text.contains = {"never"};
    auto second = rule_of(ErrorClass::bad_request, 503);
    second.matches = {text};
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    const std::vector<std::string> bodies{"",
                                          "null",
                                          "0",
                                          "1e999999",
                                          "\"text\"",
                                          "[",
                                          "{\"a\":",
                                          "{\"a\":1}garbage",
                                          deep,
                                          std::string(200'000, 'x'),
                                          "\xff\xfe\x00\x80",
                                          "[{\"a\":\"\xc3\x28\"}]",
                                          std::string(3, '\0'),
                                          "[123456789012345678901234567890]"};
    for (const auto& body : bodies) {
        net::Headers flood(256, {"x-noise", std::string(1000, 'n')});
        const auto verdict = classify({rule, second}, answer(503, body, flood), noon, Zone::utc());
        CHECK(verdict.kind == ErrorClass::transient);
        CHECK_FALSE(verdict.wait);
    }
}

TEST_CASE("a daily quota comes back at the account's midnight") {
    const auto berlin = *Zone::find("Europe/Berlin");
    const auto verdict = classify(shipped("hubspot")->errors,
                                  answer(429, R"({"policyName":"DAILY"})"), noon, berlin);
    CHECK(verdict.kind == ErrorClass::throttle_quota);
    CHECK(verdict.wait == 11h);  // 12:00 UTC is 13:00 in Berlin in November
}
