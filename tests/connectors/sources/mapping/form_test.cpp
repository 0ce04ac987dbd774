// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/template.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace nudged;
using namespace nudged::sources;

namespace {

const Zone berlin = *Zone::find("Europe/Berlin");
const Place somewhere{"crm.toml", 7, 3};

std::string text(const std::string& form, const Variable& variable) {
    Diagnostics problems;
    const auto compiled = Template::compile("{x as " + form + "}", {}, somewhere, problems, berlin);
    INFO(problems.str());
    REQUIRE_FALSE(problems.has_errors());
    return *compiled.text({{"x", variable}});
}

std::string problem_of(const std::string& inside) {
    Diagnostics problems;
    Template::compile("{" + inside + "}", {}, somewhere, problems, berlin);
    return problems.str();
}

/// Reads a literal as a query's parser does: what it holds, when it ends where the text ends, and
/// "(broken)" when it ends before.
std::string literal(std::string_view text, char quote, bool backslash) {
    std::string held;
    if (text.size() < 2 || text.front() != quote) return "(broken)";
    for (std::size_t i = 1; i < text.size(); ++i) {
        const bool is_last = i + 1 == text.size();
        if (backslash && text[i] == '\\') {
            if (is_last) return "(broken)";
            const char next = text[++i];
            held += next == 'n' ? '\n' : next == 'r' ? '\r' : next;
        } else if (text[i] == quote) {
            if (is_last) return held;
            if (backslash || text[i + 1] != quote) return "(broken)";
            held += text[++i];
        } else {
            held += text[i];
        }
    }
    return "(broken)";
}

}  // namespace

TEST_CASE("a time is written in every form that CRMs read") {
    // Berlin is at UTC+1 on this Friday, the 324th day of 2026.
    const Variable noon{*parse_instant("2026-11-20T12:00:00Z")};
    const Variable odd{*parse_instant("2026-07-05T22:04:09.007Z")};
    CHECK(text("iso_ms", noon) == "2026-11-20T12:00:00.000Z");
    CHECK(text("iso_ms", odd) == "2026-07-05T22:04:09.007Z");
    CHECK(text("iso_offset", noon) == "2026-11-20T12:00:00+00:00");
    CHECK(text("iso_offset", odd) == "2026-07-05T22:04:09.007+00:00");
    CHECK(text("local", noon) == "2026-11-20 13:00:00");
    CHECK(text("local utc", noon) == "2026-11-20 12:00:00");
    CHECK(text("\"%d.%m.%Y %H:%M\"", noon) == "20.11.2026 13:00");
    CHECK(text("\"%FT%T%z\"", odd) == "2026-07-06T00:04:09+0200");
    CHECK(text("\"%F %T\" utc", odd) == "2026-07-05 22:04:09");
    CHECK(text("\"%a %e. %b %y %I:%M %p, day %j, %%\"", odd) ==
          "Mon  6. Jul 26 12:04 AM, day 187, %");
    CHECK(text("quoted", noon) == "'2026-11-20T12:00:00Z'");
}

TEST_CASE("texts and each of a list are put between quotes") {
    const Variable name{std::string{"O'Neil \\ \"Sons\"\n"}};
    CHECK(text("quoted", name) == R"('O\'Neil \\ "Sons"\n')");
    CHECK(text("double_quoted", name) == R"("O'Neil \\ \"Sons\"\n")");
    CHECK(text("sql", name) == "'O''Neil \\ \"Sons\"\n'");
    const Variable ids{std::vector<std::string>{"1", "it's"}};
    CHECK(text("quoted", ids) == R"('1','it\'s')");
    CHECK(text("sql", ids) == "'1','it''s'");
    CHECK(text("double_quoted", ids) == R"("1","it's")");
    CHECK(text("sql", std::vector<std::string>{}).empty());
    CHECK(text("sql", std::int64_t{7}) == "'7'");
}

TEST_CASE("no text ends the quotes that it stands between") {
    std::mt19937 random{20261120};
    const std::string alphabet{"'\"\\\n\r\0na;-) ", 13};
    for (int round = 0; round < 50'000; ++round) {
        std::string hostile;
        for (auto size = random() % 12; size > 0; --size)
            hostile += alphabet[random() % alphabet.size()];
        REQUIRE(literal(text_of(hostile, {.kind = Form::Kind::quoted}).value(), '\'', true) ==
                hostile);
        REQUIRE(literal(text_of(hostile, {.kind = Form::Kind::double_quoted}).value(), '"', true) ==
                hostile);
        REQUIRE(literal(text_of(hostile, {.kind = Form::Kind::sql}).value(), '\'', false) ==
                hostile);
    }
}

TEST_CASE("a form that is none is told with its place and a remedy") {
    CHECK(problem_of("x as qouted") ==
          "crm.toml:7:3: there is no form \"qouted\", did you mean \"quoted\"?\n");
    CHECK(problem_of("x as \"%Q\"").find("has the unknown directive %Q") != std::string::npos);
    CHECK(problem_of("x as iso utc").find("is no placeholder") != std::string::npos);
    CHECK(problem_of("x in iso").find("is no placeholder") != std::string::npos);
}

TEST_CASE("a form has encoded texts, and JSON for what is more than a text") {
    Diagnostics problems;
    const auto leaf = [&](std::string_view text) {
        return BodyTemplate{Template::compile(text, {}, somewhere, problems)};
    };
    BodyTemplate::Members data;
    data.emplace_back("q", leaf("{name}"));
    data.emplace_back("n", BodyTemplate{std::int64_t{5}});
    BodyTemplate::Members members;
    members.emplace_back("a b", leaf("x & {name}"));
    members.emplace_back("gone", leaf("{nothing}"));
    members.emplace_back("data", BodyTemplate{std::move(data)});
    members.emplace_back("flag", BodyTemplate{true});
    members.emplace_back("ids", leaf("{ids as quoted}"));
    const BodyTemplate body{std::move(members)};
    const Variables variables{{"name", "M=\"1\""}, {"ids", std::vector<std::string>{"1", "2"}}};
    // {"q":"M=\"1\"","n":5}
    CHECK(body.form(variables, {}) ==
          "a%20b=x%20%26%20M%3D%221%22&data=%7B%22q%22%3A%22M%3D%5C%221%5C%22%22%2C%22n%22%3A5%7D"
          "&flag=true&ids=%271%27%2C%272%27");
    CHECK(body.json(variables, {}).find(R"("ids":"'1','2'")") != std::string::npos);
    CHECK_FALSE(problems.has_errors());
}
