// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string>

namespace nudged::tests {

/// Every n-th point is tried: all of them by `make faults`, a part in the ordinary run of the
/// tests.
inline std::size_t stride(std::size_t ordinary) {
    const char* every = std::getenv("NUDGED_FAULT_STRIDE");
    return every ? std::stoul(every) : ordinary;
}

}  // namespace nudged::tests
