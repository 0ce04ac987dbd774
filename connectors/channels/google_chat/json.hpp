// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string>
#include <string_view>

namespace nudged::channels::google_chat {

/// The JSON of a message, in the order in which it is called.
class Json {
public:
    void open() { writer_.StartObject(); }
    void open(const char* name) {
        writer_.Key(name);
        writer_.StartObject();
    }
    void close() { writer_.EndObject(); }
    void open_list(const char* name) {
        writer_.Key(name);
        writer_.StartArray();
    }
    void close_list() { writer_.EndArray(); }
    void member(const char* name, std::string_view text) {
        writer_.Key(name);
        writer_.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    }
    void add_thread(std::string_view key) {
        if (key.empty()) return;
        open("thread");
        member("threadKey", key);
        close();
    }
    std::string str() const { return {buffer_.GetString(), buffer_.GetSize()}; }

private:
    rapidjson::StringBuffer buffer_;
    rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

}  // namespace nudged::channels::google_chat
