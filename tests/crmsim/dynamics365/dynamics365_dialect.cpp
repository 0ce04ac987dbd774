// SPDX-License-Identifier: Apache-2.0
// One environment of Dynamics 365 and its login host. Beside their API, tests may ask of them
// (POST /_sim/dialect/…):
//   expire-access-tokens, revoke-refresh-token, expire-client-secret, expire-delta-tokens
//   forbid  {"table": "phonecalls"}; {} permits everything again
//   blind   {"on": true}: half of the records are out of sight
#include "tests/crmsim/common/forms.hpp"
#include "tests/crmsim/common/granted_tokens.hpp"
#include "tests/crmsim/dynamics365/answers.hpp"
#include "tests/crmsim/dynamics365/definitions.hpp"
#include "tests/crmsim/dynamics365/entities.hpp"
#include "tests/crmsim/dynamics365/rows.hpp"

#include <fmt/format.h>

#include <deque>

namespace nudged::crmsim {
namespace {

using namespace dynamics365;
using namespace std::chrono_literals;

constexpr std::string_view base = "/api/data/v9.2/";

class DynamicsDialect : public Dialect {
public:
    explicit DynamicsDialect(const DialectContext& context)
        : data_(context.dataset),
          secret_(context.options.token),
          // The real limit is for five minutes; a quota of 200 in ten seconds is the real 6,000.
          per_window_(context.options.quotas.per_ten_seconds * 30),
          zone_(Zone::find(context.dataset.time_zone).value_or(Zone::utc())),
          tokens_("eyJ0eXAi.", context.options.token, context.options.token_life,
                  context.options.rotate_refresh_token) {}

    loopback::Reply answer(const loopback::Request& request, Instant now) override {
        if (request.path.ends_with("/oauth2/v2.0/token")) return give_token(request, now);
        if (!tokens_.is_valid(std::string(bearer_token(request)), now))
            throw unauthorized(request.header("host"));
        protect(now);
        return route(request, now);
    }

    void add_headers(const loopback::Request& request, loopback::Reply& reply,
                     Instant /*now*/) override {
        if (!request.path.starts_with(base) || reply.status >= 400 || per_window_ == 0) return;
        reply.headers.emplace_back("x-ms-ratelimit-burst-remaining-xrm-requests",
                                   std::to_string(per_window_ - static_cast<int>(calls_.size())));
        reply.headers.emplace_back("x-ms-ratelimit-time-remaining-xrm-requests", "1,200.00");
    }

    void after_change(std::string_view /*action*/, ObjectType type, std::int64_t id,
                      Instant /*now*/) override {
        log_.note(type, id);
        finder_.forget();
    }

    std::optional<loopback::Reply> control(const loopback::Request& request, Instant now) override {
        rapidjson::Document order;
        order.Parse(request.body.empty() ? "{}" : request.body.c_str());
        if (order.HasParseError()) return std::nullopt;
        const std::string_view name = std::string_view(request.path).substr(14);
        if (name == "expire-access-tokens") {
            tokens_.expire_all();
        } else if (name == "revoke-refresh-token") {
            tokens_.revoke_refresh_token();
        } else if (name == "expire-client-secret") {
            secret_expired_ = true;
        } else if (name == "expire-delta-tokens") {
            delta_tokens_from_ = now + 1s;
        } else if (name == "forbid") {
            forbidden_ = loopback::text_member(order, "table");
        } else if (name == "blind") {
            blind_ = order.IsObject() && order.HasMember("on") && order["on"].IsTrue();
        } else {
            return std::nullopt;
        }
        finder_.forget();
        return loopback::Reply{.body = "{}"};
    }

private:
    loopback::Reply give_token(const loopback::Request& request, Instant now) {
        const auto form = parse_form(request.body);
        const auto member = [&](const char* name) {
            const auto found = form.find(name);
            return found != form.end() ? found->second : std::string();
        };
        const std::string grant = member("grant_type");
        if (grant == "refresh_token") {
            if (!tokens_.takes_refresh_token(member("refresh_token")))
                return login_error(400, "invalid_grant", 700'082,
                                   "The refresh token has expired due to inactivity.", now);
            return token(now, tokens_.use_refresh_token());
        }
        if (grant != "client_credentials")
            return login_error(400, "unsupported_grant_type", 70'003,
                               "The app requested an unsupported grant type.", now);
        if (member("client_id").empty() || member("client_secret") != secret_)
            return login_error(401, "invalid_client", 7'000'215, "Invalid client secret provided.",
                               now);
        if (secret_expired_)
            return login_error(401, "invalid_client", 7'000'222,
                               "The provided client secret keys for app are expired.", now);
        if (!member("scope").ends_with("/.default"))
            return login_error(400, "invalid_scope", 1'002'012,
                               "The provided value for scope is not valid.", now);
        return token(now, {});
    }

