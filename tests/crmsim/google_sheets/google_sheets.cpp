// SPDX-License-Identifier: Apache-2.0
// One spreadsheet, "demo", and the token end point of service accounts. Control requests below
// /_sim/dialect/, all of them POST:
//   trust        {"client_email": …, "public_key": PEM} of the one service account that there is;
//                "any_time": true takes its assertions whatever its clock says
//   sheet        {"name": …, "rows": [[…], …]}: a sheet that the team keeps beside
//   share        {"shared": false}: the spreadsheet is not shared with it any more
//   end_tokens   access tokens are refused from now on
#include "connectors/base/text.hpp"
#include "tests/crmsim/common/forms.hpp"
#include "tests/crmsim/common/granted_tokens.hpp"
#include "tests/crmsim/common/jwt.hpp"
#include "tests/crmsim/common/rolling_limit.hpp"
#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/google_sheets/spreadsheet.hpp"

#include <fmt/format.h>

#include <cctype>

namespace nudged::crmsim {
namespace {

using namespace google_sheets;
using namespace std::chrono_literals;
using loopback::JsonWriter;
using loopback::Reply;
using loopback::Request;

constexpr std::string_view spreadsheet = "demo";
constexpr std::string_view scope = "https://www.googleapis.com/auth/spreadsheets";
constexpr auto max_assertion_life = 60min;
constexpr auto clock_tolerance = 5min;

Refusal refuse(int status, std::string_view word, std::string_view message) {
    JsonWriter json;
    json.StartObject();
    json.key("error");
    json.StartObject();
    json.member("code", std::int64_t{status});
    json.member("message", message);
    json.member("status", word);
    json.EndObject();
    json.EndObject();
    return {{.status = status, .body = json.str()}};
}

Refusal no_grant(std::string_view error, std::string_view description) {
    JsonWriter json;
    json.StartObject();
    json.member("error", error);
    json.member("error_description", description);
    json.EndObject();
    return {{.status = 400, .body = json.str()}};
}

/// 8 of "A:H"; as wide as it is, where no columns are named.
std::size_t width_of(std::string_view columns, std::size_t whole) {
    const auto colon = columns.find(':');
    if (colon == columns.npos) return whole;
    std::size_t width = 0;
    for (const char c : columns.substr(colon + 1))
        if (std::isupper(static_cast<unsigned char>(c)))
            width = width * 26 + static_cast<std::size_t>(c - 'A' + 1);
    return std::min(width, whole);
}

class GoogleSheets : public Dialect {
public:
    explicit GoogleSheets(const DialectContext& context)
        : data_(context.dataset),
          zone_(Zone::find(context.dataset.time_zone).value_or(Zone::utc())),
          limit_(context.options.quotas.per_ten_seconds, 10s),
          tokens_("ya29.", "", context.options.token_life, false) {}

