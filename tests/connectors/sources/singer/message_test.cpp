// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/singer/message.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::sources::singer;

namespace {

Message parsed(std::string_view line) {
    std::string_view complaint;
    auto message = parse_message(line, complaint);
    CAPTURE(line, complaint);
    REQUIRE(message);
    return std::move(*message);
}

std::string complaint_of(std::string_view line) {
    std::string_view complaint;
    return parse_message(line, complaint) ? "" : std::string{complaint};
}

}  // namespace

TEST_CASE("the messages of the specification are read") {
    // The examples of the specification 0.2.0, each on a line.
    const auto record = parsed(
        R"({"type": "RECORD", "stream": "users", "time_extracted": "2017-11-20T16:45:33.000Z", "record": {"id": 0, "name": "Chris"}})");
    CHECK(record.kind == Message::Kind::record);
    CHECK(record.stream == "users");
    CHECK(record.time_extracted == parse_instant("2017-11-20T16:45:33Z"));
    CHECK(record.record->MemberCount() == 2);

    const auto schema = parsed(
        R"({"type": "SCHEMA", "stream": "users", "schema": {"properties": {"id": {"type": "integer"}}}, "key_properties": ["id"], "bookmark_properties": ["updated_at"]})");
    CHECK(schema.kind == Message::Kind::schema);
    CHECK(schema.key_properties == std::vector<std::string>{"id"});

    CHECK(parsed(R"({"type": "STATE", "value": {"users": 2, "locations": 1}})").state ==
          R"({"users": 2, "locations": 1})");
}

TEST_CASE("types are told apart without regard to case, and others are permitted") {
    CHECK(parsed(R"({"type":"record","stream":"a","record":{}})").kind == Message::Kind::record);
    CHECK(parsed(R"({"type":"State","value":1})").kind == Message::Kind::state);
    CHECK(parsed(R"({"type":"BATCH","stream":7})").kind == Message::Kind::other);
}

TEST_CASE("a state is kept letter by letter") {
    struct Case {
        const char* line;
        const char* state;
    };
    const auto c = GENERATE(values<Case>({
        {R"({"type":"STATE","value":12345678901234567890.10})", "12345678901234567890.10"},
        {R"({"value":[1,{"a":"}, \"x\": ]"}],"type":"STATE"})", R"([1,{"a":"}, \"x\": ]"}])"},
        {R"({"type":"STATE","other":{"value":1},"value": "v,}" })", R"("v,}")"},
        {R"({"type":"STATE","note":"value","value":null})", "null"},
        {R"({ "type" : "STATE" , "value" : {} })", "{}"},
        {R"({"type":"STATE","value":true,"x":[]})", "true"},
    }));
    CHECK(parsed(c.line).state == c.state);
}

TEST_CASE("what is no message says what was expected") {
    CHECK(complaint_of("INFO starting") == "expected a Singer message, a JSON object");
    CHECK(complaint_of("[1]") == "expected a Singer message, a JSON object");
    CHECK(complaint_of(R"({"stream":"a"})") == "expected a message with its type");
    CHECK(complaint_of(R"({"type":"STATE"})") == "expected a STATE with its value");
    CHECK(complaint_of(R"({"type":"RECORD","record":{}})") ==
          "expected a message that names its stream");
    CHECK(complaint_of(R"({"type":"RECORD","stream":"a","record":[]})") ==
          "expected a RECORD with its record");
    CHECK(complaint_of(R"({"type":"SCHEMA","stream":"a","schema":{}})") ==
          "expected a SCHEMA with key_properties, a list");
    CHECK(complaint_of(R"({"type":"ACTIVATE_VERSION","stream":"a"})") ==
          "expected an ACTIVATE_VERSION with its version");
}
