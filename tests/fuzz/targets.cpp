// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/targets.hpp"

#include <array>

namespace nudged::fuzz {

std::span<const Target> targets() {
    static constexpr std::array all{
        Target{"config", fuzz_config},
        Target{"control", fuzz_control},
        Target{"csv", fuzz_csv},
        Target{"http", fuzz_http},
        Target{"icalendar", fuzz_icalendar},
        Target{"manifest", fuzz_manifest},
        Target{"marked_text", fuzz_marked_text},
        Target{"pages", fuzz_pages},
        Target{"singer", fuzz_singer},
        Target{"template_text", fuzz_template_text},
    };
    return all;
}

}  // namespace nudged::fuzz
