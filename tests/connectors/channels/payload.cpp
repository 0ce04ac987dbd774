// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/channels/payload.hpp"

#include <rapidjson/document.h>

#include <algorithm>

namespace nudged::tests {
namespace {

std::size_t code_points(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) >> 6) != 2;
    }));
}

std::string text_at(const rapidjson::Value& object, const char* name) {
    const auto found = object.FindMember(name);
    return found != object.MemberEnd() && found->value.IsString() ? found->value.GetString() : "";
}

bool is_true(const rapidjson::Value& object, const char* name) {
    const auto found = object.FindMember(name);
    return found != object.MemberEnd() && found->value.IsBool() && found->value.GetBool();
}

Payload::Block read_block(const rapidjson::Value& json) {
    Payload::Block block;
    block.type = text_at(json, "type");
    const rapidjson::Value* text = nullptr;
    if (json.HasMember("text")) text = &json["text"];
    if (json.HasMember("elements") && json["elements"].Size() == 1) text = &json["elements"][0];
    if (text != nullptr) {
        block.text_type = text_at(*text, "type");
        block.text = text_at(*text, "text");
        block.verbatim = is_true(*text, "verbatim");
    }
    return block;
}

}  // namespace

std::string Payload::all_text() const {
    std::string all = text;
    for (const auto& block : blocks) all += "\n" + block.text;
    return all;
}

std::optional<Payload> read_payload(const std::string& json) {
    rapidjson::Document document;
    constexpr auto flags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
    document.Parse<flags>(json.data(), json.size());
    if (document.HasParseError() || !document.IsObject()) return std::nullopt;
    Payload payload;
    payload.text = text_at(document, "text");
    payload.unfurls = !document.HasMember("unfurl_links") || is_true(document, "unfurl_links") ||
                      !document.HasMember("unfurl_media") || is_true(document, "unfurl_media");
    if (document.HasMember("blocks"))
        for (const auto& block : document["blocks"].GetArray())
            payload.blocks.push_back(read_block(block));
    return payload;
}

std::string broken_limit(const Payload& payload) {
    if (payload.text.empty()) return "no top-level text";
    if (code_points(payload.text) > 4'000) return "top-level text";
    if (payload.blocks.size() > 50) return "blocks";
    std::size_t all = 0;
    for (const auto& block : payload.blocks) {
        if (block.type == "divider") continue;
        const auto size = code_points(block.text);
        all += size;
        if (size == 0) return "an empty text object";
        if (block.type == "header" && size > 150) return "header";
        if (block.type == "header" && block.text_type != "plain_text") return "header's type";
        if (size > 3'000) return block.type;
    }
    return all > 13'200 ? "all blocks together" : "";
}

std::string live_markup(const std::string& text) {
    const auto ends_badly = [&](std::size_t at) { return text.substr(at, 40); };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::string_view rest = std::string_view{text}.substr(at);
        if (rest[0] == '>') return ends_badly(at);
        if (rest[0] == '&' && !rest.starts_with("&amp;") && !rest.starts_with("&lt;") &&
            !rest.starts_with("&gt;"))
            return ends_badly(at);
        if (rest[0] != '<') continue;
        if (!rest.starts_with("<http://") && !rest.starts_with("<https://")) return ends_badly(at);
        const auto bar = rest.find_first_of("|<> \n", 1);
        if (bar == rest.npos || rest[bar] != '|') return ends_badly(at);
        const auto end = rest.find_first_of("|<>\n", bar + 1);
        if (end == rest.npos || rest[end] != '>') return ends_badly(at);
        at += end;
    }
    return "";
}

}  // namespace nudged::tests
