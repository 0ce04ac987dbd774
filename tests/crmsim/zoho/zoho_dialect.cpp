// SPDX-License-Identifier: Apache-2.0
// One organisation of Zoho CRM. Beside its API, tests may ask of it (POST /_sim/dialect/…):
//   expire-access-tokens, revoke-refresh-token, expire-page-tokens
//   hide    {"field": "Calls.Call_Result"}: as if the profile had lost sight of it
//   forbid  {"module": "Calls"}; {} permits everything again
//   blind   {"on": true}: half of the records are out of sight
#include "connectors/base/text.hpp"
#include "tests/crmsim/common/forms.hpp"
#include "tests/crmsim/common/granted_tokens.hpp"
#include "tests/crmsim/zoho/answers.hpp"
#include "tests/crmsim/zoho/modules.hpp"
#include "tests/crmsim/zoho/records.hpp"
#include "tests/crmsim/zoho/settings.hpp"

#include <fmt/format.h>

#include <deque>

namespace nudged::crmsim {
namespace {

using namespace zoho;
using namespace std::chrono_literals;

constexpr std::string_view base = "/crm/v8/";

/// A parameter of the body, be it a form or, as the vendor's own SDK sends it, in parts (RFC 7578);
/// or of the query.
std::string form_parameter(const loopback::Request& request, const std::string& name) {
    if (request.header("content-type").starts_with("multipart/form-data")) {
        const std::size_t part = request.body.find("name=\"" + name + "\"");
        const std::size_t head = request.body.find("\r\n\r\n", part);
        if (part == std::string::npos || head == std::string::npos) return {};
        return request.body.substr(head + 4, request.body.find("\r\n", head + 4) - head - 4);
    }
    const auto form = parse_form(request.body);
    const auto found = form.find(name);
    return found != form.end() ? found->second : std::string(request.parameter(name));
}

loopback::Reply token_error(std::string_view error) {
    return {.body = fmt::format(R"({{"error":"{}"}})", error)};
}

class ZohoDialect : public Dialect {
public:
    explicit ZohoDialect(const DialectContext& context)
        : data_(context.dataset),
          quotas_(context.options.quotas),
          zone_(Zone::find(context.dataset.time_zone).value_or(Zone::utc())),
          // Refresh tokens do not rotate here.
          tokens_("1000.", context.options.token, context.options.token_life, false) {}

    loopback::Reply answer(const loopback::Request& request, Instant now) override {
        if (request.path == "/oauth/v2/token") return give_token(request, now);
        authorize(request, now);
        count(request, now);
        return route(request, now);
    }

    void add_headers(const loopback::Request& request, loopback::Reply& reply,
                     Instant /*now*/) override {
        if (!request.path.starts_with(base) || quotas_.per_day == 0) return;
        const int left = quotas_.per_day - credits_;
        if (left * 2 <= quotas_.per_day)
            reply.headers.emplace_back("X-API-CREDITS-REMAINING", std::to_string(left));
    }

    void before_change(ObjectType type, std::int64_t id, Instant /*now*/) override {
        last_name_ = tables::name_of(type, *data_.find(type, id));
    }

    void after_change(std::string_view action, ObjectType type, std::int64_t id,
                      Instant now) override {
        finder_.forget();
        if (action == "forget") forgotten_.push_back({type, id, last_name_, now});
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
        } else if (name == "expire-page-tokens") {
            page_tokens_from_ = now + 1ms;
        } else if (name == "hide") {
            hidden_.insert(loopback::text_member(order, "field"));
        } else if (name == "forbid") {
            forbidden_ = loopback::text_member(order, "module");
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
        if (request.method != "POST" || form_parameter(request, "grant_type") != "refresh_token")
            return token_error("unsupported_grant_type");
        if (form_parameter(request, "client_id").empty() ||
            form_parameter(request, "client_secret").empty())
            return token_error("invalid_client");
        if (!tokens_.takes_refresh_token(form_parameter(request, "refresh_token")))
            return token_error("invalid_code");
        while (!tokens_given_.empty() && tokens_given_.front() + 10min <= now)
            tokens_given_.pop_front();
        if (tokens_given_.size() >= 10)
            return {.status = 400,
                    .body =
                        R"({"error_description":"You have made too many requests continuously. )"
                        R"(Please try again after some time.","error":"Access Denied",)"
                        R"("status":"failure"})"};
        tokens_given_.push_back(now);
        JsonWriter json;
        json.StartObject();
        json.member("access_token", tokens_.issue(now));
        json.member("scope", "ZohoCRM.modules.READ ZohoCRM.settings.READ ZohoCRM.users.READ "
                             "ZohoCRM.coql.READ ZohoCRM.org.READ");
        json.member("api_domain", fmt::format("http://{}", request.header("host")));
        json.member("token_type", "Bearer");
        json.member("expires_in", std::int64_t{tokens_.life().count()});
        json.EndObject();
        return reply_with(json);
    }

