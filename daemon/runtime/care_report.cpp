// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/care.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace nudged::runtime {
namespace {

std::string text_of(const rapidjson::Value& value) {
    return {value.GetString(), value.GetStringLength()};
}

template <typename Json, typename Map, typename Write>
void write_map(Json& json, const char* name, const Map& map, Write write) {
    json.Key(name);
    json.StartObject();
    for (const auto& [key, value] : map) {
        json.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
        write(value);
    }
    json.EndObject();
}

template <typename Read>
void read_map(const rapidjson::Document& document, const char* name, Read read) {
    const auto found = document.FindMember(name);
    if (found == document.MemberEnd() || !found->value.IsObject()) return;
    for (const auto& member : found->value.GetObject()) read(text_of(member.name), member.value);
}

}  // namespace

std::string to_json(const CareReport& report) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer json(buffer);
    const auto count = [&](std::int64_t value) { json.Int64(value); };
    const auto text = [&](const std::string& value) { json.String(value); };
    json.StartObject();
    write_map(json, "facts", report.facts, text);
    write_map(json, "removed", report.removed, count);
    write_map(json, "changed", report.changed, count);
    json.Key("sentences");
    json.StartArray();
    for (const auto& sentence : report.sentences) json.String(sentence);
    json.EndArray();
    json.Key("status");
    json.Int(report.status);
    json.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

std::optional<CareReport> parse_care_report(std::string_view json) {
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
    if (document.HasParseError() || !document.IsObject()) return std::nullopt;
    CareReport report;
    read_map(document, "facts", [&](std::string name, const rapidjson::Value& value) {
        if (value.IsString()) report.facts[std::move(name)] = text_of(value);
    });
    read_map(document, "removed", [&](std::string name, const rapidjson::Value& value) {
        if (value.IsInt64()) report.removed[std::move(name)] = value.GetInt64();
    });
    read_map(document, "changed", [&](std::string name, const rapidjson::Value& value) {
        if (value.IsInt64()) report.changed[std::move(name)] = value.GetInt64();
    });
    const auto sentences = document.FindMember("sentences");
    if (sentences != document.MemberEnd() && sentences->value.IsArray())
        for (const auto& sentence : sentences->value.GetArray())
            if (sentence.IsString()) report.sentences.push_back(text_of(sentence));
    const auto status = document.FindMember("status");
    if (status != document.MemberEnd() && status->value.IsInt())
        report.status = status->value.GetInt();
    return report;
}

}  // namespace nudged::runtime
