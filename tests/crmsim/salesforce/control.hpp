// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/salesforce/org.hpp"

#include <rapidjson/document.h>

namespace nudged::crmsim::salesforce {

/// Changes the members that the order names:
/// {"page_size": 3, "hidden": ["Task.CallObject", "Event"], "other_peoples": ["64492911"],
///  "multi_currency": true, "sliding": true, "instance_url": "http://…", "bulk_polls": 1,
///  "bulk_failure": "InvalidBatch : …"}
void change_settings(Settings& settings, const rapidjson::Value& order);

}  // namespace nudged::crmsim::salesforce
