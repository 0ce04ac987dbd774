// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/texts.hpp"
#include "daemon/config/config.hpp"

#include <string_view>

namespace nudged::runtime {

/// The words in a team's language; the English that ships for a team that is not on the roster.
const alerts::Texts& texts_of_team(const config::Config& config, std::string_view team);
/// Those in the language of the team that a person is in, by an address of theirs.
const alerts::Texts& texts_of_person(const config::Config& config, std::string_view email);

}  // namespace nudged::runtime
