// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/singer/message.hpp"

#include "connectors/base/text.hpp"

namespace nudged::sources::singer {
namespace {

using Kind = Message::Kind;

const json::Value* member(const json::Value& object, const char* name) {
    const auto found = object.FindMember(name);
    return found == object.MemberEnd() ? nullptr : &found->value;
}

std::optional<std::string> text_of(const json::Value& object, const char* name) {
    const auto text = json::scalar(member(object, name));
    return text ? std::optional{std::string{*text}} : std::nullopt;
}

/// Types are told apart without regard to case.
Kind kind_of(std::string_view type) {
    const auto name = to_lower_ascii(type);
    if (name == "record") return Kind::record;
    if (name == "schema") return Kind::schema;
    if (name == "state") return Kind::state;
    return name == "activate_version" ? Kind::activate_version : Kind::other;
}

/// The end of the string that begins at `at`, in text that is known to be JSON.
std::size_t string_end(std::string_view json, std::size_t at) {
    for (++at; at < json.size() && json[at] != '"'; ++at)
        if (json[at] == '\\') ++at;
    return at + 1;
}

/// The text of a member of the outermost object, as it stands: the document has no numbers any
/// more, only their digits.
std::string raw_member(std::string_view json, std::string_view name) {
    int depth = 0;
    std::size_t begin = 0;
    bool is_wanted = false;
    for (std::size_t at = 0; at < json.size(); ++at) {
        const char c = json[at];
        if (c == '"') {
            const auto end = string_end(json, at);
            const auto text = json.substr(at + 1, end - at - 2);
            const auto after = json.find_first_not_of(" \t\r", end);
            if (depth == 1 && begin == 0 && after != json.npos && json[after] == ':') {
                is_wanted = text == name;
                begin = at = after;
                ++begin;
            } else {
                at = end - 1;
            }
        } else if (depth == 1 && (c == ',' || c == '}')) {
            if (is_wanted) return std::string{trim(json.substr(begin, at - begin))};
            begin = 0;
            if (c == '}') break;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return {};
}

std::string_view read_schema(const json::Value& object, Message& message) {
    const auto* keys = member(object, "key_properties");
    const auto* schema = member(object, "schema");
    if (!schema || !schema->IsObject()) return "expected a SCHEMA with its schema";
    if (!keys || !keys->IsArray()) return "expected a SCHEMA with key_properties, a list";
    for (const auto& key : keys->GetArray()) {
        if (!key.IsString()) return "expected key_properties to be texts";
        message.key_properties.emplace_back(key.GetString(), key.GetStringLength());
    }
    return {};
}

std::string_view read_record(const json::Value& object, Message& message) {
    message.record = member(object, "record");
    if (!message.record || !message.record->IsObject()) return "expected a RECORD with its record";
    if (const auto time = text_of(object, "time_extracted"))
        message.time_extracted = parse_instant(*time);
    return {};
}

std::string_view read_rest(const json::Value& object, std::string_view line, Message& message) {
    if (message.kind == Kind::other) return {};
    if (message.kind == Kind::state) {
        message.state = raw_member(line, "value");
        return message.state.empty() ? "expected a STATE with its value" : std::string_view{};
    }
    const auto* stream = member(object, "stream");
    if (!stream || !stream->IsString()) return "expected a message that names its stream";
    message.stream = *text_of(object, "stream");
    message.version = text_of(object, "version").value_or("");
    if (message.kind == Kind::schema) return read_schema(object, message);
    if (message.kind == Kind::record) return read_record(object, message);
    return message.version.empty() ? "expected an ACTIVATE_VERSION with its version"
                                   : std::string_view{};
}

}  // namespace

std::optional<Message> parse_message(std::string_view line, std::string_view& complaint) {
    Message message;
    message.body = line;
    message.document = json::parse(message.body);
    complaint = "expected a Singer message, a JSON object";
    if (!message.document || !message.document->IsObject()) return std::nullopt;
    const auto* type = member(*message.document, "type");
    complaint = "expected a message with its type";
    if (!type || !type->IsString()) return std::nullopt;
    message.kind = kind_of(*json::scalar(type));
    complaint = read_rest(*message.document, line, message);
    if (!complaint.empty()) return std::nullopt;
    return message;
}

}  // namespace nudged::sources::singer
