// SPDX-License-Identifier: Apache-2.0
// Copper: who may ask, and which path leads where. A control request below /_sim/dialect/:
//   POST activity_dates   {"of": "creation"}: activities took place when they were logged
#include "connectors/base/text.hpp"
#include "tests/crmsim/common/forms.hpp"
#include "tests/crmsim/common/rolling_limit.hpp"
#include "tests/crmsim/copper/account.hpp"

namespace nudged::crmsim {
namespace {

using namespace copper;

constexpr std::string_view base = "/developer_api/v1/";

class Copper : public Dialect {
public:
    explicit Copper(const DialectContext& context)
        : options_(context.options),
          account_{context.dataset, Zone::find(context.dataset.time_zone).value_or(Zone::utc())},
          limit_(context.options.quotas.per_ten_seconds, std::chrono::seconds{10}) {}

    Reply answer(const Request& request, Instant now) override {
        check_key(request);
        if (!limit_.take(now)) throw failure(429, "Too Many Requests");
        if (!request.path.starts_with(base)) throw failure(404, "Resource not found");
        const auto parts = split(std::string_view(request.path).substr(base.size()), '/');
        const bool is_post = request.method == "POST";
        if (is_post && parts.size() == 2 && parts[1] == "search")
            return search(account_, parts[0], request);
        if (is_post || request.method != "GET") throw failure(404, "Resource not found");
        if (parts.size() == 2) return single(account_, parts[0], parts[1]);
        JsonWriter json;
        if (parts[0] == "pipelines")
            write_pipelines(json);
        else if (parts[0] == "activity_types")
            write_activity_types(json);
        else
            throw failure(404, "Resource not found");
        return {.content_type = "application/json", .body = json.str()};
    }

    std::optional<Reply> control(const Request& request, Instant /*now*/) override {
        rapidjson::Document order;
        order.Parse(request.body.c_str());
        if (request.path != "/_sim/dialect/activity_dates" || !order.IsObject())
            return std::nullopt;
        account_.dates_are_creation = loopback::text_member(order, "of") == "creation";
        return Reply{.body = "{}"};
    }

private:
    /// A key with the address of whose it is, or an app's token, which has no end.
    void check_key(const Request& request) const {
        const bool is_developer = request.header("x-pw-application") == "developer_api";
        const bool has_key = request.header("x-pw-accesstoken") == options_.token &&
                             !request.header("x-pw-useremail").empty();
        if (!is_developer || (!has_key && bearer_token(request) != options_.token))
            throw failure(401, "Unauthorized");
    }

    const SimulatorOptions& options_;
    Account account_;
    RollingLimit limit_;
};

}  // namespace

std::unique_ptr<Dialect> make_copper(const DialectContext& context) {
    return std::make_unique<Copper>(context);
}

}  // namespace nudged::crmsim
