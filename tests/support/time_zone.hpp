// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace nudged::tests {

/// $TZ for as long as a test lasts; null takes it away.
class TimeZone {
public:
    explicit TimeZone(const char* name) {
        if (const char* before = std::getenv("TZ")) before_ = before;
        set(name);
    }
    ~TimeZone() { set(before_ ? before_->c_str() : nullptr); }
    TimeZone(const TimeZone&) = delete;
    TimeZone& operator=(const TimeZone&) = delete;

private:
    static void set(const char* name) { name ? ::setenv("TZ", name, 1) : ::unsetenv("TZ"); }
    std::optional<std::string> before_;
};

}  // namespace nudged::tests
