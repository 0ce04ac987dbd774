// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace nudged::tests {

/// While one exists, looking up "hang.invalid" in this program calls `on_hang`, in the thread that
/// looks it up, and then does not return. Destroying it lets the look-ups fail, and waits for them.
class HangingLookup {
public:
    explicit HangingLookup(std::function<void()> on_hang);
    ~HangingLookup();
    HangingLookup(const HangingLookup&) = delete;
    HangingLookup& operator=(const HangingLookup&) = delete;

    /// How many hang at the moment; 0 too once a test has been stuck for `patience`.
    int hanging() const;
};

}  // namespace nudged::tests
