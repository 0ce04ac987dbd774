// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/loopback.hpp"
#include "tests/crmsim/tables/table.hpp"

#include <set>
#include <string>

namespace nudged::crmsim::zoho {

inline constexpr const char* pipeline_name = "Standard (Standard)";
std::string pipeline_id();

/// Fields that the reader's profile must not see, as "Calls.Call_Result".
using HiddenFields = std::set<std::string, std::less<>>;

// What is not a module: GET /users, /org, /settings/fields, /settings/layouts, /settings/pipeline.
// They throw Refusal.
loopback::Reply users(const loopback::Request& request, const tables::Facts& facts);
loopback::Reply organisation(const tables::Facts& facts);
loopback::Reply fields(const loopback::Request& request, const HiddenFields& hidden);
loopback::Reply layouts(const loopback::Request& request);
loopback::Reply pipelines(const loopback::Request& request);

}  // namespace nudged::crmsim::zoho
