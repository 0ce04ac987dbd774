// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/hubspot/answers.hpp"
#include "tests/crmsim/hubspot/hubspot.hpp"
#include "tests/crmsim/hubspot/limits.hpp"
#include "tests/crmsim/hubspot/search.hpp"

namespace nudged::crmsim {
namespace {

/// One portal: whoever holds the token is answered, within the limits. A control request,
/// POST /_sim/dialect/token, gives the portal the token of its body: the one before it is refused.
class PortalDialect : public Dialect {
public:
    explicit PortalDialect(const DialectContext& context)
        : token_(context.options.token),
          index_(context.dataset, context.options.search_lag),
          hubspot_(context.dataset, index_),
          limits_(context.options.quotas) {}

    loopback::Reply answer(const loopback::Request& request, Instant now) override {
        if (request.header("authorization") != "Bearer " + token_) throw invalid_token();
        if (auto refusal = limits_.refuse(is_search(request), now)) return *refusal;
        return hubspot_.answer(request, now);
    }
    void add_headers(const loopback::Request& request, loopback::Reply& reply,
                     Instant /*now*/) override {
        if (!is_search(request)) limits_.add_headers(reply);
    }
    void before_change(ObjectType type, std::int64_t id, Instant now) override {
        index_.before_change(type, id, now);
    }
    void after_change(std::string_view action, ObjectType type, std::int64_t id,
                      Instant now) override {
        if (action == "create") index_.after_creation(type, id, now);
    }
    std::optional<loopback::Reply> control(const loopback::Request& request,
                                           Instant /*now*/) override {
        if (request.path != "/_sim/dialect/token") return std::nullopt;
        token_ = request.body;
        return loopback::Reply{.body = "{}"};
    }

private:
    std::string token_;
    SearchIndex index_;
    HubSpot hubspot_;
    RateLimits limits_;
};

}  // namespace

std::unique_ptr<Dialect> make_hubspot(const DialectContext& context) {
    return std::make_unique<PortalDialect>(context);
}

}  // namespace nudged::crmsim
