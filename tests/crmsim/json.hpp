// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <string>
#include <string_view>

namespace nudged::loopback {

/// Writes one JSON text; `member` is a key and its value.
class JsonWriter : public rapidjson::Writer<rapidjson::StringBuffer> {
public:
    JsonWriter() : Writer(buffer_) {}

    void text(std::string_view value) {
        String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    }
    void text_or_null(const std::optional<std::string>& value) {
        if (value)
            text(*value);
        else
            Null();
    }
    void key(std::string_view name) {
        Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    }
    void member(std::string_view name, std::string_view value) {
        key(name);
        text(value);
    }
    void member(std::string_view name, bool value) {
        key(name);
        Bool(value);
    }
    void member(std::string_view name, std::int64_t value) {
        key(name);
        Int64(value);
    }
    // Else a literal would be taken for a bool.
    void member(std::string_view name, const char* value) { member(name, std::string_view(value)); }
    void null_member(std::string_view name) {
        key(name);
        Null();
    }
    std::string str() const { return {buffer_.GetString(), buffer_.GetSize()}; }

private:
    rapidjson::StringBuffer buffer_;
};

/// A member as text; "" when it is absent or no string.
inline std::string text_member(const rapidjson::Value& object, const char* name) {
    if (!object.IsObject()) return {};
    const auto found = object.FindMember(name);
    if (found == object.MemberEnd() || !found->value.IsString()) return {};
    return {found->value.GetString(), found->value.GetStringLength()};
}

/// A member that is an array, else null.
inline const rapidjson::Value* array_member(const rapidjson::Value& object, const char* name) {
    const auto found = object.FindMember(name);
    return found != object.MemberEnd() && found->value.IsArray() ? &found->value : nullptr;
}

}  // namespace nudged::loopback
