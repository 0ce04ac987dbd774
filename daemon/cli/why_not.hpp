// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/cli/context.hpp"

#include <string>

namespace nudged::cli {

/// Why a check says nothing of a record ("SOURCE/ID"), a person (an address or a name), in lines
/// for a terminal; or that it does fire. Ends the command when there is no such check or subject.
std::string why_not(const View& view, const std::string& check, const std::string& subject);

}  // namespace nudged::cli
