// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "connectors/channels/fitting.hpp"
#include "connectors/channels/slack/limits.hpp"
#include "connectors/channels/slack/render.hpp"
#include "connectors/channels/values.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <string_view>

namespace nudged::channels::slack {
namespace {

using Json = rapidjson::Value;

std::string text_of(const Json& object) {
    if (!object.IsObject()) return {};
    const auto text = object.FindMember("text");
    if (text == object.MemberEnd() || !text->value.IsString()) return {};
    return {text->value.GetString(), text->value.GetStringLength()};
}

std::string block_text(const Json& block) {
    if (!block.IsObject()) return {};
    if (const auto text = block.FindMember("text"); text != block.MemberEnd())
        return text_of(text->value);
    const auto elements = block.FindMember("elements");
    if (elements == block.MemberEnd() || !elements->value.IsArray()) return {};
    std::string joined;
    for (const auto& element : elements->value.GetArray()) joined += text_of(element);
    return joined;
}

/// Blocks are verbatim; in a plain text Slack makes links of its own. Those of ours stand between
/// angle brackets, which no value has.
std::string without_new_links(std::string_view line) {
    std::string out;
    while (!line.empty()) {
        const auto open = std::min(line.find('<'), line.size());
        out += without_links(line.substr(0, open));
        const auto close = std::min(line.find('>', open), line.size() - 1);
        if (open == line.size()) break;
        out += line.substr(open, close + 1 - open);
        line.remove_prefix(close + 1);
    }
    return out;
}

/// Whole lines only, so that no entity and no link is cut; a code fence that was opened is closed.
class Lines {
public:
    void add(std::string_view text) {
        for (const auto verbatim : split(text, '\n')) {
            const auto line = without_new_links(verbatim);
            if (is_full_ || length(text_) + length(line) + room_to_close > max_plain) {
                is_full_ = true;
                return;
            }
            if (line.starts_with("```") || line.ends_with("```")) in_fence_ = !in_fence_;
            text_.append(line).append("\n");
        }
    }
    std::string take() {
        if (in_fence_) text_ += "```\n";
        if (is_full_) text_ += "…\n";
        return std::string{trim(text_)};
    }

private:
    static constexpr std::size_t room_to_close = 8;
    std::string text_;
    bool in_fence_ = false;
    bool is_full_ = false;
};

}  // namespace

std::optional<std::string> simplify(const std::string& payload) {
    rapidjson::Document document;
    if (document.Parse(payload.data(), payload.size()).HasParseError() || !document.IsObject())
        return std::nullopt;
    const auto blocks = document.FindMember("blocks");
    if (blocks == document.MemberEnd() || !blocks->value.IsArray() || blocks->value.Empty())
        return std::nullopt;
    Lines lines;
    for (const auto& block : blocks->value.GetArray()) lines.add(block_text(block));
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    writer.StartObject();
    writer.Key("text");
    writer.String(lines.take());
    writer.Key("unfurl_links");
    writer.Bool(false);
    writer.Key("unfurl_media");
    writer.Bool(false);
    writer.EndObject();
    return std::string{buffer.GetString(), buffer.GetSize()};
}

}  // namespace nudged::channels::slack
