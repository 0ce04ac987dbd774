// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/dataset.hpp"
#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/json.hpp"
#include "tests/crmsim/loopback.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nudged::crmsim {

using loopback::array_member;
using loopback::JsonWriter;
using loopback::text_member;

Refusal invalid_request(std::string_view message);  // 400 VALIDATION_ERROR
Refusal invalid_token();                            // 401 INVALID_AUTHENTICATION
Refusal not_found();                                // 404 OBJECT_NOT_FOUND
loopback::Reply too_many_requests(std::string_view policy);

/// What of a record an answer shows.
struct Selection {
    std::vector<std::size_t> properties;
    std::vector<std::size_t> with_history;
    std::vector<ObjectType> associations;
};

/// Properties by name: those that HubSpot always adds come too, names it does not know are ignored.
Selection select(const Schema& schema, const std::vector<std::string>& names);
std::vector<std::size_t> known_properties(const Schema& schema,
                                          const std::vector<std::string>& names);

/// The number of the app that saves what no user saves.
inline constexpr std::string_view sync_app = "25200";

void write_record(JsonWriter& json, const Dataset& dataset, ObjectType type, const Record& record,
                  const Selection& selection);

/// The default association type and, for the first link, the primary one that goes with it.
struct AssociationType {
    int id;
    std::string_view label;  // empty: null
};
std::vector<AssociationType> association_types(ObjectType from, ObjectType to, bool first);

std::string new_correlation_id();

}  // namespace nudged::crmsim
