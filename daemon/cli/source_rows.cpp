// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/source_rows.hpp"

#include "connectors/sources/recording/named_cells.hpp"
#include "connectors/sources/recording/places.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace nudged::cli {
namespace {

using sources::json::Value;
using sources::recording::RowAt;
using sources::recording::Tree;
namespace json = sources::json;

/// What the tree, which has the numbers, has where the document, which has the places, has a value.
using TreeOf = std::unordered_map<const Value*, const Tree*>;

void pair_up(const Value& value, const Tree& tree, TreeOf& trees) {
    trees.emplace(&value, &tree);
    if (value.IsArray() && tree.kind == Tree::Kind::array) {
        auto element = value.Begin();
        for (const auto& member : tree.members) pair_up(*element++, member.value, trees);
    } else if (value.IsObject() && tree.kind == Tree::Kind::object) {
        auto member = value.MemberBegin();
        for (const auto& one : tree.members) pair_up((member++)->value, one.value, trees);
    }
}

std::string id_of(const sources::ValuePlan& plan, const RowAt& at) {
    const auto text_at = [&](const json::Path& path) {
        const auto text = json::scalar(path.find(at.row, &at.parent, at.key));
        return std::string{text.value_or(std::string_view{})};
    };
    std::string id;
    if (plan.join) {
        for (const auto& part : plan.join->parts)
            id += part.index() == 0 ? std::get<0>(part) : text_at(std::get<1>(part));
        return id;
    }
    for (const auto& path : plan.from)
        if (id = text_at(path); !id.empty()) return id;
    return id;
}

std::string escaped_step(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

/// Leaves below `value` that nothing reads. Those that are null say nothing.
void find_unread(const Value& value, const std::string& at,
                 const std::unordered_set<const Value*>& read, std::set<std::string>& unread) {
    if (read.contains(&value)) return;
    if (value.IsObject()) {
        for (const auto& member : value.GetObject())
            find_unread(member.value,
                        at + "/" +
                            escaped_step({member.name.GetString(), member.name.GetStringLength()}),
                        read, unread);
    } else if (value.IsArray()) {
        for (const auto& element : value.GetArray()) find_unread(element, at + "/*", read, unread);
    } else if (!value.IsNull()) {
        unread.insert(at);
    }
}

std::vector<std::string> unread_in(const sources::RecordPlan& plan, const RowAt& at) {
    std::unordered_set<const Value*> read;
    sources::recording::each_read(
        plan, at, [&](const Value& place, sources::recording::Role) { read.insert(&place); });
    std::set<std::string> unread;
    find_unread(at.row, "", read, unread);
    return {unread.begin(), unread.end()};
}

}  // namespace

RawRows::RawRows(const sources::Manifest& manifest, model::Entity entity,
                 const std::vector<net::Exchanged>& exchanged) {
    constexpr int first_error = 300;
    const auto* stream = manifest.find(entity);
    if (!stream) return;
    for (const auto& one : exchanged)
        if (one.response.status < first_error) add_answer(manifest, *stream, one.response.body);
}

RawRows::~RawRows() = default;

void RawRows::add_answer(const sources::Manifest& manifest, const sources::StreamPlan& stream,
                         const std::string& body) {
    auto tree = sources::recording::parse_tree(body);
    if (!tree) return;
    const sources::recording::NamedCells named{manifest, body, *tree};
    const auto* document = named.document();
    if (!document) return;
    TreeOf trees;
    pair_up(*document, *tree, trees);
    const auto add = [&](const json::Located& row) {
        const RowAt at{row.element, row.parent, row.key};
        const auto id = id_of(stream.record.id, at);
        if (!row.element.IsObject() || id.empty() || !trees.contains(&row.element)) return;
        RawRow raw{to_json(*trees.at(&row.element), sources::recording::Layout::lines),
                   unread_in(stream.record, at)};
        rows_.emplace_back(id, std::move(raw));
    };
    stream.records.each_located(*document, add);
    if (stream.by_id && !(stream.by_id->records == stream.records))
        stream.by_id->records.each_located(*document, add);
    if (stream.backfill && !(stream.backfill->records == stream.records))
        stream.backfill->records.each_located(*document, add);
}

const RawRow* RawRows::find(std::string_view id) const {
    // Answers of other requests may name the same id, and less of it.
    const RawRow* best = nullptr;
    for (const auto& [known, row] : rows_)
        if (known == id && (!best || row.json.size() >= best->json.size())) best = &row;
    return best;
}

std::vector<const model::Page*> pages_of(const Trial& trial) {
    std::vector<const model::Page*> pages;
    for (const auto& stream : trial.streams)
        for (const auto& page : stream.pages) pages.push_back(&page);
    return pages;
}

}  // namespace nudged::cli
