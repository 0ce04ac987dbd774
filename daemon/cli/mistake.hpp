// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace nudged::cli {

/// What to say of a command line that was not understood: the word that is unknown, and what it may
/// have been meant for. Empty when no word is unknown, and something else is wrong.
std::string explain_mistake(const CLI::App& app);

}  // namespace nudged::cli
