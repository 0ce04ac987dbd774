// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/dialect.hpp"

#include <string_view>

namespace nudged::crmsim::dynamics365 {

/// Which columns a table has: `path` is EntityDefinitions(LogicalName='TABLE')/Attributes.
loopback::Reply list_columns(std::string_view path, std::string_view base_url);

}  // namespace nudged::crmsim::dynamics365
