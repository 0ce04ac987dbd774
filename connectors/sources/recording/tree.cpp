// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/recording/tree.hpp"

#include "connectors/sources/mapping/json.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>

#include <algorithm>

namespace nudged::sources::recording {
namespace {

using rapidjson::SizeType;

/// Builds a Tree from RapidJSON's events.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
public:
    Builder() { open_.push_back(&root_); }

    bool Null() { return add({}); }
    bool Bool(bool value) { return add({Tree::Kind::boolean, value ? "true" : "false"}); }
    bool RawNumber(const char* text, SizeType size, bool) {
        return add({Tree::Kind::number, std::string{text, size}});
    }
    bool String(const char* text, SizeType size, bool) {
        return add({Tree::Kind::text, std::string{text, size}});
    }
    bool Key(const char* text, SizeType size, bool) {
        name_.assign(text, size);
        return true;
    }
    bool StartObject() { return open({Tree::Kind::object}); }
    bool StartArray() { return open({Tree::Kind::array}); }
    bool EndObject(SizeType) { return close(); }
    bool EndArray(SizeType) { return close(); }

    Tree take() { return std::move(root_.members.front().value); }

private:
    bool add(Tree tree) {
        open_.back()->members.push_back({std::exchange(name_, {}), std::move(tree)});
        return true;
    }
    bool open(Tree tree) {
        if (open_.size() > json::max_depth) return false;
        add(std::move(tree));
        open_.push_back(&open_.back()->members.back().value);
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    Tree root_{Tree::Kind::array};
    std::vector<Tree*> open_;  // from the root down; only the last one grows
    std::string name_;
};

SizeType size_of(const std::string& text) {
    return static_cast<SizeType>(text.size());
}

template <typename Writer>
void write(Writer& writer, const Tree& tree) {
    switch (tree.kind) {
    case Tree::Kind::null: writer.Null(); return;
    case Tree::Kind::boolean: writer.Bool(tree.text == "true"); return;
    case Tree::Kind::number:
        writer.RawValue(tree.text.data(), tree.text.size(), rapidjson::kNumberType);
        return;
    case Tree::Kind::text: writer.String(tree.text.data(), size_of(tree.text)); return;
    case Tree::Kind::array:
        writer.StartArray();
        for (const auto& member : tree.members) write(writer, member.value);
        writer.EndArray();
        return;
    case Tree::Kind::object:
        writer.StartObject();
        for (const auto& member : tree.members) {
            writer.Key(member.name.data(), size_of(member.name));
            write(writer, member.value);
        }
        writer.EndObject();
        return;
    }
}

void sort_members(Tree& tree) {
    for (auto& member : tree.members) sort_members(member.value);
    if (tree.kind == Tree::Kind::object) std::ranges::stable_sort(tree.members, {}, &Member::name);
}

}  // namespace

std::optional<Tree> parse_tree(std::string_view json) {
    constexpr auto flags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag |
                           rapidjson::kParseValidateEncodingFlag;
    rapidjson::MemoryStream stream{json.data(), json.size()};
    rapidjson::Reader reader;
    Builder builder;
    if (reader.Parse<flags>(stream, builder).IsError()) return std::nullopt;
    return builder.take();
}

std::string to_json(const Tree& tree, Layout layout) {
    rapidjson::StringBuffer buffer;
    if (layout == Layout::dense) {
        rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
        write(writer, tree);
    } else {
        rapidjson::PrettyWriter<rapidjson::StringBuffer> writer{buffer};
        writer.SetIndent(' ', 2);
        write(writer, tree);
    }
    return {buffer.GetString(), buffer.GetSize()};
}

std::string canonical_json(Tree tree) {
    sort_members(tree);
    return to_json(tree, Layout::dense);
}

Tree text_tree(std::string text) {
    return {Tree::Kind::text, std::move(text)};
}

Tree number_tree(std::int64_t number) {
    return {Tree::Kind::number, std::to_string(number)};
}

const Tree* find(const Tree& tree, std::string_view name) {
    for (const auto& member : tree.members)
        if (member.name == name) return &member.value;
    return nullptr;
}

}  // namespace nudged::sources::recording
