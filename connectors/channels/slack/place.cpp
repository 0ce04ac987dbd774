// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/place.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>

namespace nudged::channels::slack {
namespace {

std::string text_at(const rapidjson::Document& json, const char* name) {
    const auto found = json.FindMember(name);
    if (found == json.MemberEnd() || !found->value.IsString()) return {};
    return {found->value.GetString(), found->value.GetStringLength()};
}

}  // namespace

std::string put(const Place& place, const std::string& payload) {
    rapidjson::Document json;
    json.Parse(payload.data(), payload.size());
    auto& allocator = json.GetAllocator();
    const auto set = [&](rapidjson::Value::StringRefType name, const std::string& text) {
        json.AddMember(name, rapidjson::Value{text, allocator}, allocator);
    };
    constexpr std::array ours{"channel", "thread_ts", "reply_broadcast", "ts"};
    for (const auto* name : ours) json.RemoveMember(name);
    set("channel", place.channel);
    if (place.is_edit) {
        set("ts", place.message);
        for (const auto* name : {"unfurl_links", "unfurl_media"}) json.RemoveMember(name);
        // Those that the message has would stay.
        if (!json.HasMember("blocks"))
            json.AddMember("blocks", rapidjson::Value{rapidjson::kArrayType}, allocator);
    } else if (!place.thread.empty()) {
        set("thread_ts", place.thread);
        json.AddMember("reply_broadcast", true, allocator);
    }
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    json.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

Place read_place(const std::string& payload) {
    rapidjson::Document json;
    if (json.Parse(payload.data(), payload.size()).HasParseError() || !json.IsObject()) return {};
    return {.channel = text_at(json, "channel"),
            .thread = text_at(json, "thread_ts"),
            .message = text_at(json, "ts"),
            .is_edit = json.HasMember("ts")};
}

bool is_id(std::string_view text) {
    return text.size() >= 3 && text.size() <= 32 &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

bool is_timestamp(std::string_view text) {
    const auto is_number = [](std::string_view part) {
        return !part.empty() && part.size() <= 16 &&
               std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    const auto dot = text.find('.');
    return dot != text.npos && is_number(text.substr(0, dot)) && is_number(text.substr(dot + 1));
}

std::string to_text(const Receipt& receipt) {
    const bool is_whole = is_id(receipt.channel) && is_timestamp(receipt.ts);
    return is_whole ? fmt::format("{} {}", receipt.channel, receipt.ts) : std::string{};
}

std::optional<Receipt> parse_receipt(std::string_view text) {
    const auto gap = text.find(' ');
    if (gap == text.npos) return std::nullopt;
    Receipt receipt{std::string{text.substr(0, gap)}, std::string{text.substr(gap + 1)}};
    if (!is_id(receipt.channel) || !is_timestamp(receipt.ts)) return std::nullopt;
    return receipt;
}

}  // namespace nudged::channels::slack
