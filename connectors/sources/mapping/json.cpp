// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/json.hpp"

#include "connectors/base/text.hpp"

#include <rapidjson/reader.h>

#include <charconv>
#include <span>

namespace nudged::sources::json {
namespace {

constexpr unsigned parse_flags = rapidjson::kParseIterativeFlag | rapidjson::kParseInsituFlag |
                                 rapidjson::kParseNumbersAsStringsFlag;

/// Builds the document as long as it is not too deep. The iterative parser survives any depth, but
/// each level costs it memory.
class BoundedDepth {
public:
    explicit BoundedDepth(Document& document) : document_(document) {}

    bool Null() { return document_.Null(); }
    bool Bool(bool value) { return document_.Bool(value); }
    bool Int(int value) { return document_.Int(value); }
    bool Uint(unsigned value) { return document_.Uint(value); }
    bool Int64(std::int64_t value) { return document_.Int64(value); }
    bool Uint64(std::uint64_t value) { return document_.Uint64(value); }
    bool Double(double value) { return document_.Double(value); }
    bool RawNumber(const char* text, rapidjson::SizeType size, bool copy) {
        return document_.RawNumber(text, size, copy);
    }
    bool String(const char* text, rapidjson::SizeType size, bool copy) {
        return document_.String(text, size, copy);
    }
    bool Key(const char* text, rapidjson::SizeType size, bool copy) {
        return document_.Key(text, size, copy);
    }
    bool StartObject() { return ++depth_ <= max_depth && document_.StartObject(); }
    bool EndObject(rapidjson::SizeType members) {
        --depth_;
        return document_.EndObject(members);
    }
    bool StartArray() { return ++depth_ <= max_depth && document_.StartArray(); }
    bool EndArray(rapidjson::SizeType elements) {
        --depth_;
        return document_.EndArray(elements);
    }

private:
    Document& document_;
    std::size_t depth_ = 0;
};

std::string unescaped(std::string_view step) {
    std::string plain;
    for (std::size_t i = 0; i < step.size(); ++i) {
        if (step[i] == '~' && i + 1 < step.size() && (step[i + 1] == '0' || step[i + 1] == '1'))
            plain += step[++i] == '0' ? '~' : '/';
        else
            plain += step[i];
    }
    return plain;
}

const Value* child(const Value& node, const std::string& step) {
    if (node.IsObject()) {
        const auto member = node.FindMember(step);
        return member == node.MemberEnd() ? nullptr : &member->value;
    }
    if (!node.IsArray()) return nullptr;
    rapidjson::SizeType index = 0;
    const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
    const bool is_index = error == std::errc{} && end == step.data() + step.size();
    return is_index && index < node.Size() ? &node[index] : nullptr;
}

const Value* first_under(const Value& node, std::span<const std::string> steps) {
    if (steps.empty()) return node.IsNull() ? nullptr : &node;
    if (steps.front() != "*") {
        const Value* next = child(node, steps.front());
        return next ? first_under(*next, steps.subspan(1)) : nullptr;
    }
    if (!node.IsArray()) return nullptr;
    for (const auto& element : node.GetArray())
        if (const Value* found = first_under(element, steps.subspan(1))) return found;
    return nullptr;
}

using Use = std::function<void(const Value& element, const Value& parent)>;

void each_under(const Value& node, const Value& parent, std::span<const std::string> steps,
                const Use& use) {
    if (steps.empty()) {
        if (node.IsObject()) use(node, parent);
        if (!node.IsArray()) return;
        for (const auto& element : node.GetArray()) use(element, parent);
        return;
    }
    if (steps.front() != "*") {
        if (const Value* next = child(node, steps.front()))
            each_under(*next, parent, steps.subspan(1), use);
        return;
    }
    if (!node.IsArray()) return;
    for (const auto& element : node.GetArray()) each_under(element, element, steps.subspan(1), use);
}

void each_value_under(const Value& node, std::span<const std::string> steps,
                      const std::function<void(const Value& value)>& use) {
    if (steps.empty()) {
        use(node);
    } else if (steps.front() != "*") {
        if (const Value* next = child(node, steps.front()))
            each_value_under(*next, steps.subspan(1), use);
    } else if (node.IsArray()) {
        for (const auto& element : node.GetArray())
            each_value_under(element, steps.subspan(1), use);
    }
}

}  // namespace

std::unique_ptr<Document> parse(std::string& body) {
    auto document = std::make_unique<Document>();
    rapidjson::InsituStringStream stream{body.data()};
    // A document is filled by whatever tells it the values: here the reader, by way of the bound.
    rapidjson::Reader reader;
    auto read = [&](Document& target) {
        BoundedDepth bounded{target};
        return !reader.Parse<parse_flags>(stream, bounded).IsError();
    };
    document->Populate(read);
    if (reader.HasParseError()) return nullptr;
    return document;
}

std::optional<Path> Path::parse(std::string_view text) {
    Path path;
    if (text.starts_with("../")) {
        path.from_parent_ = true;
        text.remove_prefix(2);
    }
    if (text.empty()) return path;
    if (text.front() != '/') return std::nullopt;
    for (const auto step : split(text.substr(1), '/')) path.steps_.push_back(unescaped(step));
    return path;
}

const Value* Path::find(const Value& root, const Value* parent) const {
    if (!from_parent_) return first_under(root, steps_);
    return parent ? first_under(*parent, steps_) : nullptr;
}

bool Path::holds_list(const Value& root) const {
    const Value* node = &root;
    for (const auto& step : steps_) {
        if (step == "*") break;
        node = child(*node, step);
        if (!node) return false;
    }
    return is_compound(node);
}

void Path::each_value(const Value& root, const std::function<void(const Value& value)>& use) const {
    each_value_under(root, steps_, use);
}

void Path::each_element(const Value& root, const Use& use) const {
    each_under(root, root, steps_, use);
}

std::string Path::step_after(const Path& prefix) const {
    const auto& start = prefix.steps_;
    if (from_parent_ || steps_.size() <= start.size()) return {};
    if (!std::equal(start.begin(), start.end(), steps_.begin())) return {};
    return steps_[start.size()];
}

std::optional<std::string_view> scalar(const Value* value) {
    if (!value) return std::nullopt;
    if (value->IsString()) return std::string_view{value->GetString(), value->GetStringLength()};
    if (value->IsBool()) return value->GetBool() ? "true" : "false";
    return std::nullopt;
}

bool is_compound(const Value* value) {
    return value && (value->IsObject() || value->IsArray());
}

}  // namespace nudged::sources::json