    void authorize(const loopback::Request& request, Instant now) const {
        constexpr std::string_view scheme = "Zoho-oauthtoken ";
        const std::string_view header = request.header("authorization");
        if (!header.starts_with(scheme))
            throw refuse(401, "AUTHENTICATION_FAILURE", "Authentication failed");
        if (!tokens_.is_valid(std::string(header.substr(scheme.size())), now))
            throw refuse(401, "INVALID_TOKEN", "invalid oauth token");
    }

    /// Credits count for a day, and a short window stands for the number of calls at once.
    void count(const loopback::Request& request, Instant now) {
        while (!calls_.empty() && calls_.front().first + 24h <= now) {
            credits_ -= calls_.front().second;
            calls_.pop_front();
        }
        int recent = 0;
        for (auto call = calls_.rbegin(); call != calls_.rend() && call->first + 10s > now; ++call)
            ++recent;
        const int cost = request.path == "/crm/v8/coql" ? coql_credits(request) : 1;
        const bool spent = quotas_.per_day > 0 && credits_ + cost > quotas_.per_day;
        if (spent || (quotas_.per_ten_seconds > 0 && recent >= quotas_.per_ten_seconds))
            throw refuse(429, "TOO_MANY_REQUESTS", "too many requests");
        credits_ += cost;
        calls_.emplace_back(now, cost);
    }

    loopback::Reply route(const loopback::Request& request, Instant now) {
        if (!request.path.starts_with(base)) throw wrong_path();
        const auto parts = split(std::string_view(request.path).substr(base.size()), '/');
        const RecordsContext context{
            {data_, zone_, blind_, {}}, finder_, hidden_, page_tokens_from_, now};
        if (request.method == "POST" && parts.size() == 1 && parts[0] == "coql")
            return run_coql(request, context);
        if (request.method != "GET")
            throw refuse(405, "INVALID_REQUEST_METHOD",
                         "The http request method type is not valid");
        if (parts[0] == "settings" && parts.size() == 2) {
            if (parts[1] == "fields") return fields(request, hidden_);
            if (parts[1] == "layouts") return layouts(request);
            if (parts[1] == "pipeline") return pipelines(request);
            throw wrong_path();
        }
        if (parts.size() == 1 && parts[0] == "users") return users(request, context.facts);
        if (parts.size() == 1 && parts[0] == "org") return organisation(context.facts);
        const tables::Table* module = find_module(parts[0]);
        if (module == nullptr)
            throw refuse(400, "INVALID_MODULE", "the module name given seems to be invalid",
                         R"({"resource_path_index":0})");
        if (module->name == forbidden_)
            throw refuse(403, "NO_PERMISSION", "permission denied",
                         fmt::format(R"({{"permissions":["Crm_Implied_View_{}"]}})", forbidden_));
        if (parts.size() == 1) return list_records(*module, request, context);
        if (parts.size() != 2) throw wrong_path();
        if (parts[1] == "deleted" && type_of(*module))
            return list_deleted(*module, request, forgotten_, context);
        return get_record(*module, parts[1], context);
    }

    static Refusal wrong_path() {
        return refuse(404, "INVALID_URL_PATTERN",
                      "Please check if the URL trying to access is a correct one");
    }

    Dataset& data_;
    Quotas quotas_;
    Zone zone_;
    GrantedTokens tokens_;
    tables::Finder finder_;
    std::deque<Instant> tokens_given_;
    std::deque<std::pair<Instant, int>> calls_;
    int credits_ = 0;
    HiddenFields hidden_;
    std::string forbidden_;
    bool blind_ = false;
    Instant page_tokens_from_{};
    std::vector<DeletedRecord> forgotten_;
    std::string last_name_;
};

}  // namespace

std::unique_ptr<Dialect> make_zoho(const DialectContext& context) {
    return std::make_unique<ZohoDialect>(context);
}

}  // namespace nudged::crmsim
