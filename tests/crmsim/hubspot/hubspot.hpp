// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/dataset.hpp"
#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/hubspot/search.hpp"
#include "tests/crmsim/loopback.hpp"

namespace nudged::crmsim {

/// HubSpot's API over a dataset, in its dated and its numbered form: search, list, batch read,
/// associations, owners, pipelines, dispositions, properties, account information. Throws Refusal
/// for what it refuses. Not thread-safe.
class HubSpot {
public:
    HubSpot(const Dataset& dataset, SearchIndex& index) : dataset_(dataset), index_(index) {}

    loopback::Reply answer(const loopback::Request& request, Instant now) const;

private:
    loopback::Reply search(ObjectType type, const loopback::Request& request, Instant now) const;
    loopback::Reply list(ObjectType type, const loopback::Request& request) const;
    loopback::Reply read_batch(ObjectType type, const loopback::Request& request,
                               Instant now) const;
    loopback::Reply read_associations(ObjectType from, ObjectType to,
                                      const loopback::Request& request, Instant now,
                                      bool dated) const;
    loopback::Reply list_associations(ObjectType from, std::int64_t id, ObjectType to,
                                      const loopback::Request& request, bool dated) const;
    loopback::Reply owners(const loopback::Request& request) const;
    loopback::Reply users() const;
    loopback::Reply pipelines() const;
    loopback::Reply account() const;
    loopback::Reply properties(ObjectType type) const;

    const Dataset& dataset_;
    SearchIndex& index_;
};

bool is_search(const loopback::Request& request);

}  // namespace nudged::crmsim
