// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/diagnostics.hpp"

#include <filesystem>
#include <string>

namespace nudged::cli {

/// A terminal that shows colours: NO_COLOR (no-color.org) and TERM=dumb say that it shall not.
bool shows_colour(int descriptor);

/// "place: what, remedy", and below it the line of the file with a caret under the place, unless
/// the line may hold a secret. `folder` is what the file's name is relative to.
std::string render_problem(const Diagnostic& problem, const std::filesystem::path& folder,
                           bool in_colour);

/// To standard error, those as severe as `least`.
void print_problems(const Diagnostics& problems, const std::filesystem::path& folder,
                    Diagnostic::Severity least = Diagnostic::Severity::warning);

}  // namespace nudged::cli
