// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/failure.hpp"
#include "connectors/channels/mail/render.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace nudged::channels::mail {
namespace {

using Json = rapidjson::Value;

[[noreturn]] void fail(const char* what) {
    throw Failure(FailureKind::corrupt, std::string{"a stored mail cannot be read: "} + what);
}

const Json& member(const Json& object, const char* name) {
    if (!object.IsObject()) fail("an object was expected");
    const auto found = object.FindMember(name);
    if (found == object.MemberEnd()) fail("something is missing");
    return found->value;
}

std::string text_at(const Json& object, const char* name) {
    const auto& text = member(object, name);
    if (!text.IsString()) fail("text was expected");
    return {text.GetString(), text.GetStringLength()};
}

/// Of a member that rows of before do not have.
std::string maybe_text_at(const Json& object, const char* name) {
    return object.HasMember(name) ? text_at(object, name) : std::string{};
}

}  // namespace

std::string Payload::to_json() const {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    const auto write = [&](const char* name, const std::string& written) {
        writer.Key(name);
        writer.String(written);
    };
    writer.StartObject();
    writer.Key("to");
    writer.StartArray();
    for (const auto& recipient : to) {
        writer.StartObject();
        write("address", recipient.address);
        writer.Key("may_have_it");
        writer.Bool(recipient.may_have_it);
        writer.EndObject();
    }
    writer.EndArray();
    write("subject", subject);
    write("text", text);
    write("html", html);
    write("reference", reference);
    write("series", series);
    write("list", list);
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

Payload parse_payload(const std::string& json) {
    rapidjson::Document document;
    if (document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size()).HasParseError())
        fail("it is no JSON");
    Payload payload;
    const auto& to = member(document, "to");
    if (!to.IsArray()) fail("a list was expected");
    for (const auto& recipient : to.GetArray()) {
        const auto& may_have_it = member(recipient, "may_have_it");
        if (!may_have_it.IsBool()) fail("true or false was expected");
        payload.to.push_back({text_at(recipient, "address"), may_have_it.GetBool()});
    }
    payload.subject = text_at(document, "subject");
    payload.text = text_at(document, "text");
    payload.html = text_at(document, "html");
    payload.reference = text_at(document, "reference");
    payload.series = maybe_text_at(document, "series");
    payload.list = maybe_text_at(document, "list");
    return payload;
}

}  // namespace nudged::channels::mail
