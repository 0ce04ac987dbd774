// SPDX-License-Identifier: Apache-2.0
// Pipedrive: who may ask, and which path leads where. Control requests below /_sim/dialect/:
//   POST archive_deal {"id": "991", "archived": true}   into the archive, or out of it
//   POST token_user   {"id": "64492911"}                whose token it is: call logs are that
//   user's POST end_tokens                                     access tokens are refused from now
//   on
#include "connectors/base/text.hpp"
#include "tests/crmsim/common/forms.hpp"
#include "tests/crmsim/common/granted_tokens.hpp"
#include "tests/crmsim/pipedrive/legacy.hpp"
#include "tests/crmsim/pipedrive/limits.hpp"
#include "tests/crmsim/pipedrive/lists.hpp"

#include <fmt/format.h>

namespace nudged::crmsim {
namespace {

using namespace pipedrive;

Zone company_zone(const Dataset& dataset) {
    return Zone::find(dataset.time_zone).value_or(Zone::utc());
}

/// What the token end point has to say is OAuth's (RFC 6749 §5.2), not the API's.
Refusal token_refusal(int status, std::string_view error, std::string_view message) {
    JsonWriter json;
    json.StartObject();
    json.member("success", false);
    json.member("message", message);
    json.member("error", error);
    json.EndObject();
    return {{.status = status, .content_type = "application/json", .body = json.str()}};
}

class Pipedrive : public Dialect {
public:
    explicit Pipedrive(const DialectContext& context)
        : options_(context.options),
          account_{context.dataset, company_zone(context.dataset)},
          lists_(account_),
          limits_(context.options.quotas),
          tokens_("v1u:", context.options.token, context.options.token_life,
                  context.options.rotate_refresh_token) {
        if (!context.dataset.owners.empty()) account_.token_user = context.dataset.owners[0].id;
    }

    Reply answer(const Request& request, Instant now) override {
        if (request.path == "/oauth/token") return grant(request, now);
        check_credentials(request, now);
        if (auto refusal = limits_.refuse(token_cost(request), now)) return *refusal;
        if (request.method != "GET") throw failure(404, "Unknown method .");
        if (request.path.starts_with("/api/v2/")) return answer_v2(request, now);
        for (const std::string_view base : {"/v1/", "/api/v1/"})
            if (request.path.starts_with(base)) return answer_v1(request, base.size(), now);
        throw failure(404, "Unknown method .");
    }
    void add_headers(const Request& request, Reply& reply, Instant now) override {
        if (request.path != "/oauth/token" && reply.status != 401) limits_.add_headers(reply, now);
    }
    std::optional<Reply> control(const Request& request, Instant now) override;

private:
    void check_credentials(const Request& request, Instant now) const {
        for (const std::string_view token :
             {request.header("x-api-token"), request.parameter("api_token")})
            if (!token.empty() && token == options_.token) return;
        if (!tokens_.is_valid(std::string(bearer_token(request)), now))
            throw failure(401, "unauthorized access");
    }
    Reply grant(const Request& request, Instant now);
    Reply answer_v2(const Request& request, Instant now);
    Reply answer_v1(const Request& request, std::size_t base, Instant now);

    const SimulatorOptions& options_;
    Account account_;
    Lists lists_;
    Limits limits_;
    GrantedTokens tokens_;
};

Reply Pipedrive::grant(const Request& request, Instant now) {
    const auto client = basic_credentials(request);
    if (!client || client->first.empty() || client->second.empty())
        throw token_refusal(401, "invalid_client", "Client authentication failed");
    auto form = parse_form(request.body);
    if (request.method != "POST" || form["grant_type"] != "refresh_token")
        throw token_refusal(400, "unsupported_grant_type", "Grant type is not supported");
    if (!tokens_.takes_refresh_token(form["refresh_token"]))
        throw token_refusal(400, "invalid_grant", "Refresh token is invalid");
    JsonWriter json;
    json.StartObject();
    json.member("access_token", tokens_.issue(now));
    json.member("token_type", "Bearer");
    json.member("expires_in", std::int64_t{tokens_.life().count()});
    json.member("refresh_token", tokens_.use_refresh_token());
    json.member("scope", "base deals:read activities:read contacts:read users:read recents:read "
                         "phone-integration");
    json.member("api_domain", fmt::format("http://{}", request.header("host")));
    json.EndObject();
    return ok(json);
}

Reply Pipedrive::answer_v2(const Request& request, Instant now) {
    const auto parts = split(std::string_view(request.path).substr(8), '/');
    const std::string_view name = parts[0];
    const bool single = parts.size() == 2;
    if (parts.size() > 2) throw failure(404, "Unknown method .");
    if (name == "stages") return single ? single_stage(parts[1]) : stages_answer(request);
    if (name == "pipelines") return single ? single_pipeline(parts[1]) : pipelines_answer(request);
    if (!single && name.ends_with("Fields")) return fields_answer(request, name == "dealFields");
    const ListKind* kind = find_list(name);
    if (kind == nullptr) throw failure(404, "Unknown method .");
    const bool archive = name == "deals" && single && parts[1] == "archived";
    if (single && !archive) return lists_.single(*kind, parts[1], request, now);
    return lists_.list(*kind, request, archive, now);
}

Reply Pipedrive::answer_v1(const Request& request, std::size_t base, Instant now) {
    const auto parts = split(std::string_view(request.path).substr(base), '/');
    const std::string_view name = parts[0];
    if (name == "deals" && parts.size() == 3 && parts[2] == "changelog")
        return changelog(account_, parts[1], request);
    // Gone since 2026-08-01, and v2 has them.
    if (find_list(name) != nullptr || name == "stages" || name == "pipelines")
        throw failure(410, "Endpoint is no longer available");
    if (parts.size() == 1) {
        if (name == "users") return users(account_, now);
        if (name == "activityTypes") return activity_types_answer();
        if (name == "currencies") return currencies(request);
        if (name == "callLogs") return call_logs(account_, request);
    } else if (parts.size() == 2) {
        if (name == "users") return single_user(account_, parts[1], now);
        if (name == "callLogs") return single_call_log(account_, parts[1]);
    }
    throw failure(404, "Unknown method .");
}

std::optional<Reply> Pipedrive::control(const Request& request, Instant now) {
    rapidjson::Document order;
    order.Parse(request.body.c_str());
    const auto id = to_integer(loopback::text_member(order, "id"));
    if (request.path == "/_sim/dialect/end_tokens") {
        tokens_.expire_all();
    } else if (request.path == "/_sim/dialect/token_user" && id) {
        account_.token_user = *id;
    } else if (request.path == "/_sim/dialect/archive_deal" && id) {
        const auto archived = order.FindMember("archived");
        const bool out = archived != order.MemberEnd() && archived->value.IsFalse();
        if (!account_.dataset.set(ObjectType::deals, *id, {}, now)) return std::nullopt;
        if (out)
            account_.archived_deals.erase(*id);
        else
            account_.archived_deals[*id] = now;
    } else {
        return std::nullopt;
    }
    return Reply{.body = "{}"};
}

}  // namespace

std::unique_ptr<Dialect> make_pipedrive(const DialectContext& context) {
    return std::make_unique<Pipedrive>(context);
}

}  // namespace nudged::crmsim
