// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/template.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::sources;

namespace {

const Place somewhere{"crm.toml", 7, 3};

Template compiled(std::string_view text, const Settings& settings = {}) {
    Diagnostics problems;
    auto result = Template::compile(text, settings, somewhere, problems);
    INFO(problems.str());
    REQUIRE_FALSE(problems.has_errors());
    return result;
}

std::string problem_of(std::string_view text) {
    Diagnostics problems;
    Template::compile(text, {{"version", "2026-03"}}, somewhere, problems);
    return problems.str();
}

BodyTemplate leaf(std::string_view text) {
    return BodyTemplate{compiled(text)};
}

}  // namespace

TEST_CASE("times are written in the form that the CRM reads") {
    const Variables variables{{"window.lo", *parse_instant("2026-11-20T12:00:00.007Z")}};
    CHECK(compiled("{window.lo}").text(variables) == "2026-11-20T12:00:00.007Z");
    CHECK(compiled("{window.lo as epoch_ms}").text(variables) == "1795176000007");
    CHECK(compiled("{window.lo as epoch_s}").text(variables) == "1795176000");
    CHECK(compiled(">= {window.lo as date}").text(variables) == ">= 2026-11-20");
    CHECK(problem_of("{window.lo as number}").find("a time is no number, write it as epoch_ms") !=
          std::string::npos);
}

TEST_CASE("a filter's local time is that of the zone it names, which may be a setting") {
    const Variables variables{{"window.lo", *parse_instant("2026-11-20T12:00:00Z")}};
    // New York is at UTC-5 in November, Tokyo always at UTC+9.
    CHECK(compiled("{window.lo as local in America/New_York}").text(variables) ==
          "2026-11-20 07:00:00");
    CHECK(compiled("{window.lo as \"%d/%m %H:%M\" in settings.clocks}", {{"clocks", "Asia/Tokyo"}})
              .text(variables) == "20/11 21:00");
    CHECK(problem_of("{window.lo as iso in Asia/Tokyo}").find("is no placeholder") !=
          std::string::npos);
}

TEST_CASE("a path takes settings as they stand and percent-encodes everything else") {
    const auto path = compiled("{settings.objects}/{object}", {{"objects", "/crm/v3"}});
    CHECK(path.path({{"object", "a/../b?c"}}) == "/crm/v3/a%2F..%2Fb%3Fc");
    CHECK(path.path({}) == std::nullopt);
}

TEST_CASE("a body keeps the types of what is put in, and escapes it") {
    BodyTemplate::Members members;
    members.emplace_back("ms", leaf("{window.lo as epoch_ms}"));
    members.emplace_back("ms_text", leaf("{window.lo as epoch_ms string}"));
    members.emplace_back("limit", leaf("{limit}"));
    members.emplace_back("limit_text", leaf("{limit as string}"));
    members.emplace_back("fields", leaf("{fields}"));
    members.emplace_back("id", leaf("{keyset.last_id}"));
    members.emplace_back("mixed", leaf("id > {keyset.last_id}"));
    members.emplace_back("flag", BodyTemplate{true});
    members.emplace_back("token", leaf("{page.token}"));
    const BodyTemplate body{std::move(members)};
    const Variables variables{{"window.lo", Instant{std::chrono::milliseconds{5}}},
                              {"limit", std::int64_t{200}},
                              {"fields", std::vector<std::string>{"a", "b\"c"}},
                              {"keyset.last_id", "12\"3"}};
    CHECK(body.json(variables, {}) ==
          R"({"ms":5,"ms_text":"5","limit":200,"limit_text":"200","fields":["a","b\"c"],)"
          R"("id":"12\"3","mixed":"id > 12\"3","flag":true})");
}

TEST_CASE("ids are numbers in a body that asks for numbers, and only where they are digits") {
    BodyTemplate::Members members;
    members.emplace_back("ids", leaf("{ids as number}"));
    members.emplace_back("last", leaf("{keyset.last_id as number}"));
    members.emplace_back("code", leaf("{code as number}"));
    members.emplace_back("text", leaf("{ids as number string}"));
    const BodyTemplate body{std::move(members)};
    const Variables variables{{"ids", std::vector<std::string>{"5001", "0", "a7", "007", "-1", ""}},
                              {"keyset.last_id", "9007199254740993"},
                              {"code", "1e5"}};
    CHECK(body.json(variables, {}) ==
          R"({"ids":[5001,0,"a7","007","-1",""],"last":9007199254740993,"code":"1e5",)"
          R"("text":["5001","0","a7","007","-1",""]})");
}

TEST_CASE("the element that names each id is repeated for every id") {
    BodyTemplate::Members input;
    input.emplace_back("id", leaf("{each.id}"));
    BodyTemplate::Elements elements;
    elements.emplace_back(std::move(input));
    BodyTemplate::Members members;
    members.emplace_back("inputs", BodyTemplate{std::move(elements)});
    const BodyTemplate body{std::move(members)};
    CHECK(body.json({}, {"301", "302"}) == R"({"inputs":[{"id":"301"},{"id":"302"}]})");
    CHECK(body.json({}, {}) == R"({"inputs":[]})");
}

TEST_CASE("a placeholder that cannot be is told with its place and a remedy") {
    CHECK(problem_of("{window.lo as epoch_m}") ==
          "crm.toml:7:3: there is no form \"epoch_m\", did you mean \"epoch_ms\"?\n");
    CHECK(problem_of("{window.lo epoch_ms}") ==
          "crm.toml:7:3: {window.lo epoch_ms} is no placeholder, write {name}, {name as FORM}, "
          "{name as FORM string} or, of a local time, {name as FORM in ZONE}\n");
    CHECK(problem_of("{window.lo as local in Europe/Berln}") ==
          "crm.toml:7:3: unknown time zone \"Europe/Berln\", use an IANA name such as "
          "\"Europe/Berlin\"\n");
    CHECK(problem_of("{window.lo as local in settings.zone}") ==
          "crm.toml:7:3: unknown time zone \"settings.zone\", use an IANA name such as "
          "\"Europe/Berlin\"\n");
    CHECK(problem_of("{settings.verson}") ==
          "crm.toml:7:3: there is no setting \"verson\", did you mean \"version\"?\n");
    CHECK(problem_of("/x/{id") == "crm.toml:7:3: a placeholder is not closed, end it with }\n");
}
