// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/json.hpp"

#include <catch2/catch.hpp>

using namespace nudged::sources;

namespace {

std::string text_at(const std::string& path, std::string body) {
    const auto document = json::parse(body);
    REQUIRE(document);
    const auto parsed = json::Path::parse(path);
    REQUIRE(parsed);
    return std::string{json::scalar(parsed->find(*document)).value_or("(nothing)")};
}

std::string repeated(const std::string& text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

}  // namespace

TEST_CASE("numbers of an answer keep every digit that was written") {
    CHECK(text_at("/id", R"({"id": 9007199254740993})") == "9007199254740993");  // 2^53 + 1
    CHECK(text_at("/amount", R"({"amount":48000.10,"next":1})") == "48000.10");
    CHECK(text_at("/amount", R"([-0.5e3])") == "(nothing)");
    CHECK(text_at("/0", R"([-0.5e3])") == "-0.5e3");
    CHECK(text_at("/1", R"([12,345])") == "345");
}

TEST_CASE("what is no JSON is told apart from what is") {
    struct Case {
        const char* name;
        std::string body;
        bool readable;
    };
    const auto c = GENERATE(values<Case>({
        {"an object", "{}", true},
        {"nothing at all", "", false},
        {"white space", " \n", false},
        {"a page of HTML", "<html></html>", false},
        {"cut off", R"({"results":[{"id":"1)", false},
        {"something behind the end", "{} {}", false},
    }));
    DYNAMIC_SECTION(c.name) {
        std::string body = c.body;
        CHECK((json::parse(body) != nullptr) == c.readable);
    }
}

TEST_CASE("nesting beyond the bound is an error and no crash") {
    std::string just_so = repeated("[", json::max_depth) + repeated("]", json::max_depth);
    CHECK(json::parse(just_so) != nullptr);
    std::string one_more = "[" + just_so + "]";
    CHECK(json::parse(one_more) == nullptr);
    std::string two_million(2'000'000, '[');
    CHECK(json::parse(two_million) == nullptr);
    std::string objects = repeated(R"({"a":)", 1'000'000);
    CHECK(json::parse(objects) == nullptr);
}

TEST_CASE("a path leads through objects, arrays and every element of a list") {
    const std::string body = R"({"a":{"b/c":"slash","d~e":"tilde","t":true,"n":null},)"
                             R"("list":[{"x":null},{"x":"second"}]})";
    CHECK(text_at("/a/b~1c", body) == "slash");
    CHECK(text_at("/a/d~0e", body) == "tilde");
    CHECK(text_at("/a/t", body) == "true");
    CHECK(text_at("/a/n", body) == "(nothing)");
    CHECK(text_at("/a/b", body) == "(nothing)");
    CHECK(text_at("/list/1/x", body) == "second");
    CHECK(text_at("/list/*/x", body) == "second");
    CHECK_FALSE(json::Path::parse("a/b"));
    CHECK(json::Path::parse("/properties/amount")->name_after(*json::Path::parse("/properties")) ==
          "amount");
    CHECK(json::Path::parse("/id")->name_after(*json::Path::parse("/properties")).empty());
}

TEST_CASE("an answer of another shape than agreed holds no list") {
    const auto holds = [](const char* path, std::string body) {
        return json::Path::parse(path)->holds_list(*json::parse(body));
    };
    CHECK(holds("/data", R"({"data":[]})"));
    CHECK(holds("", "[]"));
    CHECK(holds("/data/*/inner", R"({"data":[]})"));
    CHECK_FALSE(holds("/data", R"({"error":"busy"})"));
    CHECK_FALSE(holds("/data", R"({"data":null})"));
    CHECK_FALSE(holds("", "null"));
}

TEST_CASE("the elements of nested lists know what holds them") {
    std::string body = R"({"results":[{"id":"p1","stages":[{"id":"a"},{"id":"b"}]},)"
                       R"({"id":"p2","stages":[{"id":"c"}]},{"id":"p3"}]})";
    const auto document = json::parse(body);
    const auto parent_id = *json::Path::parse("../id");
    const auto own_id = *json::Path::parse("/id");
    std::string seen;
    json::Path::parse("/results/*/stages")
        ->each_element(*document, [&](const json::Value& stage, const json::Value& pipeline) {
            seen += *json::scalar(parent_id.find(stage, &pipeline));
            seen += *json::scalar(own_id.find(stage, &pipeline));
            seen += ' ';
        });
    CHECK(seen == "p1a p1b p2c ");
}

TEST_CASE("a text that is JSON itself is read as if it stood there, and one that is none is null") {
    std::string body = R"({"rows":[{"id":"1","log":"{\"changes\":[{\"to\":\"a \\\"b\\\"\"},)"
                       R"({\"to\":12345678901234567890}]}"},)"
                       R"({"id":"2","log":"{\"changes\":["},{"id":"3","log":null},{"id":"4"}]})";
    const auto document = json::parse(body);
    json::unpack(*document, *json::Path::parse("/rows/*/log"));
    const auto to = *json::Path::parse("/to");
    const auto id = *json::Path::parse("../id");
    std::string seen;
    json::Path::parse("/rows/*/log/changes")
        ->each_element(*document, [&](const json::Value& change, const json::Value& row) {
            seen += std::string{*json::scalar(id.find(change, &row))} + ":";
            seen += std::string{*json::scalar(to.find(change, &row))} + ";";
        });
    CHECK(seen == "1:a \"b\";1:12345678901234567890;");
    const auto second = *json::Path::parse("/rows/1/log");
    CHECK(second.find(*document) == nullptr);
    // As deep as an answer may be, and no deeper.
    std::string deep = R"({"log":")" + std::string(100, '[') + R"("})";
    const auto bounded = json::parse(deep);
    json::unpack(*bounded, *json::Path::parse("/log"));
    CHECK(json::Path::parse("/log")->find(*bounded) == nullptr);
}
