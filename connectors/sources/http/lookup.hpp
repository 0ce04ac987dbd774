// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/sources/mapping/lookup_tables.hpp"

#include <boost/asio/awaitable.hpp>

#include <set>
#include <string>
#include <vector>

namespace nudged::sources {

namespace asio = boost::asio;
struct Pull;

/// The tables of one source that other requests tell, fetched when somebody needs them. Lives on
/// the loop; what it gives away is a snapshot for any thread.
class Lookups {
public:
    Lookups(std::size_t count, std::string source)
        : source_(std::move(source)), tables_(count), asked_at_(count), whole_at_(count) {}

    /// The tables, those that are needed among them, each no older than its manifest allows. Throws
    /// what its request throws where there is no older table to make do with.
    asio::awaitable<LookupTables> tables(const Pull& pull, const std::set<std::size_t>& needed);
    /// Asks again for tables that lack a key, though not too soon; says whether any is new. Of a
    /// list that tells the newest first no more is read than is new.
    asio::awaitable<bool> renew(const Pull& pull, const std::set<std::size_t>& lacking);

private:
    asio::awaitable<void> fetch(const Pull& pull, std::size_t table);
    asio::awaitable<bool> fetch_again(const Pull& pull, std::size_t table);
    asio::awaitable<void> read_pages(const Pull& pull, std::size_t table, LookupTable& told,
                                     bool is_whole);

    std::string source_;
    LookupTables tables_;
    std::vector<Instant> asked_at_;
    std::vector<Instant> whole_at_;  // when the last reading of all pages began
};

}  // namespace nudged::sources
