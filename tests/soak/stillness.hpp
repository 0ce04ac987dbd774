// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <sys/types.h>

namespace nudged::soak {

/// Knows when nothing goes on any more: in the programs that are watched, and in this one apart
/// from the calling thread. Then nothing happens before a clock moves, as what is sent over
/// loopback has arrived.
class Stillness {
public:
    void watch(pid_t program) { programs_.insert(program); }
    void forget(pid_t program) { programs_.erase(program); }
    /// Throws std::runtime_error when that takes longer than a minute.
    void wait() const;

private:
    std::set<pid_t> programs_;
};

}  // namespace nudged::soak
