// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/dynamics365/answers.hpp"

#include <fmt/format.h>

#include <cctype>

namespace nudged::crmsim::dynamics365 {
namespace {

constexpr const char* json_type = "application/json; odata.metadata=minimal";

}  // namespace

Refusal refuse(int status, std::string_view code, std::string_view message) {
    JsonWriter json;
    json.StartObject();
    json.key("error");
    json.StartObject();
    json.member("code", code);
    json.member("message", message);
    json.EndObject();
    json.EndObject();
    return {{.status = status,
             .content_type = json_type,
             .headers = {{"OData-Version", "4.0"}},
             .body = json.str()}};
}

Refusal unauthorized(std::string_view host) {
    return {{.status = 401,
             .content_type = "",
             .headers = {{"WWW-Authenticate",
                          fmt::format("Bearer error=\"invalid_token\", error_description=\"Error "
                                      "during token validation!\", authorization_uri=http://{0}/"
                                      "common/oauth2/authorize, resource_id=http://{0}/",
                                      host)}}}};
}

loopback::Reply login_error(int status, std::string_view error, int number,
                            std::string_view description, Instant now) {
    constexpr const char* no_trace = "00000000-0000-0000-0000-000000000000";
    std::string time = format_instant(std::chrono::floor<std::chrono::seconds>(now));
    time[10] = ' ';
    JsonWriter json;
    json.StartObject();
    json.member("error", error);
    json.member("error_description", fmt::format("AADSTS{}: {}", number, description));
    json.key("error_codes");
    json.StartArray();
    json.Int(number);
    json.EndArray();
    json.member("timestamp", time);
    json.member("trace_id", no_trace);
    json.member("correlation_id", no_trace);
    json.EndObject();
    return {.status = status, .body = json.str()};
}

loopback::Reply reply_with(const JsonWriter& json) {
    return {.content_type = json_type, .headers = {{"OData-Version", "4.0"}}, .body = json.str()};
}

std::string encode(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' ||
            c == '~')
            out += c;
        else
            out += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace nudged::crmsim::dynamics365
