// SPDX-License-Identifier: Apache-2.0
#include "tests/slack_receiver/styled_text.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace nudged::slack_receiver {
namespace {

std::size_t sequence_length(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xF0) return 4;
    if (lead >= 0xE0) return 3;
    return 2;
}

char32_t code_point(std::string_view bytes) {
    const auto lead = static_cast<unsigned char>(bytes[0]);
    if (bytes.size() == 1) return lead;
    char32_t value = lead & (0xFFu >> (bytes.size() + 1));
    for (const char byte : bytes.substr(1)) value = value << 6 | (byte & 0x3F);
    return value;
}

/// Rough, and good enough for columns: East Asian wide and emoji take two, marks take none.
std::size_t columns(char32_t c) {
    const auto within = [c](char32_t low, char32_t high) { return c >= low && c <= high; };
    if (within(0x0300, 0x036F) || within(0x200B, 0x200F) || within(0x202A, 0x202E) ||
        within(0x2060, 0x206F) || within(0xFE00, 0xFE0F))
        return 0;
    if (within(0x1100, 0x115F) || within(0x2E80, 0xA4CF) || within(0xAC00, 0xD7A3) ||
        within(0xF900, 0xFAFF) || within(0xFF00, 0xFF60) || within(0x1F300, 0x1FAFF))
        return 2;
    return 1;
}

void append(StyledText& out, std::string_view text, Style style) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = std::min(sequence_length(lead), text.size() - i);
        std::string bytes(text.substr(i, length));
        i += length;
        if ((lead < 0x20 && lead != '\n') || lead == 0x7F) bytes = " ";
        const std::size_t width = columns(code_point(bytes));
        out.push_back({std::move(bytes), width, style});
    }
}

/// The three entities that Slack knows; anything else stays as it is.
std::string decode_entities(std::string_view text) {
    static constexpr std::pair<std::string_view, char> entities[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};
    std::string out;
    while (!text.empty()) {
        const auto entity = std::ranges::find_if(
            entities, [&](const auto& candidate) { return text.starts_with(candidate.first); });
        if (entity == std::end(entities)) {
            out += text.front();
            text.remove_prefix(1);
        } else {
            out += entity->second;
            text.remove_prefix(entity->first.size());
        }
    }
    return out;
}

/// What stands for <…>: "label (url)", "@channel", "#general".
std::string describe_token(std::string_view inside) {
    const std::size_t bar = inside.find('|');
    const std::string_view target = inside.substr(0, bar);
    const std::string label =
        bar == std::string_view::npos ? "" : decode_entities(inside.substr(bar + 1));
    if (target.starts_with('!') || target.starts_with('@'))
        return "@" + (label.empty() ? decode_entities(target.substr(1)) : label);
    if (target.starts_with('#'))
        return "#" + (label.empty() ? decode_entities(target.substr(1)) : label);
    const std::string url = decode_entities(target);
    return label.empty() || label == url ? url : label + " (" + url + ")";
}

bool is_space_like(std::string_view text) {
    constexpr std::string_view zero_width_space = "\u200B";
    return text.empty() || text.front() == ' ' || text.front() == '\n' ||
           text.starts_with(zero_width_space);
}

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

class MrkdwnReader {
public:
    MrkdwnReader(std::string_view text, Style style) : text_(text), style_(style) {}

    StyledText read() {
        while (at_ < text_.size()) {
            if (!read_token() && !read_code() && !read_mark()) {
                plain_ += text_[at_];
                ++at_;
            }
        }
        flush();
        return std::move(out_);
    }

private:
    void flush() {
        append(out_, decode_entities(plain_), style_);
        plain_.clear();
    }

    bool read_token() {
        if (text_[at_] != '<') return false;
        const std::size_t end = text_.find('>', at_);
        if (end == std::string_view::npos) return false;
        flush();
        append(out_, describe_token(text_.substr(at_ + 1, end - at_ - 1)), style_);
        at_ = end + 1;
        return true;
    }

