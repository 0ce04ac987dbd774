// SPDX-License-Identifier: Apache-2.0
#include "tests/slack_receiver/validate.hpp"

#include "tests/crmsim/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace nudged::slack_receiver {
namespace {

using loopback::array_member;
using loopback::text_member;

constexpr std::size_t max_blocks = 50;
constexpr std::size_t max_text = 40'000;
constexpr std::size_t max_blocks_text = 13'200;  // as observed; no page states it
constexpr std::size_t max_block_id = 255;

/// Thrown within one validation, and caught by it.
struct InvalidBlock {
    std::string reason;
};

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

void require_length(std::string_view what, std::string_view text, std::size_t most) {
    const std::size_t length = code_points(text);
    if (length == 0) throw InvalidBlock{fmt::format("{}: empty text", what)};
    if (length > most)
        throw InvalidBlock{fmt::format("{}: {} characters, more than {}", what, length, most)};
}

const rapidjson::Value& member(std::string_view what, const rapidjson::Value& object,
                               const char* name) {
    const auto found = object.FindMember(name);
    if (found == object.MemberEnd())
        throw InvalidBlock{fmt::format("{}: {} is missing", what, name)};
    return found->value;
}

/// Checks blocks one after another, and adds up their text.
class BlockCheck {
public:
    void check(const rapidjson::Value& block);
    std::size_t total() const { return total_; }

private:
    void text_object(std::string_view what, const rapidjson::Value& text, std::size_t most,
                     bool plain_only = false);
    void section(const rapidjson::Value& block);
    void context(const rapidjson::Value& block);
    void actions(const rapidjson::Value& block);
    void menu(const rapidjson::Value& element);
    void image(std::string_view what, const rapidjson::Value& image);

    std::size_t total_ = 0;
    std::set<std::string> ids_;
};

void BlockCheck::text_object(std::string_view what, const rapidjson::Value& text, std::size_t most,
                             bool plain_only) {
    if (!text.IsObject()) throw InvalidBlock{fmt::format("{}: text is no object", what)};
    const std::string type = text_member(text, "type");
    if (type != "plain_text" && (type != "mrkdwn" || plain_only))
        throw InvalidBlock{fmt::format("{}: text type \"{}\"", what, type)};
    const std::string value = text_member(text, "text");
    require_length(what, value, most);
    total_ += code_points(value);
}

void BlockCheck::section(const rapidjson::Value& block) {
    const bool has_text = block.HasMember("text");
    if (has_text) text_object("section", block["text"], 3'000);
    const rapidjson::Value* fields = array_member(block, "fields");
    if (fields == nullptr) {
        if (!has_text) throw InvalidBlock{"section: neither text nor fields"};
        return;
    }
    if (fields->Empty() || fields->Size() > 10)
        throw InvalidBlock{fmt::format("section: {} fields", fields->Size())};
    for (const auto& field : fields->GetArray()) text_object("field", field, 2'000);
}

void BlockCheck::context(const rapidjson::Value& block) {
    const rapidjson::Value* elements = array_member(block, "elements");
    if (elements == nullptr || elements->Empty() || elements->Size() > 10)
        throw InvalidBlock{"context: 1 to 10 elements are needed"};
    for (const auto& element : elements->GetArray()) {
        if (text_member(element, "type") == "image")
            image("context image", element);
        else
            text_object("context", element, 3'000);
    }
}

void BlockCheck::actions(const rapidjson::Value& block) {
    const rapidjson::Value* elements = array_member(block, "elements");
    if (elements == nullptr || elements->Empty() || elements->Size() > 25)
        throw InvalidBlock{"actions: 1 to 25 elements are needed"};
    for (const auto& element : elements->GetArray()) {
        if (text_member(element, "type") == "overflow") {
            menu(element);
            continue;
        }
        if (text_member(element, "type") != "button")
            throw InvalidBlock{"actions: only buttons and menus are known here"};
        text_object("button", member("button", element, "text"), 75, true);
        if (element.HasMember("url"))
            require_length("button url", text_member(element, "url"), 3'000);
        if (element.HasMember("value"))
            require_length("button value", text_member(element, "value"), 2'000);
    }
}

void BlockCheck::menu(const rapidjson::Value& element) {
    const rapidjson::Value* options = array_member(element, "options");
    if (options == nullptr || options->Empty() || options->Size() > 5)
        throw InvalidBlock{"overflow: 1 to 5 options are needed"};
    for (const auto& option : options->GetArray()) {
        text_object("option", member("option", option, "text"), 75, true);
        require_length("option value", text_member(option, "value"), 75);
    }
}

void BlockCheck::image(std::string_view what, const rapidjson::Value& image) {
    require_length(what, text_member(image, "image_url"), 3'000);
    require_length(what, text_member(image, "alt_text"), 2'000);
}

void BlockCheck::check(const rapidjson::Value& block) {
    if (!block.IsObject()) throw InvalidBlock{"a block is no object"};
    const std::string id = text_member(block, "block_id");
    if (code_points(id) > max_block_id) throw InvalidBlock{"block_id: too long"};
    if (!id.empty() && !ids_.insert(id).second) throw InvalidBlock{"block_id: used twice"};
    const std::string type = text_member(block, "type");
    if (type == "header") {
        text_object("header", member("header", block, "text"), 150, true);
    } else if (type == "section") {
        section(block);
    } else if (type == "context") {
        context(block);
    } else if (type == "actions") {
        actions(block);
    } else if (type == "image") {
        image("image", block);
    } else if (type != "divider") {
        throw InvalidBlock{fmt::format("unknown block type \"{}\"", type)};
    }
}

}  // namespace

std::optional<Objection> find_objection(const rapidjson::Value& message) {
    if (!message.IsObject()) return Objection{"invalid_payload", "not a JSON object"};
    const std::string text = text_member(message, "text");
    if (text.empty()) return Objection{"no_text", "text is missing or empty"};
    if (code_points(text) > max_text) return Objection{"msg_too_long", "text"};
    const auto found = message.FindMember("blocks");
    if (found == message.MemberEnd()) return std::nullopt;
    if (!found->value.IsArray()) return Objection{"invalid_blocks_format", "blocks is no array"};
    if (found->value.Size() > max_blocks)
        return Objection{"invalid_blocks", fmt::format("{} blocks", found->value.Size())};
    BlockCheck blocks;
    std::size_t number = 0;
    try {
        for (const auto& block : found->value.GetArray()) {
            ++number;
            blocks.check(block);
        }
    } catch (const InvalidBlock& invalid) {
        return Objection{"invalid_blocks", fmt::format("block {}: {}", number, invalid.reason)};
    }
    if (blocks.total() > max_blocks_text)
        return Objection{"msg_blocks_too_long", fmt::format("{} characters", blocks.total())};
    return std::nullopt;
}

}  // namespace nudged::slack_receiver
