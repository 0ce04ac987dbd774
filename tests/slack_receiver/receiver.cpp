// SPDX-License-Identifier: Apache-2.0
#include "tests/slack_receiver/receiver.hpp"

#include "tests/crmsim/json.hpp"

namespace nudged::slack_receiver {
namespace {

loopback::Reply plain(int status, std::string body) {
    return {.status = status, .content_type = "text/html", .body = std::move(body)};
}

}  // namespace

loopback::Reply Receiver::answer(const loopback::Request& request) {
    const std::lock_guard lock(mutex_);
    if (request.path == "/_sim/reply") return add_reply(request);
    if (request.path == "/_sim/messages") return messages();
    if (!request.path.starts_with("/services/")) return plain(404, "no_service");
    if (request.method != "POST") return plain(400, "invalid_payload");
    return accept(request);
}

loopback::Reply Receiver::accept(const loopback::Request& request) {
    rapidjson::Document message;
    message.Parse(request.body.c_str());
    auto objection = message.HasParseError() ? Objection{"invalid_payload", "not JSON"}
                                             : find_objection(message);
    loopback::Reply ordinary = objection ? plain(400, objection->code) : plain(200, "ok");
    loopback::Reply reply = replies_.apply(request, std::move(ordinary));
    const int status = reply.ending == loopback::Ending::whole ? reply.status : 0;
    received_.push_back({clock_(), request.path, request.body, status, std::move(objection)});
    if (listener_) listener_(received_.back(), message);
    return reply;
}

loopback::Reply Receiver::add_reply(const loopback::Request& request) {
    rapidjson::Document order;
    order.Parse(request.body.c_str());
    if (order.HasParseError() || !order.IsObject())
        return plain(400, "the order is no JSON object");
    if (loopback::text_member(order, "kind") == "drop") order["kind"] = "reset";
    if (!replies_.add(order)) return plain(400, "unknown kind");
    return plain(200, "ok");
}

loopback::Reply Receiver::messages() const {
    loopback::JsonWriter json;
    json.StartObject();
    json.key("messages");
    json.StartArray();
    for (const Received& post : received_) {
        json.StartObject();
        json.member("at", format_instant(post.at));
        json.member("path", post.path);
        json.member("status", std::int64_t{post.status});
        if (post.objection) json.member("objection", post.objection->reason);
        json.member("body", post.body);
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return {.body = json.str()};
}

std::vector<Received> Receiver::received() const {
    const std::lock_guard lock(mutex_);
    return received_;
}

}  // namespace nudged::slack_receiver
