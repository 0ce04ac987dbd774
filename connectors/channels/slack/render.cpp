// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/render.hpp"

#include "connectors/base/text.hpp"
#include "connectors/channels/fitting.hpp"
#include "connectors/channels/slack/limits.hpp"
#include "connectors/channels/slack/mrkdwn.hpp"
#include "connectors/channels/values.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>
#include <string_view>
#include <vector>

namespace nudged::channels::slack {
namespace {

using model::Message;

struct Block {
    enum class Kind { header, section, context, divider, actions };
    Kind kind;
    std::string text;                        // as Slack gets it
    std::vector<Message::Answer> answers{};  // of actions
};

/// How much of a message is shown; one step poorer after the other until it fits.
struct Detail {
    std::size_t title, note;  // characters of a value, as sent
    std::size_t sections, items, rows;
    bool facts;
};
constexpr std::array<Detail, 5> details{{
    {200, 800, 12, 25, 100, true},
    {200, 800, 12, 10, 60, true},
    {150, 400, 12, 10, 40, false},
    {100, 250, 12, 4, 15, false},
    {100, 200, 12, 0, 0, false},  // 12 · (headings, counts) and no more: always fits
}};

using channels::fit;

std::string fit(std::string_view raw, std::size_t max) {
    return fit(raw, max, escape_mrkdwn);
}

/// Lines stay lines; each is a value of its own.
std::string fit_lines(std::string_view text, std::size_t max_line, std::size_t max) {
    std::string out;
    for (const auto line : split(text, '\n')) {
        const auto next = fit(line, max_line);
        if (next.empty()) continue;
        if (length(out) + length(next) + 2 > max) return out + "\n…";
        if (!out.empty()) out += '\n';
        out += next;
    }
    return out;
}

class Renderer {
public:
    Renderer(const Detail& detail, Answers answers) : detail_(detail), answers_(answers) {}

    std::vector<Block> render(const Message& message) {
        // A header of nothing would be refused, and so would a message without a text.
        const auto title = fit(message.title, max_header, escape);
        add(Block::Kind::header, title.empty() ? "nudged" : title);
        add(Block::Kind::context, fit_lines(message.subtitle, detail_.note, 2 * detail_.note));
        std::size_t left = message.sections.size();
        for (const auto& section : message.sections) {
            if (message.sections.size() - left == detail_.sections) break;
            --left;
            add_section(section);
        }
        if (left > 0) add(Block::Kind::context, fmt::format("and {} more sections", left));
        const auto footer = fit_lines(message.footer, detail_.note, 2 * detail_.note);
        if (!footer.empty()) blocks_.push_back({Block::Kind::divider, {}});
        add(Block::Kind::context, footer);
        std::string reference = fit(message.reference, 40);
        if (!reference.empty()) reference.insert(0, "ref ");
        if (message.possible_repeat)
            reference += reference.empty() ? "possible repeat" : " · possible repeat";
        add(Block::Kind::context, reference);
        return std::move(blocks_);
    }

private:
    bool has_answers(const Message::Item& item) const {
        return answers_ == Answers::shown && !item.answers.empty();
    }

    /// Praise, mostly: neighbours of this kind share a block.
    bool is_one_line(const Message::Item& item) const {
        return item.question.empty() && item.facts.empty() && !has_answers(item);
    }

    void add(Block::Kind kind, std::string text) {
        if (!text.empty()) blocks_.push_back({kind, std::move(text)});
    }

    void add_section(const Message::Section& section) {
        blocks_.push_back({Block::Kind::divider, {}});
        const auto heading = fit(section.heading, detail_.title);
        std::string opening = heading.empty() ? "" : fmt::format("*{}*", heading);
        const auto text = fit_lines(section.text, detail_.note, 2 * detail_.note);
        if (!opening.empty() && !text.empty()) opening += '\n';
        add(Block::Kind::section, opening + text);
        add_items(section);
        add_table(section);
        add(Block::Kind::context, fit_lines(section.more, detail_.note, 2 * detail_.note));
    }

