// SPDX-License-Identifier: Apache-2.0
// Control requests below /_sim/dialect/, all of them POST:
//   settings           what the org allows and shows (control.hpp)
//   end_sessions       access tokens are refused from now on, as after a revocation
//   end_refresh_token  there is none any more that would be taken
//   expire_cursors     pages that are still to come: INVALID_QUERY_LOCATOR
//   empty_recycle_bin  queryAll forgets what is deleted so far
//   use_calls          {"calls": 100}: what other integrations take of the day's calls
//   trust              {"public_key": PEM} of the client that signs assertions
#include "connectors/base/text.hpp"
#include "tests/crmsim/json.hpp"
#include "tests/crmsim/salesforce/bulk.hpp"
#include "tests/crmsim/salesforce/control.hpp"
#include "tests/crmsim/salesforce/cursors.hpp"
#include "tests/crmsim/salesforce/describe.hpp"
#include "tests/crmsim/salesforce/errors.hpp"
#include "tests/crmsim/salesforce/ids.hpp"
#include "tests/crmsim/salesforce/sessions.hpp"
#include "tests/crmsim/salesforce/usage.hpp"

#include <fmt/format.h>

#include <charconv>

namespace nudged::crmsim {
namespace salesforce {
namespace {

constexpr std::string_view data_path = "/services/data/";
constexpr int oldest_version = 31;
constexpr int newest_version = 67;
constexpr std::size_t max_uri = 16'384;  // with the headers, which are short

/// 66 of "v66.0"; 0 for anything else.
int version_number(std::string_view text) {
    int number = 0;
    if (text.size() < 4 || text.front() != 'v' || !text.ends_with(".0")) return 0;
    text = text.substr(1, text.size() - 3);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

class SalesforceDialect : public Dialect {
public:
    explicit SalesforceDialect(const DialectContext& context)
        : data_(context.dataset), sessions_(context.options), usage_(context.options.quotas) {}

    loopback::Reply answer(const loopback::Request& request, Instant now) override {
        if (request.path == "/services/oauth2/token" && request.method == "POST")
            return sessions_.grant(request, settings_, now);
        if (!request.path.starts_with(data_path)) {
            if (request.path == "/services/data") return versions();
            throw not_there();
        }
        const std::string_view rest = std::string_view(request.path).substr(data_path.size());
        if (rest.empty()) return versions();
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        const std::string_view version = rest.substr(0, slash);
        sessions_.check(request, settings_, now);
        check_version(version, rest.substr(slash));
        usage_.count(now);
        if (request.parameter("q").size() > max_uri) throw Refusal{{.status = 414}};
        return serve(org(now), request, version, rest.substr(slash));
    }

    void add_headers(const loopback::Request& request, loopback::Reply& reply,
                     Instant now) override {
        if (request.path.size() > data_path.size() && request.path.starts_with(data_path) &&
            reply.status != 401)
            usage_.add_header(reply, now);
    }

    std::optional<loopback::Reply> control(const loopback::Request& request, Instant now) override;

private:
    Org org(Instant now) const {
        return {data_, settings_, Zone::find(data_.time_zone).value_or(Zone::utc()), now};
    }
    static loopback::Reply versions();
    static void check_version(std::string_view version, std::string_view rest);
    loopback::Reply serve(const Org& org, const loopback::Request& request,
                          std::string_view version, std::string_view rest);
    static loopback::Reply serve_object(const Org& org, const loopback::Request& request,
                                        std::string_view version, std::string_view rest);

    Dataset& data_;
    Settings settings_;
    Sessions sessions_;
    Usage usage_;
    Cursors cursors_;
    BulkJobs jobs_;
};

loopback::Reply SalesforceDialect::versions() {
    loopback::JsonWriter json;
    json.StartArray();
    for (int number = oldest_version; number <= newest_version; ++number) {
        json.StartObject();
        json.member("label", fmt::format("Release {}", number));
        json.member("url", fmt::format("/services/data/v{}.0", number));
        json.member("version", fmt::format("{}.0", number));
        json.EndObject();
    }
    json.EndArray();
    return {.content_type = "application/json;charset=UTF-8", .body = json.str()};
}

void SalesforceDialect::check_version(std::string_view version, std::string_view rest) {
    const int number = version_number(version);
    if (number >= oldest_version && number <= newest_version) return;
    if (number == 0 || number > newest_version) throw not_there();
    if (rest.starts_with("/jobs/")) throw refusal(400, "InvalidVersion", "Invalid Api version");
    throw refusal(410, "GONE", "The requested API version has been retired");
}

loopback::Reply SalesforceDialect::serve(const Org& org, const loopback::Request& request,
                                         std::string_view version, std::string_view rest) {
    constexpr std::string_view jobs = "/jobs/query";
    constexpr std::string_view cursor = "/query/";
    constexpr std::string_view sobjects = "/sobjects/";
    if (rest.starts_with(jobs)) return jobs_.answer(org, request, rest.substr(jobs.size()));
    if (request.method != "GET")
        throw refusal(
            405, "METHOD_NOT_ALLOWED",
            fmt::format("HTTP Method '{}' not allowed. Allowed are HEAD,GET", request.method));
    const bool asked = !request.parameter("q").empty();
    while (rest.size() > 1 && rest.ends_with('/')) rest.remove_suffix(1);
    if (rest == "/query" && asked) return cursors_.begin(org, request, version, false);
    if (rest == "/queryAll" && asked) return cursors_.begin(org, request, version, true);
    if (rest.starts_with(cursor))
        return cursors_.resume(org, request, version, rest.substr(cursor.size()));
    if (rest == "/limits") return usage_.limits(org.now);
    if (rest == "/sobjects") return describe_all(org, version);
    if (rest.starts_with(sobjects))
        return serve_object(org, request, version, rest.substr(sobjects.size()));
    throw not_there();
}

loopback::Reply SalesforceDialect::serve_object(const Org& org, const loopback::Request& request,
                                                std::string_view version, std::string_view rest) {
    const auto parts = split(rest, '/');
    const Object* object = find_object(org, parts[0]);
    if (object == nullptr || parts.size() != 2) throw not_there();
    if (parts[1] == "describe") return describe_object(org, *object, version);
    if (parts[1] == "deleted") return deleted_rows(org, *object, request);
    if (parts[1] == "updated") return updated_rows(org, *object, request);
    // One row by its id.
    std::string names(request.parameter("fields"));
    for (const Field& field : object->fields)
        if (request.parameter("fields").empty() && find_field(org, *object, field.name) != nullptr)
            names += (names.empty() ? "" : ",") + std::string(field.name);
    if (!full_id(parts[1])) throw not_there();
    const Plan plan = make_plan(
        org, fmt::format("SELECT {} FROM {} WHERE Id = '{}'", names, object->name, parts[1]),
        false);
    const auto rows = run(org, plan);
    if (rows.empty()) throw not_there();
    loopback::JsonWriter json;
    write_row(json, org, plan, rows.front(), version);
    return {.content_type = "application/json;charset=UTF-8", .body = json.str()};
}

std::optional<loopback::Reply> SalesforceDialect::control(const loopback::Request& request,
                                                          Instant now) {
    constexpr std::string_view prefix = "/_sim/dialect/";
    const std::string_view what = std::string_view(request.path).substr(prefix.size());
    rapidjson::Document order;
    order.Parse(request.body.empty() ? "{}" : request.body.c_str());
    if (order.HasParseError() || !order.IsObject() || request.method != "POST") return std::nullopt;
    if (what == "settings") {
        change_settings(settings_, order);
    } else if (what == "end_sessions") {
        sessions_.end_sessions();
    } else if (what == "end_refresh_token") {
        sessions_.end_refresh_token();
    } else if (what == "expire_cursors") {
        cursors_.expire();
    } else if (what == "empty_recycle_bin") {
        settings_.bin_emptied = now;
    } else if (what == "use_calls" && order.HasMember("calls") && order["calls"].IsInt64()) {
        usage_.add(order["calls"].GetInt64(), now);
    } else if (what == "trust") {
        sessions_.trust(loopback::text_member(order, "public_key"));
    } else {
        return std::nullopt;
    }
    return loopback::Reply{.body = "{}"};
}

}  // namespace
}  // namespace salesforce

std::unique_ptr<Dialect> make_salesforce(const DialectContext& context) {
    return std::make_unique<salesforce::SalesforceDialect>(context);
}

}  // namespace nudged::crmsim
