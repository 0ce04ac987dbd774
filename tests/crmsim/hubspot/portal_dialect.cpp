// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/hubspot/answers.hpp"
#include "tests/crmsim/hubspot/hubspot.hpp"
#include "tests/crmsim/hubspot/limits.hpp"
#include "tests/crmsim/hubspot/search.hpp"

namespace nudged::crmsim {
namespace {

/// One portal: whoever holds the token is answered, within the limits.
class PortalDialect : public Dialect {
public:
    explicit PortalDialect(const DialectContext& context)
        : options_(context.options),
          index_(context.dataset, context.options.search_lag),
          hubspot_(context.dataset, index_),
          limits_(context.options.quotas) {}

    loopback::Reply answer(const loopback::Request& request, Instant now) override {
        if (request.header("authorization") != "Bearer " + options_.token) throw invalid_token();
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

private:
    const SimulatorOptions& options_;
    SearchIndex index_;
    HubSpot hubspot_;
    RateLimits limits_;
};

}  // namespace

std::unique_ptr<Dialect> make_hubspot(const DialectContext& context) {
    return std::make_unique<PortalDialect>(context);
}

}  // namespace nudged::crmsim
