// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "tests/crmsim/dataset.hpp"
#include "tests/crmsim/loopback.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nudged::crmsim {

/// Ends one request with an error answer; caught where requests are dispatched.
struct Refusal {
    loopback::Reply reply;
};

/// What one account allows; 0 switches a limit off. A dialect takes those that its CRM has.
struct Quotas {
    int search_per_second = 5;
    int per_ten_seconds = 190;
    int per_day = 650'000;
};

struct SimulatorOptions {
    std::string dialect = "hubspot";
    std::string token = "pat-eu1-demo";  // static token or API key, and the first refresh token
    Quotas quotas;
    std::chrono::milliseconds search_lag{0};  // how far an index, or a late commit, is behind
    std::chrono::seconds token_life{1800};    // of an access token, where there are any
    bool rotate_refresh_token = false;
    Clock clock = system_now;
};

/// One CRM's API over the data set: paths, authentication, filters, paging, limits, errors. Called
/// under the simulator's lock.
class Dialect {
public:
    virtual ~Dialect() = default;
    /// Throws Refusal for what the CRM refuses.
    virtual loopback::Reply answer(const loopback::Request& request, Instant now) = 0;
    /// What the CRM puts on every answer, refusals included.
    virtual void add_headers(const loopback::Request& request, loopback::Reply& reply,
                             Instant now) {
        (void)request, (void)reply, (void)now;
    }
    /// Told of every edit, for indexes and event logs.
    virtual void before_change(ObjectType type, std::int64_t id, Instant now) {
        (void)type, (void)id, (void)now;
    }
    /// `action` as /_sim/edit has it: create, set, archive, restore, forget.
    virtual void after_change(std::string_view action, ObjectType type, std::int64_t id,
                              Instant now) {
        (void)action, (void)type, (void)id, (void)now;
    }
    /// A control request below /_sim/dialect/, for what only this CRM has; nullopt: not known.
    virtual std::optional<loopback::Reply> control(const loopback::Request& request, Instant now) {
        (void)request, (void)now;
        return std::nullopt;
    }
};

/// What a dialect may use; all of it outlives the dialect.
struct DialectContext {
    Dataset& dataset;
    const SimulatorOptions& options;
};

struct DialectRow {
    std::string_view name;
    std::unique_ptr<Dialect> (*make)(const DialectContext&);
};

/// Every dialect, one row a CRM (dialects.cpp).
std::span<const DialectRow> dialects();
/// Throws std::invalid_argument for a name that there is not.
std::unique_ptr<Dialect> make_dialect(std::string_view name, const DialectContext& context);

std::unique_ptr<Dialect> make_copper(const DialectContext& context);
std::unique_ptr<Dialect> make_freshsales(const DialectContext& context);
std::unique_ptr<Dialect> make_google_sheets(const DialectContext& context);
std::unique_ptr<Dialect> make_zendesk_sell(const DialectContext& context);
std::unique_ptr<Dialect> make_close(const DialectContext& context);
std::unique_ptr<Dialect> make_hubspot(const DialectContext& context);
std::unique_ptr<Dialect> make_tally(const DialectContext& context);
std::unique_ptr<Dialect> make_pipedrive(const DialectContext& context);
std::unique_ptr<Dialect> make_salesforce(const DialectContext& context);
std::unique_ptr<Dialect> make_zoho(const DialectContext& context);
std::unique_ptr<Dialect> make_dynamics365(const DialectContext& context);

}  // namespace nudged::crmsim