    bool read_code() {
        if (text_[at_] != '`') return false;
        const std::string_view fence = text_.substr(at_).starts_with("```") ? "```" : "`";
        const std::size_t begin = at_ + fence.size();
        const std::size_t end = text_.find(fence, begin);
        if (end == std::string_view::npos || end == begin) return false;
        flush();
        Style code = style_;
        code.code = true;
        append(out_, decode_entities(text_.substr(begin, end - begin)), code);
        at_ = end + fence.size();
        return true;
    }

    static bool* flag_of(char mark, Style& style) {
        switch (mark) {
        case '*': return &style.bold;
        case '_': return &style.italic;
        case '~': return &style.strike;
        default: return nullptr;
        }
    }

    /// A mark opens at the edge of a word when its twin closes one in the same line.
    bool read_mark() {
        const char mark = text_[at_];
        Style with = style_;
        bool* flag = flag_of(mark, with);
        if (flag == nullptr || *flag) return false;
        if (at_ > 0 && is_word(text_[at_ - 1])) return false;
        if (is_space_like(text_.substr(at_ + 1)) || text_[at_ + 1] == mark) return false;
        const auto end = closing(mark);
        if (!end) return false;
        flush();
        *flag = true;
        const StyledText inner = MrkdwnReader(text_.substr(at_ + 1, *end - at_ - 1), with).read();
        out_.insert(out_.end(), inner.begin(), inner.end());
        at_ = *end + 1;
        return true;
    }

    std::optional<std::size_t> closing(char mark) const {
        for (std::size_t i = at_ + 2; i < text_.size() && text_[i] != '\n'; ++i) {
            const bool word_follows = i + 1 < text_.size() && is_word(text_[i + 1]) &&
                                      !is_space_like(text_.substr(i + 1));
            if (text_[i] == mark && text_[i - 1] != ' ' && !word_follows) return i;
        }
        return std::nullopt;
    }

    std::string_view text_;
    Style style_;
    std::size_t at_ = 0;
    std::string plain_;
    StyledText out_;
};

std::string escape_of(const Style& style) {
    std::string codes = "0";
    if (style.bold) codes += ";1";
    if (style.dim) codes += ";2";
    if (style.italic) codes += ";3";
    if (style.code) codes += ";36";
    if (style.strike) codes += ";9";
    return "\x1b[" + codes + "m";
}

}  // namespace

StyledText read_plain(std::string_view text, Style style) {
    StyledText out;
    append(out, decode_entities(text), style);
    return out;
}

StyledText read_mrkdwn(std::string_view text, Style style) {
    return MrkdwnReader(text, style).read();
}

std::vector<StyledText> wrap(const StyledText& text, std::size_t width) {
    std::vector<StyledText> lines(1);
    std::size_t used = 0;
    std::optional<std::size_t> space;  // the last one in the line
    for (const Glyph& glyph : text) {
        if (glyph.bytes == "\n") {
            lines.emplace_back();
            used = 0;
            space.reset();
            continue;
        }
        StyledText* line = &lines.back();
        // A table in a code block stays a table: Slack gives it more room than a terminal has.
        if (used + glyph.width > width && !glyph.style.code) {
            StyledText rest;
            if (glyph.bytes == " ") {
                lines.emplace_back();
                used = 0;
                space.reset();
                continue;
            }
            if (space) {
                rest.assign(line->begin() + static_cast<std::ptrdiff_t>(*space) + 1, line->end());
                line->resize(*space);
            }
            lines.push_back(std::move(rest));
            line = &lines.back();
            used = width_of(*line);
            space.reset();
        }
        if (glyph.bytes == " ") space = line->size();
        line->push_back(glyph);
        used += glyph.width;
    }
    return lines;
}

std::size_t width_of(const StyledText& line) {
    std::size_t width = 0;
    for (const Glyph& glyph : line) width += glyph.width;
    return width;
}

std::string to_terminal(const StyledText& line, bool color) {
    std::string out;
    Style current;
    for (const Glyph& glyph : line) {
        if (color && glyph.style != current) {
            out += escape_of(glyph.style);
            current = glyph.style;
        }
        out += glyph.bytes;
    }
    if (current != Style{}) out += "\x1b[0m";
    return out;
}

}  // namespace nudged::slack_receiver
