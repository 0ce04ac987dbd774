// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/envelope.hpp"

#include "connectors/channels/slack/place.hpp"

#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace nudged::channels::slack {
namespace {

using Json = rapidjson::Value;

/// Slack's own limits are lower; what is longer is not taken for anything.
constexpr std::size_t longest_text = 8'000;

std::string text_at(const Json& json, const char* pointer) {
    const auto* value = rapidjson::Pointer(pointer).Get(json);
    if (value == nullptr || !value->IsString() || value->GetStringLength() > longest_text)
        return {};
    return {value->GetString(), value->GetStringLength()};
}

std::optional<Interaction> read_command(const Json& payload) {
    return Interaction{.kind = Interaction::Kind::command,
                       .user = text_at(payload, "/user_id"),
                       .value = text_at(payload, "/text"),
                       .text = {},
                       .trigger = text_at(payload, "/trigger_id"),
                       .response_url = text_at(payload, "/response_url")};
}

/// Our forms have one field: block "text", action "text".
std::optional<Interaction> read_form(const Json& payload) {
    return Interaction{.kind = Interaction::Kind::form,
                       .user = text_at(payload, "/user/id"),
                       .value = text_at(payload, "/view/private_metadata"),
                       .text = text_at(payload, "/view/state/values/text/text/value"),
                       .trigger = text_at(payload, "/trigger_id"),
                       .response_url = {}};
}

std::optional<Interaction> read_answer(const Json& payload) {
    auto value = text_at(payload, "/actions/0/value");
    if (value.empty()) value = text_at(payload, "/actions/0/selected_option/value");
    return Interaction{.kind = Interaction::Kind::answer,
                       .user = text_at(payload, "/user/id"),
                       .value = std::move(value),
                       .text = {},
                       .trigger = text_at(payload, "/trigger_id"),
                       .response_url = text_at(payload, "/response_url")};
}

std::optional<Interaction> read_interaction(const std::string& type, const Json& envelope) {
    const auto* payload = rapidjson::Pointer("/payload").Get(envelope);
    if (payload == nullptr || !payload->IsObject()) return std::nullopt;
    std::optional<Interaction> interaction;
    if (type == "slash_commands") interaction = read_command(*payload);
    if (type == "interactive") {
        const auto kind = text_at(*payload, "/type");
        if (kind == "block_actions") interaction = read_answer(*payload);
        if (kind == "view_submission") interaction = read_form(*payload);
    }
    if (interaction && !is_id(interaction->user)) return std::nullopt;
    return interaction;
}

}  // namespace

std::optional<Envelope> parse_envelope(std::string_view text) {
    rapidjson::Document json;
    json.Parse(text.data(), text.size());
    if (json.HasParseError() || !json.IsObject()) return std::nullopt;
    Envelope envelope{.type = text_at(json, "/type"),
                      .id = text_at(json, "/envelope_id"),
                      .reason = text_at(json, "/reason")};
    if (envelope.type.empty()) return std::nullopt;
    envelope.interaction = read_interaction(envelope.type, json);
    return envelope;
}

std::string acknowledgement(const std::string& id) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    writer.StartObject();
    writer.Key("envelope_id");
    writer.String(id);
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace nudged::channels::slack
