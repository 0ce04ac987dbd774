// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/book.hpp"

#include <optional>

namespace nudged::checks {

/// When the clock of a renewal opens: `renewal_lead` days before its close date, the end of what is
/// renewed. nullopt of any other deal, and of one without that date.
std::optional<Instant> renewal_opens_at(const Scene& scene, const warehouse::OpenOpportunity& deal,
                                        const Owner& owner);

/// True while that lies ahead: nobody has to be working on it yet. `check` is whose reason that is,
/// for whoever asks (trace.hpp).
bool is_asleep(const Scene& scene, const warehouse::OpenOpportunity& deal, const Owner& owner,
               std::string_view check = {});

}  // namespace nudged::checks
