// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/notify.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include <cstdlib>

namespace nudged::runtime::notify {

namespace {

/// A line of its own means another word to the service manager, and a sentence may tell what
/// somebody else has answered.
std::string one_line(std::string sentence) {
    for (auto& byte : sentence)
        if (static_cast<unsigned char>(byte) < ' ') byte = ' ';
    return sentence;
}

}  // namespace

void ready(const std::string& status) {
    sd_notify(0, fmt::format("READY=1\nSTATUS={}", one_line(status)).c_str());
}

void reloading() {
    // Type=notify-reload wants the time at which the reload began.
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const auto micros = static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
    sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=Reloading", micros).c_str());
}

void stopping() {
    sd_notify(0, "STOPPING=1\nSTATUS=Stopping");
}

void status(const std::string& sentence) {
    sd_notify(0, fmt::format("STATUS={}", one_line(sentence)).c_str());
}

void watchdog() {
    sd_notify(0, "WATCHDOG=1");
}

void still_starting() {
    sd_notify(0, "EXTEND_TIMEOUT_USEC=120000000");
}

bool is_managed() {
    return std::getenv("NOTIFY_SOCKET") != nullptr;
}

std::optional<std::chrono::microseconds> watchdog_interval() {
    std::uint64_t micros = 0;
    if (sd_watchdog_enabled(0, &micros) <= 0) return std::nullopt;
    return std::chrono::microseconds{micros};
}

}  // namespace nudged::runtime::notify
