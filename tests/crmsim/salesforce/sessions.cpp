// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/sessions.hpp"

#include "tests/crmsim/common/jwt.hpp"
#include "tests/crmsim/json.hpp"
#include "tests/crmsim/salesforce/errors.hpp"
#include "tests/crmsim/salesforce/form.hpp"
#include "tests/crmsim/salesforce/ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nudged::crmsim::salesforce {
namespace {

constexpr std::chrono::minutes max_assertion_life{3};

Refusal grant_refusal(std::string_view error, std::string_view description) {
    loopback::JsonWriter json;
    json.StartObject();
    json.member("error", error);
    json.member("error_description", description);
    json.EndObject();
    return {{.status = 400, .body = json.str()}};
}

std::string value_in(const std::map<std::string, std::string>& form, const std::string& name) {
    const auto found = form.find(name);
    return found == form.end() ? "" : found->second;
}

std::string_view bearer(const loopback::Request& request) {
    std::string_view header = request.header("authorization");
    for (const std::string_view scheme : {"Bearer ", "OAuth "}) {
        if (!header.starts_with(scheme)) continue;
        header.remove_prefix(scheme.size());
        return header;
    }
    return {};
}

}  // namespace

loopback::Reply Sessions::grant(const loopback::Request& request, const Settings& settings,
                                Instant now) {
    const Form form = parse_form(request.body);
    const std::string kind = value_in(form, "grant_type");
    const std::string host(request.header("host"));
    if (kind == "refresh_token")
        check_refresh_token(form);
    else if (kind == "client_credentials")
        check_credentials(form);
    else if (kind == "urn:ietf:params:oauth:grant-type:jwt-bearer")
        check_assertion(form, host, now);
    else
        throw grant_refusal("unsupported_grant_type", "grant type not supported");

    const std::string org = id_text("00D", 1);
    const std::string token = fmt::format("{}!AQ{:06}", org.substr(0, 15), ++granted_);
    sessions_[token] = now + options_.token_life;
    loopback::JsonWriter json;
    json.StartObject();
    json.member("access_token", token);
    if (kind == "refresh_token" && options_.rotate_refresh_token) {
        refresh_token_ = fmt::format("{}.{}", options_.token, ++rotations_);
        json.member("refresh_token", refresh_token_);
    }
    json.member("signature", "U2lnbmF0dXJl");
    json.member("scope", kind == "refresh_token" ? "refresh_token api" : "api");
    json.member("instance_url",
                settings.instance_url.empty() ? "http://" + host : settings.instance_url);
    json.member("id", fmt::format("https://login.salesforce.com/id/{}/{}", org, id_text("005", 1)));
    json.member("token_type", "Bearer");
    json.member("issued_at", std::to_string(to_millis(now)));
    if (kind == "client_credentials") json.member("api_instance_url", "https://api.salesforce.com");
    json.EndObject();
    return {.body = json.str()};
}

void Sessions::check_refresh_token(const Form& form) const {
    if (value_in(form, "client_id").empty())
        throw grant_refusal("invalid_client_id", "client identifier invalid");
    const std::string token = value_in(form, "refresh_token");
    if (token.empty() || token != refresh_token_)
        throw grant_refusal("invalid_grant", "expired access/refresh token");
}

void Sessions::check_credentials(const Form& form) const {
    if (value_in(form, "client_id").empty())
        throw grant_refusal("invalid_client_id", "client identifier invalid");
    if (value_in(form, "client_secret") != options_.token)
        throw grant_refusal("invalid_client", "invalid client credentials");
}

void Sessions::check_assertion(const Form& form, std::string_view host, Instant now) {
    const auto claims = verify_jwt(value_in(form, "assertion"), public_key_);
    if (!claims) throw grant_refusal("invalid_grant", "invalid assertion");
    if (claims->issuer.empty() || claims->subject.empty())
        throw grant_refusal("invalid_grant", "invalid assertion");
    const std::array audiences{std::string("https://login.salesforce.com"),
                               std::string("https://test.salesforce.com"),
                               "https://" + std::string(host), "http://" + std::string(host)};
    if (std::ranges::find(audiences, claims->audience) == audiences.end())
        throw grant_refusal("invalid_grant", "audience is invalid");
    if (claims->expires <= now || claims->expires > now + max_assertion_life)
        throw grant_refusal("invalid_grant", "assertion is expired or valid for too long");
}

void Sessions::check(const loopback::Request& request, const Settings& settings, Instant now) {
    const auto session = sessions_.find(bearer(request));
    if (session == sessions_.end() || session->second <= now) throw no_session();
    if (settings.sliding) session->second = now + options_.token_life;
}

}  // namespace nudged::crmsim::salesforce