    Reply answer(const Request& request, Instant now) override {
        if (request.path == "/token" && request.method == "POST") return grant(request, now);
        if (!tokens_.is_valid(std::string(bearer_token(request)), now))
            throw refuse(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
        if (!limit_.take(now))
            throw refuse(429, "RESOURCE_EXHAUSTED",
                         "Quota exceeded for quota metric "
                         "'Read requests'");
        const auto parts = split(request.path, '/');
        const bool is_values = request.method == "GET" && parts.size() == 6 && parts[1] == "v4" &&
                               parts[2] == "spreadsheets" && parts[4] == "values";
        if (!is_values || parts[3] != spreadsheet)
            throw refuse(404, "NOT_FOUND", "Requested entity was not found.");
        if (!is_shared_)
            throw refuse(403, "PERMISSION_DENIED", "The caller does not have permission");
        return values(decode_percent(parts[5], false), request);
    }

    std::optional<Reply> control(const Request& request, Instant /*now*/) override {
        rapidjson::Document order;
        order.Parse(request.body.empty() ? "{}" : request.body.c_str());
        if (!order.IsObject()) return std::nullopt;
        const std::string_view name = std::string_view(request.path).substr(14);
        if (name == "trust") {
            client_email_ = loopback::text_member(order, "client_email");
            public_key_ = loopback::text_member(order, "public_key");
            any_time_ = order.HasMember("any_time") && order["any_time"].IsTrue();
        } else if (name == "share" && order.HasMember("shared") && order["shared"].IsBool()) {
            is_shared_ = order["shared"].GetBool();
        } else if (name == "sheet" && loopback::array_member(order, "rows") != nullptr) {
            JsonWriter rows;
            order["rows"].Accept(rows);
            own_sheets_[loopback::text_member(order, "name")] = rows.str();
        } else if (name == "end_tokens") {
            tokens_.expire_all();
        } else {
            return std::nullopt;
        }
        return Reply{.body = "{}"};
    }

private:
    Reply grant(const Request& request, Instant now) {
        auto form = parse_form(request.body);
        if (form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer")
            throw no_grant("unsupported_grant_type", "Invalid grant_type");
        const auto claims = verify_jwt(form["assertion"], public_key_);
        if (!claims) throw no_grant("invalid_grant", "Invalid JWT Signature.");
        if (claims->issuer != client_email_)
            throw no_grant("invalid_grant", "Invalid grant: account not found");
        const std::string own = fmt::format("http://{}/token", request.header("host"));
        if (claims->audience != "https://oauth2.googleapis.com/token" && claims->audience != own)
            throw no_grant("invalid_grant", "Invalid JWT: Failed audience check.");
        const bool is_short =
            claims->issued && claims->expires <= *claims->issued + max_assertion_life;
        const bool is_now = any_time_ || (is_short && *claims->issued <= now + clock_tolerance &&
                                          claims->expires > now - clock_tolerance);
        if (!is_short || !is_now)
            throw no_grant("invalid_grant",
                           "Invalid JWT: Token must be a short-lived token (60 minutes) and in a "
                           "reasonable timeframe. Check your iat and exp values in the JWT claim.");
        if (!claims->scope.starts_with(scope))
            throw no_grant("invalid_scope", "Invalid OAuth scope or ID token audience provided.");
        JsonWriter json;
        json.StartObject();
        json.member("access_token", tokens_.issue(now));
        json.member("expires_in", std::int64_t{tokens_.life().count()} - 1);
        json.member("token_type", "Bearer");
        json.EndObject();
        return {.body = json.str()};
    }

    Reply values(const std::string& range, const Request& request) const {
        const auto mark = range.find('!');
        std::string name = range.substr(0, mark);
        if (name.size() > 2 && name.front() == '\'' && name.back() == '\'')
            name = name.substr(1, name.size() - 2);
        if (const auto own = own_sheets_.find(name); own != own_sheets_.end())
            return {.body = fmt::format(R"({{"majorDimension":"ROWS","values":{}}})", own->second)};
        const auto sheet = make_sheet(data_, zone_, name);
        if (!sheet) throw refuse(400, "INVALID_ARGUMENT", "Unable to parse range: " + range);
        const auto columns = mark == range.npos ? std::string{} : range.substr(mark + 1);
        const Rendering rendering{
            .as_shown = request.parameter("valueRenderOption") != "UNFORMATTED_VALUE",
            .serial_numbers = request.parameter("dateTimeRenderOption") != "FORMATTED_STRING"};
        return {.body = values_json(*sheet, range, width_of(columns, sheet->columns.size()),
                                    rendering)};
    }

    Dataset& data_;
    Zone zone_;
    RollingLimit limit_;
    GrantedTokens tokens_;
    std::map<std::string, std::string> own_sheets_;  // their rows, as JSON
    std::string client_email_;
    std::string public_key_;
    bool any_time_ = false;
    bool is_shared_ = true;
};

}  // namespace

std::unique_ptr<Dialect> make_google_sheets(const DialectContext& context) {
    return std::make_unique<GoogleSheets>(context);
}

}  // namespace nudged::crmsim
