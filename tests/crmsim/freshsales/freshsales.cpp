// SPDX-License-Identifier: Apache-2.0
// Freshsales: who may ask, and which path leads where; at /crm/sales/api and, as old accounts have
// it, at /api.
#include "connectors/base/text.hpp"
#include "tests/crmsim/common/rolling_limit.hpp"
#include "tests/crmsim/freshsales/account.hpp"

namespace nudged::crmsim {
namespace {

using namespace freshsales;

class Freshsales : public Dialect {
public:
    explicit Freshsales(const DialectContext& context)
        : options_(context.options),
          account_{context.dataset, Zone::find(context.dataset.time_zone).value_or(Zone::utc())},
          limit_(context.options.quotas.per_ten_seconds, std::chrono::seconds{10}) {}

    Reply answer(const Request& request, Instant now) override {
        if (request.header("authorization") != "Token token=" + options_.token)
            throw Refusal{{.status = 401,
                           .content_type = "application/json",
                           .body = R"({"login":"failed","message":"Unauthenticated user"})"}};
        if (!limit_.take(now)) throw failure(429, "Too many requests");
        std::string_view path = request.path;
        for (const std::string_view base : {"/crm/sales/api/", "/api/"}) {
            if (!path.starts_with(base) || request.method != "GET") continue;
            return answer_path(split(path.substr(base.size()), '/'), request, now);
        }
        throw failure(404, "Not found");
    }

private:
    Reply answer_path(const std::vector<std::string_view>& parts, const Request& request,
                      Instant now) const {
        if (parts.size() == 1 && parts[0] == "tasks")
            return agenda(account_, ObjectType::tasks, request, now);
        if (parts.size() == 1 && parts[0] == "appointments")
            return agenda(account_, ObjectType::meetings, request, now);
        if (parts.size() == 2 && parts[0] == "selector") return selector(account_, parts[1]);
        const ViewKind* kind = find_kind(parts[0]);
        if (kind != nullptr && parts.size() == 3 && parts[1] == "view")
            return view(account_, *kind, request);
        if (kind != nullptr && parts.size() == 2)
            return parts[1] == "filters" ? filters(*kind)
                                         : single(account_, *kind, parts[1], request);
        throw failure(404, "Not found");
    }

    const SimulatorOptions& options_;
    Account account_;
    RollingLimit limit_;
};

}  // namespace

std::unique_ptr<Dialect> make_freshsales(const DialectContext& context) {
    return std::make_unique<Freshsales>(context);
}

}  // namespace nudged::crmsim
