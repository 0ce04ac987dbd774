// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"
#include "connectors/base/instant.hpp"
#include "connectors/net/exchange.hpp"
#include "connectors/net/quota_book.hpp"
#include "connectors/sources/options.hpp"
#include "connectors/sources/source.hpp"
#include "connectors/sources/token_store.hpp"

#include <boost/asio/thread_pool.hpp>

#include <map>
#include <memory>
#include <span>
#include <string>

namespace nudged::sources {

class Limits;
/// By the name of the source: whatever reads one account asks it as one.
using SharedLimits = std::map<std::string, std::shared_ptr<Limits>>;

/// What a source may use of the program around it; all of it outlives the source.
struct SourceContext {
    net::Exchange& http;
    asio::thread_pool& workers;  // decoding happens here
    Clock clock;
    std::string manifest_folder;       // where shipped manifests lie
    TokenFolder tokens{};              // where tokens lie
    net::QuotaBook* quotas = nullptr;  // where quotas are charged; null: counted in memory alone
    SharedLimits* limits = nullptr;    // null: each that is made has limiters of its own
};

/// One kind of CRM access that ships.
struct Connector {
    std::string_view name;
    /// Checks the options without touching the network or any secret's use: manifest, mappings,
    /// files.
    void (*check)(const SourceOptions&, const std::string& manifest_folder, Diagnostics&);
    /// Throws Failure(needs_person) for options that check() would refuse.
    std::unique_ptr<Source> (*make)(const SourceOptions&, const SourceContext&);
};

/// Everything that ships, one row a connector.
std::span<const Connector> catalog();
const Connector* find_connector(std::string_view name);

}  // namespace nudged::sources
