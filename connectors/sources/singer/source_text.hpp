// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/toml.hpp"

#include <string>

namespace nudged::sources {

/// A source's own file, for a connector that reads parts of it by rules of its own. Nobody changes
/// it; any thread.
struct SourceText {
    toml::table table;  // the whole file
    std::string file;   // what places call it
};

}  // namespace nudged::sources
