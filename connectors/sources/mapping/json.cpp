// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/json.hpp"

#include <rapidjson/reader.h>

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

/// Says whether the text, which is changed, was JSON.
bool parse_in_place(char* text, Document& document) {
    rapidjson::InsituStringStream stream{text};
    // A document is filled by whatever tells it the values: here the reader, by way of the bound.
    rapidjson::Reader reader;
    auto read = [&](Document& target) {
        BoundedDepth bounded{target};
        return !reader.Parse<parse_flags>(stream, bounded).IsError();
    };
    document.Populate(read);
    return !reader.HasParseError();
}

}  // namespace

std::unique_ptr<Document> parse(std::string& body) {
    auto document = std::make_unique<Document>();
    if (!parse_in_place(body.data(), *document)) return nullptr;
    return document;
}

void unpack(Document& document, const Path& place) {
    place.each_value(document, [&](const Value& packed) {
        if (!packed.IsString()) return;
        // Found in a document that is ours to change, as is the body that its texts point into.
        auto& value = const_cast<Value&>(packed);  // NOLINT(*-const-cast)
        Document unpacked{&document.GetAllocator()};
        if (parse_in_place(const_cast<char*>(value.GetString()), unpacked))  // NOLINT(*-const-cast)
            value.Swap(unpacked);
        else
            value.SetNull();
    });
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
