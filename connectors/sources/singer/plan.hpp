// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/mapping/record_plan.hpp"
#include "connectors/sources/options.hpp"

#include <map>
#include <string>
#include <vector>

namespace nudged::sources::singer {

/// How a tap is run and what becomes of its streams. Immutable; any thread.
struct Plan {
    std::map<std::string, std::vector<RecordPlan>, std::less<>> streams;
    std::vector<model::Entity> entities;  // in the order of the file
    std::vector<std::string> command;     // argv, without what Singer adds
    std::string catalog;                  // files that are there already; "" without one
    std::string properties;

    /// Whether an entity comes from one stream alone: else the end of a full table of that stream
    /// does not tell what has vanished.
    bool is_fed_by_one(model::Entity entity) const;
};

/// Problems are told with their places.
Plan compile_plan(const SourceOptions& source, Diagnostics& problems);

}  // namespace nudged::sources::singer
