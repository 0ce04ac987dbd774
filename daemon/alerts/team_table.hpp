// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/message.hpp"
#include "daemon/checks/scorecard.hpp"

#include <string_view>

namespace nudged::alerts {

/// How every rep of a team stands, one line each, in the order of the alphabet: the last complete
/// week of the first KPIs with their trends, what has a next step, what is open.
model::Message::Section team_table(const checks::Scorecard& scorecard, std::string_view team);

}  // namespace nudged::alerts