    void add_items(const Message::Section& section) {
        const auto shown = std::min(section.items.size(), detail_.items);
        std::string shared;  // lines of neighbours that are one line each
        for (std::size_t i = 0; i < shown; ++i) {
            const auto& item = section.items[i];
            const auto text = item_text(item);
            const bool one_line = is_one_line(item);
            const bool has_room = length(shared) + length(text) + 1 <= max_section;
            if (!one_line || !has_room) add(Block::Kind::section, std::exchange(shared, {}));
            if (one_line) {
                shared += shared.empty() ? text : "\n" + text;
                continue;
            }
            add(Block::Kind::section, text);
            if (detail_.facts) add(Block::Kind::context, facts_text(item));
            if (has_answers(item)) blocks_.push_back({Block::Kind::actions, {}, item.answers});
        }
        add(Block::Kind::section, shared);
        if (shown < section.items.size())
            add(Block::Kind::context,
                fmt::format("and {} more, left out for length", section.items.size() - shown));
    }

    std::string item_text(const Message::Item& item) const {
        std::string text = fit(item.mark, 8);
        if (!text.empty()) text += ' ';
        const auto title = fit(item.title, detail_.title, escape_label);
        if (!title.empty()) text += fmt::format("*{}*", link(item.url, title));
        const auto note = fit(item.text, detail_.note);
        if (!note.empty()) text += (is_one_line(item) ? "  " : "\n") + note;
        const auto question = fit(item.question, detail_.note);
        if (!question.empty()) text += fmt::format("\n_{}_", question);
        return text;
    }

    std::string facts_text(const Message::Item& item) const {
        std::string text;
        for (std::size_t i = 0; i < item.facts.size(); ++i) {
            const auto& fact = item.facts[i];
            const auto shown = fit(fact.value, 200, escape_label);
            if (shown.empty() || (fact.is_answer && has_answers(item))) continue;
            std::string next = fact.label.empty() ? "" : fit(fact.label, 80) + ": ";
            next += link(fact.url, shown);
            if (length(text) + length(next) > max_section - 100)
                return text + fmt::format(" · and {} more", item.facts.size() - i);
            text += (text.empty() ? "" : " · ") + next;
        }
        return text;
    }

    void add_table(const Message::Section& section) {
        if (section.rows.empty()) return;
        const auto shown = std::min(section.rows.size(), detail_.rows);
        if (shown > 0) {
            const std::vector<std::vector<std::string>> rows(
                section.rows.begin(), section.rows.begin() + static_cast<std::ptrdiff_t>(shown));
            add_fences(lay_out(section.columns, rows));
        }
        if (shown < section.rows.size())
            add(Block::Kind::context,
                fmt::format("and {} more rows, left out for length", section.rows.size() - shown));
    }

