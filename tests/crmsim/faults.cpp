// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/faults.hpp"

#include "tests/crmsim/json.hpp"

#include <algorithm>

namespace nudged::loopback {
namespace {

int int_member(const rapidjson::Value& object, const char* name, int fallback) {
    const auto found = object.FindMember(name);
    return found != object.MemberEnd() && found->value.IsInt() ? found->value.GetInt() : fallback;
}

Reply ordered_reply(const rapidjson::Value& order) {
    Reply reply;
    reply.status = int_member(order, "status", 500);
    if (const auto headers = order.FindMember("headers");
        headers != order.MemberEnd() && headers->value.IsObject()) {
        for (const auto& header : headers->value.GetObject())
            reply.headers.emplace_back(header.name.GetString(),
                                       text_member(headers->value, header.name.GetString()));
    }
    const auto body = order.FindMember("body");
    if (body == order.MemberEnd() || body->value.IsNull()) return reply;
    if (body->value.IsString()) {
        reply.content_type = "text/plain";
        reply.body = body->value.GetString();
    } else {
        JsonWriter json;
        body->value.Accept(json);
        reply.body = json.str();
    }
    return reply;
}

}  // namespace

std::optional<Faults::Kind> Faults::parse_kind(std::string_view name) {
    static constexpr std::pair<std::string_view, Kind> kinds[] = {
        {"", Kind::status},
        {"reset", Kind::reset},
        {"reset_in_body", Kind::reset_in_body},
        {"truncate", Kind::cut},
        {"deep_json", Kind::deep_json},
        {"malformed", Kind::malformed},
        {"hang", Kind::hang},
    };
    for (const auto& [text, kind] : kinds)
        if (text == name) return kind;
    return std::nullopt;
}

bool Faults::add(const rapidjson::Value& order) {
    const auto kind = parse_kind(text_member(order, "kind"));
    if (!kind) return false;
    faults_.push_back({.match = text_member(order, "match"),
                       .skip = int_member(order, "skip", 0),
                       .times = int_member(order, "times", 1),
                       .kind = *kind,
                       .reply = ordered_reply(order),
                       .depth = int_member(order, "depth", 2'000'000)});
    return true;
}

Reply Faults::apply(const Request& request, Reply ordinary) {
    const std::string line = request.method + " " + request.path;
    for (Fault& fault : faults_) {
        if (fault.times <= 0 || line.find(fault.match) == std::string::npos) continue;
        if (fault.skip > 0) {
            --fault.skip;
            continue;
        }
        --fault.times;
        Reply reply = distort(fault, std::move(ordinary));
        std::erase_if(faults_, [](const Fault& used) { return used.times <= 0; });
        return reply;
    }
    return ordinary;
}

Reply Faults::distort(const Fault& fault, Reply ordinary) {
    switch (fault.kind) {
    case Kind::status: return fault.reply;
    case Kind::reset: ordinary.ending = Ending::reset; break;
    case Kind::reset_in_body: ordinary.ending = Ending::reset_in_body; break;
    case Kind::cut: ordinary.ending = Ending::cut; break;
    case Kind::hang: ordinary.ending = Ending::silence; break;
    case Kind::deep_json:
        ordinary.body = std::string(static_cast<std::size_t>(fault.depth), '[');
        break;
    // Announced whole, so that only a parser notices: the last tenth is missing.
    case Kind::malformed: ordinary.body.resize(ordinary.body.size() * 9 / 10); break;
    }
    return ordinary;
}

}  // namespace nudged::loopback
