// SPDX-License-Identifier: Apache-2.0
#include "tests/slack_receiver/render.hpp"

#include "tests/crmsim/json.hpp"
#include "tests/slack_receiver/styled_text.hpp"

#include <algorithm>

namespace nudged::slack_receiver {
namespace {

using loopback::array_member;
using loopback::text_member;

StyledText read_text(const rapidjson::Value& text, Style style = {}) {
    const std::string value = text_member(text, "text");
    return text_member(text, "type") == "mrkdwn" ? read_mrkdwn(value, style)
                                                 : read_plain(value, style);
}

void join(StyledText& text, const StyledText& more, std::string_view separator, Style style) {
    if (!text.empty()) {
        const StyledText between = read_plain(separator, style);
        text.insert(text.end(), between.begin(), between.end());
    }
    text.insert(text.end(), more.begin(), more.end());
}

class Page {
public:
    explicit Page(const RenderOptions& options) : options_(options) {}

    void block(const rapidjson::Value& block);
    void paragraph(const StyledText& text) {
        for (const StyledText& line : wrap(text, options_.width)) add(line);
    }
    std::string str() const { return out_; }

private:
    void add(const StyledText& line) { out_ += to_terminal(line, options_.color) + "\n"; }
    void section(const rapidjson::Value& block);
    void two_columns(const StyledText& left, const StyledText& right);
    void elements(const rapidjson::Value& block, Style style, std::string_view separator);

    RenderOptions options_;
    std::string out_;
};

void Page::two_columns(const StyledText& left, const StyledText& right) {
    const std::size_t half = (options_.width - 2) / 2;
    const auto left_lines = wrap(left, half);
    const auto right_lines = wrap(right, half);
    for (std::size_t i = 0; i < std::max(left_lines.size(), right_lines.size()); ++i) {
        StyledText line = i < left_lines.size() ? left_lines[i] : StyledText{};
        if (i < right_lines.size() && !right_lines[i].empty()) {
            const StyledText gap = read_plain(std::string(half + 2 - width_of(line), ' '));
            line.insert(line.end(), gap.begin(), gap.end());
            line.insert(line.end(), right_lines[i].begin(), right_lines[i].end());
        }
        add(line);
    }
}

void Page::section(const rapidjson::Value& block) {
    if (block.HasMember("text")) paragraph(read_text(block["text"]));
    const rapidjson::Value* fields = array_member(block, "fields");
    if (fields == nullptr) return;
    for (rapidjson::SizeType i = 0; i < fields->Size(); i += 2) {
        const bool pair = i + 1 < fields->Size();
        two_columns(read_text((*fields)[i]), pair ? read_text((*fields)[i + 1]) : StyledText{});
    }
}

void Page::elements(const rapidjson::Value& block, Style style, std::string_view separator) {
    StyledText line;
    for (const auto& element : block["elements"].GetArray()) {
        const std::string type = text_member(element, "type");
        if (type == "button") {
            const StyledText label = read_plain("[" + text_member(element["text"], "text") + "] " +
                                                    text_member(element, "url"),
                                                style);
            join(line, label, separator, style);
        } else if (type == "image") {
            join(line, read_plain("[" + text_member(element, "alt_text") + "]", style), separator,
                 style);
        } else {
            join(line, read_text(element, style), separator, style);
        }
    }
    paragraph(line);
}

void Page::block(const rapidjson::Value& block) {
    const std::string type = text_member(block, "type");
    if (type == "header") {
        out_ += "\n";
        paragraph(read_text(block["text"], Style{.bold = true}));
    } else if (type == "section") {
        section(block);
    } else if (type == "context") {
        elements(block, Style{.dim = true}, "  ");
    } else if (type == "actions") {
        elements(block, Style{.bold = true}, "  ");
    } else if (type == "image") {
        paragraph(read_plain("[" + text_member(block, "alt_text") + "]"));
    } else {
        std::string rule;
        for (std::size_t i = 0; i < options_.width; ++i) rule += "─";
        paragraph(read_plain(rule, Style{.dim = true}));
    }
}

}  // namespace

std::string render(const rapidjson::Value& message, const RenderOptions& options) {
    Page page(options);
    const rapidjson::Value* blocks = array_member(message, "blocks");
    if (blocks == nullptr) {
        page.paragraph(read_mrkdwn(text_member(message, "text")));
    } else {
        for (const auto& block : blocks->GetArray()) page.block(block);
    }
    return page.str();
}

}  // namespace nudged::slack_receiver
