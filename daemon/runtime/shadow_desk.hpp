// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/care.hpp"

namespace nudged::runtime {

/// Ends the shadow of a team, a check or all checks. Arguments: "team", "check", or "all_checks" =
/// "true"; "by". Throws Failure(refused) for a name that is not known.
asio::awaitable<CareReport> end_shadow(const CareContext& context, ControlRequest request);

}  // namespace nudged::runtime
