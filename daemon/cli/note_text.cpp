// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/note_text.hpp"

#include "connectors/base/text.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/shown_time.hpp"
#include "daemon/cli/table.hpp"

#include <fmt/format.h>

#include <iostream>
#include <iterator>

namespace nudged::cli {
namespace {

using warehouse::Note;

constexpr std::size_t shown = 50;  // characters of a text in a list

std::string about(const Note& note) {
    return note.rep_name.empty() ? "team " + note.team : note.rep_name;
}

std::string first_line(const Note& note) {
    if (note.removed_at)
        return fmt::format("removed{}{}", note.removed_why.empty() ? "" : ": ", note.removed_why);
    if (!note.text) return "(for the rep and the manager)";
    return shorten(clean_line(note.text->body), shown);
}

std::string written(const Note& note, const char* otherwise) {
    if (!note.written_at) return otherwise;
    return shown_time(*note.written_at);
}

/// A text of several lines, each without anything that a terminal would obey.
std::string lines_of(const std::string& text) {
    std::string result;
    for (const auto line : split(text, '\n')) result += clean_line(line) + "\n";
    return result;
}

void add_text(Json& json, const warehouse::NoteText& text) {
    json.field("text", text.body).field("agreed", text.agreed);
    if (!text.skill.empty()) json.field("skill", text.skill);
    if (!text.kpi.empty()) json.field("kpi", text.kpi);
    json.key("opportunities").begin_array();
    for (const auto& link : text.opportunities) json.value(link.source + "/" + link.opportunity);
    json.end_array();
}

void add_note(Json& json, const Note& note) {
    json.begin_object()
        .field("id", static_cast<std::int64_t>(note.id))
        .field("type", to_string(note.type))
        .field("rep", note.rep_name)
        .field("team", note.team)
        .field("manager", note.manager_name)
        .field("held_on", format_date(note.held_on))
        .field("revisions", note.revisions);
    if (note.written_at) json.field("written_at", format_instant(*note.written_at));
    if (note.minutes) json.field("minutes", *note.minutes);
    if (note.removed_at) json.field("removed_at", format_instant(*note.removed_at));
    if (!note.removed_why.empty()) json.field("removed_why", note.removed_why);
    if (note.text) add_text(json, *note.text);
    json.end_object();
}

}  // namespace

std::string notes_text(const warehouse::NotesSeen& seen) {
    std::string text;
    if (!seen.notes.empty()) {
        Table table(std::vector<Table::Align>(6, Table::Align::left));
        table.row({"id", "held", "type", "about", "by", "text"});
        for (const auto& note : seen.notes)
            table.row({fmt::format("{}", static_cast<std::int64_t>(note.id)),
                       format_date(note.held_on), std::string{to_string(note.type)},
                       for_terminal(about(note)), for_terminal(note.manager_name),
                       first_line(note)});
        text += table.str();
    }
    for (const auto& count : seen.counts)
        text += fmt::format("{} of {}: {} to count, not to read\n", to_string(count.type),
                            for_terminal(count.rep_name), count.count);
    return text.empty() ? "No note that you may see.\n" : text;
}

std::string notes_json(const warehouse::NotesSeen& seen) {
    Json json;
    json.begin_object().key("notes").begin_array();
    for (const auto& note : seen.notes) add_note(json, note);
    json.end_array().key("counts").begin_array();
    for (const auto& count : seen.counts)
        json.begin_object()
            .field("about", count.rep_name)
            .field("type", to_string(count.type))
            .field("count", count.count)
            .end_object();
    json.end_array().end_object();
    return json.str();
}

std::string note_text(const Note& note) {
    Table table({Table::Align::left, Table::Align::left});
    table.row({"type", std::string{to_string(note.type)}});
    table.row({"about", for_terminal(about(note))});
    table.row({"by", for_terminal(note.manager_name)});
    table.row({"held", format_date(note.held_on)});
    table.row({"written", written(note, "not known")});
    if (note.minutes) table.row({"minutes", fmt::format("{}", *note.minutes)});
    if (note.revisions > 1) table.row({"revisions", fmt::format("{}", note.revisions)});
    if (!note.text) return table.str() + "\n" + first_line(note) + "\n";
    if (!note.text->skill.empty()) table.row({"skill", for_terminal(note.text->skill)});
    if (!note.text->kpi.empty()) table.row({"kpi", for_terminal(note.text->kpi)});
    for (const auto& link : note.text->opportunities)
        table.row({"opportunity", for_terminal(link.source + "/" + link.opportunity)});
    auto text = table.str() + "\n" + lines_of(note.text->body);
    if (!note.text->agreed.empty()) text += "\nagreed:\n" + lines_of(note.text->agreed);
    return text;
}

std::string read_standard_input() {
    std::string text;
    const std::istreambuf_iterator<char> end;
    // One byte more than is allowed, so that a longer text is refused and not cut.
    for (std::istreambuf_iterator<char> at{std::cin};
         at != end && text.size() <= warehouse::longest_note; ++at)
        text += *at;
    return text;
}

}  // namespace nudged::cli
