// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/faults.hpp"

#include "tests/crmsim/answers.hpp"
#include "tests/crmsim/json.hpp"

#include <algorithm>

namespace nudged::crmsim {
namespace {

int int_member(const rapidjson::Value& object, const char* name, int fallback) {
    const auto found = object.FindMember(name);
    return found != object.MemberEnd() && found->value.IsInt() ? found->value.GetInt() : fallback;
}

loopback::Reply ordered_reply(const rapidjson::Value& order) {
    loopback::Reply reply;
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
        reply.content_type = "text/html";
        reply.body = body->value.GetString();
    } else {
        JsonWriter json;
        body->value.Accept(json);
        reply.body = json.str();
    }
    return reply;
}

}  // namespace

Faults::Kind Faults::parse_kind(std::string_view name) {
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
    throw invalid_request("unknown kind of fault");
}

void Faults::add(const rapidjson::Value& order) {
    faults_.push_back({.match = text_member(order, "match"),
                       .skip = int_member(order, "skip", 0),
                       .times = int_member(order, "times", 1),
                       .kind = parse_kind(text_member(order, "kind")),
                       .reply = ordered_reply(order),
                       .depth = int_member(order, "depth", 2'000'000)});
}

loopback::Reply Faults::apply(const loopback::Request& request, loopback::Reply ordinary) {
    const std::string line = request.method + " " + request.path;
    for (Fault& fault : faults_) {
        if (fault.times <= 0 || line.find(fault.match) == std::string::npos) continue;
        if (fault.skip > 0) {
            --fault.skip;
            continue;
        }
        --fault.times;
        loopback::Reply reply = distort(fault, std::move(ordinary));
        std::erase_if(faults_, [](const Fault& used) { return used.times <= 0; });
        return reply;
    }
    return ordinary;
}

loopback::Reply Faults::distort(const Fault& fault, loopback::Reply ordinary) {
    switch (fault.kind) {
    case Kind::status: return fault.reply;
    case Kind::reset: ordinary.ending = loopback::Ending::reset; break;
    case Kind::reset_in_body: ordinary.ending = loopback::Ending::reset_in_body; break;
    case Kind::cut: ordinary.ending = loopback::Ending::cut; break;
    case Kind::hang: ordinary.ending = loopback::Ending::silence; break;
    case Kind::deep_json:
        ordinary.body = std::string(static_cast<std::size_t>(fault.depth), '[');
        break;
    // Announced whole, so that only a parser notices: the last tenth is missing.
    case Kind::malformed: ordinary.body.resize(ordinary.body.size() * 9 / 10); break;
    }
    return ordinary;
}

}  // namespace nudged::crmsim
