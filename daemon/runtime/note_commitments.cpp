// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/note_commitments.hpp"

#include "connectors/base/on.hpp"
#include "connectors/sources/notes.hpp"
#include "daemon/checks/coaching/convention.hpp"
#include "daemon/runtime/marked_text.hpp"
#include "daemon/warehouse/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace nudged::runtime {
namespace {

/// A CRM that gives its newest notes first is read so far back at each poll; what was agreed before
/// stays as it was taken.
constexpr int most_pages = 50;

using model::Entity;

std::size_t field(std::string_view name) {
    return *model::field_index(Entity::task, name);
}

/// The first line that says something, taken out of the text.
std::string take_line(std::string& text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first != text.npos) text.erase(0, first);
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.erase(0, end + 1);
    return line;
}

/// The text of a record of that kind, where it is switched on.
std::optional<std::string> text_for(checks::RecordKind kind,
                                    const std::map<std::string, std::string>& texts) {
    const auto found = texts.find(std::string{field_of(kind)});
    if (found != texts.end()) return found->second;
    // One without a text is vague, where it is not that others alone are read.
    const bool is_vague = kind == checks::RecordKind::commitment && texts.empty();
    return is_vague ? std::optional{std::string{}} : std::nullopt;
}

/// A note as it stands in the CRM, if it has a mark that is on; its owner is the CRM's user.
std::optional<MarkedText> text_of(const model::Record& note, const std::string& source) {
    static const std::size_t owner = field("owner"), subject = field("subject"),
                             created = field("created_at");
    MarkedText text{.of = fmt::format("note {}/{}", source, note.id),
                    .rep = std::string{note.text_at(owner)},
                    .created = {},
                    .subject = std::string{note.text_at(subject)},
                    .body = {}};
    if (const auto at = note.integer_at(created, 0); at > 0)
        text.created = format_instant(from_millis(at)).substr(0, 10);
    const auto texts = sources::texts_of_note(note);
    const bool has_subject = !text.subject.empty();
    if (!has_subject && !texts.empty())
        text.subject = take_line(text.body = plain_lines(texts.begin()->second));
    const auto kind = checks::record_kind_of(text.subject);
    const auto body = kind ? text_for(*kind, texts) : std::nullopt;
    if (!body) return std::nullopt;
    text.body = plain_lines(*body);
    if (!has_subject) text.subject = take_line(text.body);
    return text;
}

/// Those with the mark; no other outlives its page.
asio::awaitable<std::vector<MarkedText>> read_marked(const CareContext& context,
                                                     sources::Source& notes,
                                                     const std::string& source) {
    std::vector<MarkedText> marked;
    model::Cursor at;
    bool more = true;
    for (int pages = 0; more && pages < most_pages; ++pages) {
        const auto page = co_await notes.fetch_page(notes.streams().front(), at);
        auto keep_marked = [&] {
            for (const auto& note : page.records) {
                if (auto text = text_of(note, source)) marked.push_back(std::move(*text));
            }
        };
        co_await on(context.workers, keep_marked);
        at = page.cursor;
        more = page.more;
    }
    co_return marked;
}

/// In the order in which they were agreed: of two for one week the first one holds.
SheetRows rows_of(const warehouse::Reader& reader, const std::string& source,
                  std::vector<MarkedText> marked) {
    std::ranges::stable_sort(marked, {}, &MarkedText::created);
    auto users = reader.database().prepare("SELECT u.email FROM user u JOIN source s ON s.id = "
                                           "u.source_id WHERE s.name = ?1 AND u.external_id = ?2");
    SheetRows rows;
    for (auto& text : marked) {
        users.reset();
        if (users.bind(1, source).bind(2, text.rep).step() && !users.text(0).empty())
            text.rep = users.text(0);
        add_marked(text, rows);
    }
    return rows;
}

}  // namespace

asio::awaitable<SheetRows> read_note_commitments(const CareContext& context, sources::Source& notes,
                                                 std::string source) {
    auto marked = co_await read_marked(context, notes, source);
    auto work = [&] {
        const warehouse::Reader reader(context.config.warehouse_path().string());
        return rows_of(reader, source, std::move(marked));
    };
    co_return co_await on(context.workers, work);
}

}  // namespace nudged::runtime