    /// A table longer than a section goes on in the next one, cut between lines.
    void add_fences(const std::vector<std::string>& lines) {
        constexpr std::size_t fence = 8;  // "```\n" before and after
        std::string text;
        const auto close = [&] {
            if (!text.empty()) add(Block::Kind::section, "```\n" + std::exchange(text, {}) + "```");
        };
        for (const auto& line : lines) {
            auto next = escape_code(line) + "\n";
            // Cut as a value, which takes the alignment: only a line that is no table's is so long.
            if (length(next) + fence > max_section) next = fit(line, 1'000, escape_code) + "\n";
            if (length(text) + length(next) + fence > max_section) close();
            text += next;
        }
        close();
    }

    const Detail& detail_;
    Answers answers_;
    std::vector<Block> blocks_;
};

bool fits(const std::vector<Block>& blocks) {
    std::size_t characters = 0;
    std::size_t bytes = 0;
    for (const auto& block : blocks) {
        const auto size = length(block.text);
        if (size > (block.kind == Block::Kind::header ? max_header : max_section)) return false;
        characters += size;
        bytes += block.text.size();
        for (const auto& answer : block.answers) characters += length(answer.label);
    }
    return blocks.size() <= max_blocks && characters <= max_all_blocks && bytes <= max_all_bytes;
}

/// For notifications, and for clients that show no blocks: the one text that is not verbatim.
std::string fallback(const Message& message) {
    const auto escape = [](std::string_view value) { return escape_mrkdwn(without_links(value)); };
    const auto fit = [&](std::string_view raw, std::size_t max) {
        return channels::fit(raw, max, escape);
    };
    std::string text = fit(message.title, 200);
    if (text.empty()) text = "nudged";
    const auto subtitle = fit(message.subtitle, 200);
    if (!subtitle.empty()) text += " · " + subtitle;
    for (const auto& section : message.sections) {
        if (section.heading.empty()) continue;
        auto next = "\n" + fit(section.heading, 100);
        if (!section.items.empty()) next += fmt::format(": {}", section.items.size());
        if (length(text) + length(next) > max_fallback) break;
        text += next;
    }
    return text;
}

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

void write_text_object(JsonWriter& writer, const Block& block) {
    const bool plain = block.kind == Block::Kind::header;
    writer.StartObject();
    writer.Key("type");
    writer.String(plain ? "plain_text" : "mrkdwn");
    writer.Key("text");
    writer.String(block.text);
    // Slack makes no links, channels or mentions of its own out of what a CRM holds.
    writer.Key(plain ? "emoji" : "verbatim");
    writer.Bool(!plain);
    writer.EndObject();
}

void write_label(JsonWriter& writer, const Message::Answer& answer) {
    writer.Key("text");
    const auto label = fit(answer.label, max_button, escape);
    const Block plain{.kind = Block::Kind::header, .text = label.empty() ? "…" : label};
    write_text_object(writer, plain);
    writer.Key("value");
    writer.String(answer.value);
}

/// The first two as buttons, and more than one other in a menu. Every value names its own action.
void write_answers(JsonWriter& writer, const std::vector<Message::Answer>& answers) {
    const std::size_t buttons = answers.size() > 3 ? 2 : answers.size();
    for (std::size_t i = 0; i < buttons; ++i) {
        writer.StartObject();
        writer.Key("type");
        writer.String("button");
        writer.Key("action_id");
        writer.String(fmt::format("nudged_{}", i + 1));
        write_label(writer, answers[i]);
        writer.EndObject();
    }
    if (buttons == answers.size()) return;
    writer.StartObject();
    writer.Key("type");
    writer.String("overflow");
    writer.Key("action_id");
    writer.String("nudged_more");
    writer.Key("options");
    writer.StartArray();
    const auto end = std::min(answers.size(), buttons + max_menu);
    for (std::size_t i = buttons; i < end; ++i) {
        writer.StartObject();
        write_label(writer, answers[i]);
        writer.EndObject();
    }
    writer.EndArray();
    writer.EndObject();
}

void write_block(JsonWriter& writer, const Block& block) {
    static constexpr std::array names{"header", "section", "context", "divider", "actions"};
    writer.StartObject();
    writer.Key("type");
    writer.String(names[static_cast<std::size_t>(block.kind)]);
    if (block.kind == Block::Kind::context) {
        writer.Key("elements");
        writer.StartArray();
        write_text_object(writer, block);
        writer.EndArray();
    } else if (block.kind == Block::Kind::actions) {
        writer.Key("elements");
        writer.StartArray();
        write_answers(writer, block.answers);
        writer.EndArray();
    } else if (block.kind != Block::Kind::divider) {
        writer.Key("text");
        write_text_object(writer, block);
    }
    writer.EndObject();
}

}  // namespace

std::string render(const Message& message, Answers answers) {
    std::vector<Block> blocks;
    for (const auto& detail : details) {
        blocks = Renderer{detail, answers}.render(message);
        if (fits(blocks)) break;
    }
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    writer.Key("text");
    writer.String(fallback(message));
    writer.Key("blocks");
    writer.StartArray();
    for (const auto& block : blocks) write_block(writer, block);
    writer.EndArray();
    writer.Key("unfurl_links");
    writer.Bool(false);
    writer.Key("unfurl_media");
    writer.Bool(false);
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace nudged::channels::slack
