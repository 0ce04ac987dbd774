// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <cmath>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::cli {

/// Pretty JSON for `--json`: RapidJSON's writer, for our strings.
class Json {
public:
    Json() : writer_(buffer_) { writer_.SetIndent(' ', 2); }

    Json& begin_object() { return writer_.StartObject(), *this; }
    Json& end_object() { return writer_.EndObject(), *this; }
    Json& begin_array() { return writer_.StartArray(), *this; }
    Json& end_array() { return writer_.EndArray(), *this; }
    Json& key(std::string_view name) { return write(name), *this; }

    Json& value(std::string_view text) { return write(text), *this; }
    Json& value(const char* text) { return write(text), *this; }
    Json& value(bool flag) { return writer_.Bool(flag), *this; }
    Json& value(std::int64_t number) { return writer_.Int64(number), *this; }
    Json& value(int number) { return writer_.Int(number), *this; }
    Json& value(std::size_t number) { return writer_.Uint64(number), *this; }
    /// To six places, and without a fraction where there is none.
    Json& value(double number) {
        if (number == std::floor(number) && std::abs(number) < 1e15)
            return value(static_cast<std::int64_t>(number));
        return writer_.Double(std::round(number * 1e6) / 1e6), *this;
    }
    template <typename T>
    Json& value(const std::optional<T>& maybe) {
        if (maybe) return value(*maybe);
        return writer_.Null(), *this;
    }
    template <typename T>
    Json& field(std::string_view name, const T& content) {
        return key(name).value(content);
    }

    std::string str() const { return {buffer_.GetString(), buffer_.GetSize()}; }

private:
    void write(std::string_view text) {
        writer_.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    }
    rapidjson::StringBuffer buffer_;
    rapidjson::PrettyWriter<rapidjson::StringBuffer> writer_;
};

}  // namespace nudged::cli