    loopback::Reply token(Instant now, const std::string& refresh_token) {
        JsonWriter json;
        json.StartObject();
        json.member("token_type", "Bearer");
        json.member("expires_in", std::int64_t{tokens_.life().count()});
        json.member("ext_expires_in", std::int64_t{tokens_.life().count()});
        json.member("access_token", tokens_.issue(now));
        if (!refresh_token.empty()) json.member("refresh_token", refresh_token);
        json.EndObject();
        return {.body = json.str()};
    }

    /// Who goes on asking waits longer.
    void protect(Instant now) {
        if (per_window_ == 0) return;
        while (!calls_.empty() && calls_.front() + 300s <= now) calls_.pop_front();
        if (now < blocked_until_) {
            blocked_until_ += 5s;
        } else if (calls_.size() >= static_cast<std::size_t>(per_window_)) {
            blocked_until_ = calls_.front() + 300s;
        } else {
            calls_.push_back(now);
            return;
        }
        const auto wait = std::chrono::ceil<std::chrono::seconds>(blocked_until_ - now);
        Refusal refusal =
            refuse(429, too_many,
                   fmt::format("Number of requests exceeded the limit of {} over time "
                               "window of 300 seconds.",
                               per_window_));
        refusal.reply.headers.emplace_back("Retry-After", std::to_string(wait.count()));
        throw refusal;
    }

    loopback::Reply route(const loopback::Request& request, Instant now) {
        const auto unknown = [](std::string_view segment) {
            return refuse(404, bad_query,
                          fmt::format("Resource not found for the segment '{}'.", segment));
        };
        if (!request.path.starts_with(base)) throw unknown(request.path);
        if (request.method != "GET")
            throw refuse(405, bad_query, "The http method is not supported here.");
        std::string_view name = std::string_view(request.path).substr(base.size());
        if (name == "WhoAmI") return who_am_i(request);
        if (name.starts_with("EntityDefinitions")) return list_columns(name, base_url(request));
        const std::size_t bracket = name.find('(');
        std::string_view guid;
        if (bracket != std::string_view::npos && name.ends_with(')'))
            guid = name.substr(bracket + 1, name.size() - bracket - 2);
        const tables::Table* set = find_entity_set(name.substr(0, bracket));
        if (set == nullptr) throw unknown(name);
        if (set->name == forbidden_)
            throw refuse(
                403, no_privilege,
                fmt::format("Principal user (Id={}, type=8) is missing prvRead{} privilege "
                            "for entity '{}'.",
                            make_guid(IdKind::user, application_user).id, set->row_name,
                            set->row_name));
        const RowsContext context{
            {data_, zone_, blind_, [this](const tables::Row& row) { return log_.version_of(row); }},
            finder_,
            log_,
            delta_tokens_from_,
            now};
        if (bracket != std::string_view::npos) return get_row(*set, guid, request, context);
        if (!request.parameter("$deltatoken").empty()) return list_changes(*set, request, context);
        return list_rows(*set, request, context);
    }

    static loopback::Reply who_am_i(const loopback::Request& request) {
        JsonWriter json;
        json.StartObject();
        json.member("@odata.context",
                    base_url(request) + "$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse");
        json.member("BusinessUnitId", make_guid(IdKind::unit, 1).id);
        json.member("UserId", make_guid(IdKind::user, application_user).id);
        json.member("OrganizationId", make_guid(IdKind::organisation, 1).id);
        json.EndObject();
        return reply_with(json);
    }

    Dataset& data_;
    std::string secret_;
    int per_window_;
    Zone zone_;
    GrantedTokens tokens_;
    tables::Finder finder_;
    ChangeLog log_;
    std::deque<Instant> calls_;
    Instant blocked_until_{};
    Instant delta_tokens_from_{};
    bool secret_expired_ = false;
    std::string forbidden_;
    bool blind_ = false;
};

}  // namespace

std::unique_ptr<Dialect> make_dynamics365(const DialectContext& context) {
    return std::make_unique<DynamicsDialect>(context);
}

}  // namespace nudged::crmsim
