// SPDX-License-Identifier: Apache-2.0
// The vendors' sample answers through the shipped manifests. What each must become is written by
// hand in
// ../samples/<crm>.json:
//   { "manifest", "settings", "credentials", "cases": [ { "what", "stream", "lane",
//     "settings", "answers": [ { "method", "path", "query", "holds" (a part of the
//     request's body), "sample" or "body", "host", "status",
//     "headers" }
//     ], "records": { "call/31": { field: value or null } or "deleted" }, "only": true } ] }
#include "connectors/sources/source.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/paths.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <fstream>
#include <iterator>

using namespace nudged;
using namespace nudged::tests;
namespace fs = std::filesystem;
using Json = rapidjson::Value;

namespace {

const Json& member(const Json& object, const char* name) {
    static const Json none;
    if (!object.IsObject()) return none;
    const auto found = object.FindMember(name);
    return found == object.MemberEnd() ? none : found->value;
}

std::string text_of(const Json& value, const std::string& otherwise = {}) {
    return value.IsString() ? value.GetString() : otherwise;
}

std::string json_of(const Json& value) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
    value.Accept(writer);
    return buffer.GetString();
}

bool fits(const Json& answer, const Request& request) {
    if (text_of(member(answer, "method"), request.method) != request.method) return false;
    if (text_of(member(answer, "path")) != request.path) return false;
    if (request.body.find(text_of(member(answer, "holds"))) == std::string::npos) return false;
    const auto& query = member(answer, "query");
    if (!query.IsObject()) return true;
    for (const auto& [name, value] : query.GetObject()) {
        const auto found = request.query.find(name.GetString());
        const std::string told = found == request.query.end() ? "" : found->second;
        if (told != value.GetString()) return false;
    }
    return true;
}

Reply reply_of(const Json& answer, const std::string& url) {
    const auto& status = member(answer, "status");
    const auto& body = member(answer, "body");
    const auto sample = text_of(member(answer, "sample"));
    std::string text = body.IsString() ? body.GetString() : body.IsNull() ? "" : json_of(body);
    if (!sample.empty()) text = read_shared("specs/" + sample).value_or("");
    // A sample that leads on to a page names the vendor's own host, which the case tells.
    const auto host = text_of(member(answer, "host"));
    for (auto at = text.find(host); !host.empty() && at != std::string::npos; at = text.find(host))
        text.replace(at, host.size(), url);
    auto reply = Reply::json(text, status.IsInt() ? status.GetInt() : 200);
    const auto& headers = member(answer, "headers");
    if (headers.IsObject())
        for (const auto& [name, value] : headers.GetObject())
            reply.headers.emplace_back(name.GetString(), value.GetString());
    return reply;
}

/// How a value of this field reads in a Kept; nullopt: it must be null.
std::optional<std::string> expected(model::Entity entity, const std::string& field,
                                    const Json& value) {
    if (value.IsNull()) return std::nullopt;
    if (value.IsBool()) return value.GetBool() ? "1" : "0";
    if (!value.IsString()) return json_of(value);
    const auto index = model::field_index(entity, field);
    if (index && model::fields_of(entity)[*index].type == model::FieldType::instant)
        return std::to_string(to_millis(parse_instant(value.GetString()).value()));
    return value.GetString();
}

void check_record(const std::string& key, const Json& wanted, const Store& store) {
    INFO(key);
    const auto slash = key.find('/');
    const auto entity = model::entity_of(key.substr(0, slash));
    REQUIRE(entity);
    const auto found = store.find({*entity, key.substr(slash + 1)});
    if (found == store.end()) {
        FAIL_CHECK("there is no such record");
        return;
    }
    CHECK(found->second.deleted == wanted.IsString());
    if (!wanted.IsObject()) return;
    for (const auto& [name, value] : wanted.GetObject()) {
        INFO(name.GetString());
        const auto& fields = found->second.fields;
        const auto kept = fields.find(name.GetString());
        const auto told = kept == fields.end() ? std::nullopt : std::optional{kept->second};
        CHECK(told.value_or("null") == expected(*entity, name.GetString(), value).value_or("null"));
    }
}

void run_case(const Json& file, const Json& one) {
    INFO(text_of(member(one, "what")));
    std::string url;
    HttpServer server([&](const Request& request) {
        for (const auto& answer : member(one, "answers").GetArray())
            if (fits(answer, request)) return reply_of(answer, url);
        return Reply::json("{}", 404);
    });
    url = server.url("");
    HttpBench bench;
    auto options = bench.shipped(text_of(member(file, "manifest")), url);
    auto& http = std::get<sources::HttpSourceOptions>(options.connector_options);
    http.credentials.clear();
    for (const auto& [name, value] : member(file, "credentials").GetObject())
        http.credentials[name.GetString()] = Secret{value.GetString()};
    for (const auto* level : {&file, &one})
        if (member(*level, "settings").IsObject())
            for (const auto& [name, value] : member(*level, "settings").GetObject())
                http.settings[name.GetString()] = value.GetString();
    const auto source = bench.source(options);
    const auto entity = model::entity_of(text_of(member(one, "stream")));
    const auto lane = model::lane_of(text_of(member(one, "lane"), "incremental"));
    REQUIRE(entity);
    REQUIRE(lane);
    Store store;
    // Increments from the beginning of time, unless the CRM does not reach back so far; a first
    // load begins with nothing.
    auto from = *lane == model::Lane::backfill ? model::Cursor{} : since_1970;
    if (const auto since = parse_instant(text_of(member(one, "since"), "")))
        from.floor = fmt::format(R"({{"at":{0},"deep":{0}}})", to_millis(*since));
    bench.pull(*source, {*entity, *lane}, store, from);
    const auto& records = member(one, "records");
    for (const auto& [key, wanted] : records.GetObject())
        check_record(key.GetString(), wanted, store);
    if (!member(one, "only").IsTrue()) return;
    for (const auto& [key, kept] : store)
        if (!kept.deleted) {
            const auto name = fmt::format("{}/{}", to_string(key.first), key.second);
            INFO(name << " was not expected");
            CHECK(records.HasMember(name.c_str()));
        }
}

}  // namespace

TEST_CASE("the vendors' sample answers become what their documents say") {
    if (!fs::exists(fs::path{NUDGED_SOURCE_DIR} / "../shared/specs")) {
        WARN("skipped: there are no samples here");
        return;
    }
    std::size_t cases = 0;
    for (const auto& entry :
         fs::directory_iterator(fs::path{NUDGED_SOURCE_DIR} / "tests/connectors/sources/samples")) {
        std::ifstream in{entry.path()};
        const std::string text{std::istreambuf_iterator<char>{in}, {}};
        rapidjson::Document file;
        file.Parse<rapidjson::kParseCommentsFlag>(text.c_str());
        INFO(entry.path().filename().string());
        REQUIRE_FALSE(file.HasParseError());
        for (const auto& one : member(file, "cases").GetArray()) {
            run_case(file, one);
            ++cases;
        }
    }
    CHECK(cases > 0);
}
