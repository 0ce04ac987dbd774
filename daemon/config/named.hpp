// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// What has a name in the configuration, and a place.
namespace nudged::config {

/// Without those whose name was missing, or wrong in a way that was reported.
template <typename Things>
std::vector<std::string> names_of(const Things& things) {
    std::vector<std::string> names;
    for (const auto& thing : things)
        if (!thing.name.empty()) names.push_back(thing.name);
    return names;
}

template <typename Things>
void check_unique(const Things& things, std::string_view kind, Diagnostics& problems) {
    std::map<std::string, Place> first;
    for (const auto& thing : things) {
        if (thing.name.empty()) continue;
        const auto [known, is_new] = first.emplace(thing.name, thing.place);
        if (!is_new)
            problems.error(thing.place, fmt::format("there are two {}s \"{}\"", kind, thing.name),
                           fmt::format("the other one is in {}", known->second.str()));
    }
}

}  // namespace nudged::config
