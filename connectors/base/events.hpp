// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/event.hpp"

/// Every event that nudged tells, one row each: name, level, meaning, remedy.
namespace nudged::events {

inline constexpr EventKind daemon_ready{
    "daemon.ready", Level::notice, "Start-up is complete and every source is being polled.", ""};
inline constexpr EventKind daemon_stopping{
    "daemon.stopping", Level::notice, "A stop was asked for; what was in hand is being committed.",
    ""};

}  // namespace nudged::events
