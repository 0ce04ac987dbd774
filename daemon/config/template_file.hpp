// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/texts.hpp"
#include "daemon/config/reading.hpp"

#include <string>
#include <vector>

namespace nudged::config {

/// One file of templates/: lays its texts over those of its language. What names no text, is no
/// template, or asks for a fact that the text does not have is a problem; a text that speaks of
/// people as a coach would not, a warning. `checks` are the ids whose words may be replaced.
void read_template_file(const toml::table& table, const Spot& spot, const std::string& language,
                        const std::vector<std::string>& checks, alerts::Catalogue& catalogue);

}  // namespace nudged::config
