// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

/// What the service manager is told (sd_notify(3)); nothing happens where there is none.
namespace nudged::runtime::notify {

void ready(const std::string& status);
void reloading();
void stopping();
void status(const std::string& sentence);
void watchdog();
/// Start-up takes longer than the service manager expects, and goes on.
void still_starting();
/// Whether a service manager listens.
bool is_managed();

/// How often the service manager wants to hear from us; nullopt when it does not.
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace nudged::runtime::notify
