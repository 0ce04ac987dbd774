// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace nudged::cli {

/// Whoever is logged in, for what people do; empty when nobody knows.
std::string login_name();

}  // namespace nudged::cli
