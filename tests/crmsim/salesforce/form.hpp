// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace nudged::crmsim::salesforce {

/// application/x-www-form-urlencoded; of a repeated name the last value.
std::map<std::string, std::string> parse_form(std::string_view body);

}  // namespace nudged::crmsim::salesforce
