// SPDX-License-Identifier: Apache-2.0
#include "tests/slack_receiver/workspace.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace nudged::slack_receiver {
namespace {

using tests::Reply;
using tests::Request;

/// As a string of JSON, with its quotes.
std::string quoted(const std::string& text) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    writer.String(text);
    return buffer.GetString();
}

Reply error(const std::string& word) {
    return Reply::json(fmt::format(R"({{"ok":false,"error":"{}"}})", word));
}

std::string envelope(const std::string& id, const char* type, const std::string& payload) {
    return fmt::format(
        R"({{"envelope_id":"{}","type":"{}","accepts_response_payload":true,"payload":{}}})", id,
        type, payload);
}

}  // namespace

Workspace::Workspace(bool says_hello)
    : http([this](const Request& request) { return answer(request); }) {
    if (says_hello) sockets.greet_with(hello());
}

void Workspace::add_member(const std::string& id, const std::string& mail,
                           const std::string& traits) {
    const std::lock_guard lock(mutex_);
    members_[id] = {mail, traits};
}

void Workspace::refuse_connections(const std::string& word) {
    refuse("apps.connections.open", word);
}

void Workspace::refuse(const std::string& method, const std::string& word) {
    const std::lock_guard lock(mutex_);
    refusals_[method] = word;
}

std::vector<std::string> Workspace::calls(const std::string& method) const {
    const std::lock_guard lock(mutex_);
    const auto found = calls_.find(method);
    return found == calls_.end() ? std::vector<std::string>{} : found->second;
}

bool Workspace::wait_for_calls(const std::string& method, std::size_t count) const {
    std::unique_lock lock(mutex_);
    return called_.wait_for(lock, tests::patience, [&] {
        const auto found = calls_.find(method);
        return found != calls_.end() && found->second.size() >= count;
    });
}

Reply Workspace::answer(const Request& request) {
    const std::lock_guard lock(mutex_);
    const bool is_response = request.path.starts_with("/response/");
    const auto method = is_response ? "response" : request.path.substr(5);  // behind "/api/"
    calls_[method].push_back(request.body);
    called_.notify_all();
    if (is_response) return Reply::text("ok");
    const bool is_open = method == "apps.connections.open";
    const std::string token = is_open ? app_token : bot_token;
    if (request.header("authorization") != "Bearer " + token) return error("invalid_auth");
    if (const auto& word = refusals_[method]; !word.empty()) return error(word);
    if (is_open)
        return Reply::json(
            fmt::format(R"({{"ok":true,"url":"{}"}})", sockets.url("/link/?ticket=t1ck3t-s3cr3t")));
    if (method == "auth.test")
        return Reply::json(R"({"ok":true,"team_id":"T0OWN","enterprise_id":"E0OWN"})");
    if (method.starts_with("users.")) return find_member(request);
    return Reply::json(R"({"ok":true,"channel":"D0123456789","ts":"1503435956.000247"})");
}

Reply Workspace::find_member(const Request& request) const {
    for (const auto& [id, member] : members_) {
        const bool is_it = request.query.contains("user")
                               ? request.query.at("user") == id
                               : request.query.at("email") == member.mail;
        if (is_it)
            return Reply::json(
                fmt::format(R"({{"ok":true,"user":{{"id":"{}",{},"profile":{{"email":"{}"}}}}}})",
                            id, member.traits, member.mail));
    }
    return error("user_not_found");
}

std::string Workspace::hello() {
    return R"({"type":"hello","num_connections":1,"connection_info":{"app_id":"A0123456789"}})";
}

std::string Workspace::disconnect(const std::string& reason) {
    return fmt::format(R"({{"type":"disconnect","reason":"{}"}})", reason);
}

std::string Workspace::click(const std::string& id, const std::string& member,
                             const std::string& value, bool from_menu) const {
    const auto chosen = from_menu
                            ? fmt::format(R"("selected_option":{{"value":{}}})", quoted(value))
                            : fmt::format(R"("value":{})", quoted(value));
    return envelope(id, "interactive",
                    fmt::format(R"({{"type":"block_actions","user":{{"id":"{}"}},)"
                                R"("trigger_id":"trigger.{}","response_url":"{}",)"
                                R"("actions":[{{"action_id":"nudged_1",{}}}]}})",
                                member, id, response_url(), chosen));
}

std::string Workspace::form(const std::string& id, const std::string& member,
                            const std::string& value, const std::string& text) const {
    return envelope(
        id, "interactive",
        fmt::format(R"({{"type":"view_submission","user":{{"id":"{}"}},"trigger_id":"trigger.{}",)"
                    R"("view":{{"callback_id":"nudged","private_metadata":{},)"
                    R"("state":{{"values":{{"text":{{"text":{{"type":"plain_text_input",)"
                    R"("value":{}}}}}}}}}}}}})",
                    member, id, quoted(value), quoted(text)));
}

std::string Workspace::command(const std::string& id, const std::string& member,
                               const std::string& text) const {
    return envelope(id, "slash_commands",
                    fmt::format(R"({{"command":"/nudged","text":{},"user_id":"{}",)"
                                R"("trigger_id":"trigger.{}","response_url":"{}"}})",
                                quoted(text), member, id, response_url()));
}

}  // namespace nudged::slack_receiver
