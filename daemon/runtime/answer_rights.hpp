// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/alerts/answer_link.hpp"
#include "daemon/config/config.hpp"
#include "daemon/warehouse/findings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nudged::runtime {

/// The first address of whoever the roster knows by this one; empty for nobody, and for who has
/// left.
std::string main_address(const config::Config& config, std::string_view mail, Instant now);

/// Whether somebody manages the team, stands in for its manager, or is the manager's manager.
bool manages(const config::Config& config, std::string_view team, std::string_view mail,
             Instant now);

/// What somebody may answer to a finding, as the links of messages have it: everything by who
/// manages its team, or was told of it as anybody but the rep; that it is wrong, by the rep whom it
/// is about. nullopt: nothing.
std::optional<alerts::MayAnswer> may_answer(const config::Config& config,
                                            const warehouse::Database& database,
                                            const warehouse::StoredFinding& stored,
                                            std::string_view mail, Instant now);

}  // namespace nudged::runtime
