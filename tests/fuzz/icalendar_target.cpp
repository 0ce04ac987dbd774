// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/icalendar.hpp"
#include "tests/fuzz/targets.hpp"

namespace nudged::fuzz {

void fuzz_icalendar(std::string_view input) {
    Diagnostics problems;
    parse_icalendar(input, "leave.ics", problems);
}

}  // namespace nudged::fuzz
