// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/dialog.hpp"

#include "connectors/base/text.hpp"
#include "connectors/channels/fitting.hpp"
#include "connectors/channels/slack/limits.hpp"
#include "connectors/channels/slack/mrkdwn.hpp"
#include "connectors/channels/values.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace nudged::channels::slack {
namespace {

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr std::size_t max_form_title = 24;
constexpr std::size_t max_written = 500;  // as much as an answer keeps

std::string take(const rapidjson::StringBuffer& buffer) {
    return {buffer.GetString(), buffer.GetSize()};
}

void write(JsonWriter& writer, const char* name, const std::string& text) {
    writer.Key(name);
    writer.String(text);
}

/// A text of several lines; each is a value of its own, and makes no links.
std::string escape_lines(std::string_view text) {
    std::string out;
    for (const auto line : split(text, '\n')) {
        const auto next = escape_mrkdwn(without_links(line));
        if (length(out) + length(next) + 2 > max_plain) return out + "\n…";
        if (!out.empty()) out += '\n';
        out += next;
    }
    return out.empty() ? "nudged" : out;
}

std::string whisper_escaped(const std::string& text) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    write(writer, "response_type", "ephemeral");
    writer.Key("replace_original");
    writer.Bool(false);
    write(writer, "text", text);
    writer.EndObject();
    return take(buffer);
}

void write_plain(JsonWriter& writer, const char* name, std::string_view text, std::size_t most) {
    auto shown = fit(text, most, escape);
    if (shown.empty()) shown = "…";
    writer.Key(name);
    writer.StartObject();
    write(writer, "type", "plain_text");
    write(writer, "text", shown);
    writer.Key("emoji");
    writer.Bool(false);
    writer.EndObject();
}

void write_section(JsonWriter& writer, const std::string& text) {
    writer.StartObject();
    write(writer, "type", "section");
    writer.Key("text");
    writer.StartObject();
    write(writer, "type", "mrkdwn");
    write(writer, "text", text);
    writer.Key("verbatim");
    writer.Bool(true);
    writer.EndObject();
    writer.EndObject();
}

}  // namespace

std::string whisper(std::string_view text) {
    return whisper_escaped(escape_lines(text));
}

std::string whisper_lines(std::string_view lines) {
    std::string text = "```\n";
    for (const auto line : split(lines, '\n')) {
        constexpr std::size_t longest_line = 300;
        auto next = escape_code(line);
        if (length(next) > longest_line) next = fit(line, longest_line, escape_code);
        if (length(text) + length(next) + 8 > max_plain) {
            text += "…\n";
            break;
        }
        text += next + '\n';
    }
    return whisper_escaped(text + "```");
}

std::string replacement(std::string_view text) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    writer.Key("replace_original");
    writer.Bool(true);
    write(writer, "text", escape_lines(text));
    writer.EndObject();
    return take(buffer);
}

std::string question(std::string_view text, const std::vector<model::Message::Answer>& answers) {
    const auto shown = escape_lines(text);
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    write(writer, "text", shown);
    writer.Key("blocks");
    writer.StartArray();
    write_section(writer, shown);
    if (!answers.empty()) {
        writer.StartObject();
        write(writer, "type", "actions");
        writer.Key("elements");
        writer.StartArray();
        for (std::size_t i = 0; i < answers.size(); ++i) {
            writer.StartObject();
            write(writer, "type", "button");
            write(writer, "action_id", fmt::format("nudged_{}", i + 1));
            write_plain(writer, "text", answers[i].label, max_button);
            write(writer, "value", answers[i].value);
            writer.EndObject();
        }
        writer.EndArray();
        writer.EndObject();
    }
    writer.EndArray();
    for (const auto* name : {"unfurl_links", "unfurl_media"}) {
        writer.Key(name);
        writer.Bool(false);
    }
    writer.EndObject();
    return take(buffer);
}

std::string form(const Form& form) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    writer.StartObject();
    write(writer, "type", "modal");
    write(writer, "callback_id", "nudged");
    write(writer, "private_metadata", form.value);
    write_plain(writer, "title", form.title, max_form_title);
    write_plain(writer, "submit", form.send, max_form_title);
    writer.Key("blocks");
    writer.StartArray();
    writer.StartObject();
    write(writer, "type", "input");
    write(writer, "block_id", "text");
    write_plain(writer, "label", form.hint, 2'000);
    writer.Key("element");
    writer.StartObject();
    write(writer, "type", "plain_text_input");
    write(writer, "action_id", "text");
    writer.Key("multiline");
    writer.Bool(true);
    writer.Key("max_length");
    writer.Uint(max_written);
    writer.EndObject();
    writer.EndObject();
    writer.EndArray();
    writer.EndObject();
    return take(buffer);
}

}  // namespace nudged::channels::slack
