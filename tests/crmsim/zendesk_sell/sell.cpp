// SPDX-License-Identifier: Apache-2.0
// Zendesk Sell: who may ask, and which path leads where. Control requests below /_sim/dialect/, all
// of them POST:
//   end_tokens   access tokens are refused from now on
//   root         {"root": false}: the token is not that of the account's root user, who alone may
//                read events
#include "connectors/base/text.hpp"
#include "tests/crmsim/common/forms.hpp"
#include "tests/crmsim/common/granted_tokens.hpp"
#include "tests/crmsim/common/rolling_limit.hpp"
#include "tests/crmsim/zendesk_sell/account.hpp"

namespace nudged::crmsim {
namespace {

using namespace zendesk_sell;

class ZendeskSell : public Dialect {
public:
    explicit ZendeskSell(const DialectContext& context)
        : options_(context.options),
          account_{context.dataset, Zone::find(context.dataset.time_zone).value_or(Zone::utc())},
          firehose_(context.dataset),
          limit_(context.options.quotas.per_ten_seconds, std::chrono::seconds{10}),
          tokens_("sell-", context.options.token, context.options.token_life,
                  context.options.rotate_refresh_token) {}

    Reply answer(const Request& request, Instant now) override {
        if (request.header("user-agent").empty())
            throw failure(400, "missing_user_agent", "", "who is asking?");
        if (request.path == "/oauth2/token") return grant(request, now);
        check_token(request, now);
        if (!limit_.take(now)) throw failure(429, "rate_limit_exceeded", "", "Rate limit exceeded");
        if (request.method != "GET") throw failure(405, "method_not_allowed", "", "nudged reads");
        const auto parts = split(request.path, '/');
        if (parts.size() == 3 && parts[1] == "v2") return list(account_, parts[2], request, now);
        if (parts.size() == 4 && parts[1] == "v3" && parts[3] == "stream") {
            if (!is_root_) throw failure(403, "access_denied", "", "is for the root user");
            return firehose_.stream(parts[2], request, now);
        }
        throw failure(404, "not_found", "", "there is no such resource");
    }

    void after_change(std::string_view action, ObjectType type, std::int64_t id,
                      Instant now) override {
        firehose_.note(action, type, id, now);
    }

    std::optional<Reply> control(const Request& request, Instant /*now*/) override {
        rapidjson::Document order;
        order.Parse(request.body.c_str());
        if (request.path == "/_sim/dialect/end_tokens") {
            tokens_.expire_all();
        } else if (request.path == "/_sim/dialect/root" && order.IsObject() &&
                   order.HasMember("root") && order["root"].IsBool()) {
            is_root_ = order["root"].GetBool();
        } else {
            return std::nullopt;
        }
        return Reply{.body = "{}"};
    }

private:
    Reply grant(const Request& request, Instant now) {
        const auto client = basic_credentials(request);
        auto form = parse_form(request.body);
        if (request.method != "POST" || !client || client->first.empty() || client->second.empty())
            return oauth_error(401, "invalid_client");
        if (form["grant_type"] != "refresh_token")
            return oauth_error(400, "unsupported_grant_type");
        if (!tokens_.takes_refresh_token(form["refresh_token"]))
            return oauth_error(400, "invalid_grant");
        JsonWriter json;
        json.StartObject();
        json.member("access_token", tokens_.issue(now));
        json.member("token_type", "bearer");
        json.member("expires_in", std::int64_t{tokens_.life().count()});
        json.member("refresh_token", tokens_.use_refresh_token());
        json.member("scope", "read");
        json.EndObject();
        return {.content_type = "application/json", .body = json.str()};
    }

    static Reply oauth_error(int status, std::string_view error) {
        JsonWriter json;
        json.StartObject();
        json.member("error", error);
        json.EndObject();
        return {.status = status, .content_type = "application/json", .body = json.str()};
    }

    void check_token(const Request& request, Instant now) const {
        const std::string token(bearer_token(request));
        // A personal access token has no end.
        if (token == options_.token || tokens_.is_valid(token, now)) return;
        throw failure(401, "unauthorized", "", "Unauthorized");
    }

    const SimulatorOptions& options_;
    Account account_;
    Firehose firehose_;
    RollingLimit limit_;
    GrantedTokens tokens_;
    bool is_root_ = true;
};

}  // namespace

std::unique_ptr<Dialect> make_zendesk_sell(const DialectContext& context) {
    return std::make_unique<ZendeskSell>(context);
}

}  // namespace nudged::crmsim
