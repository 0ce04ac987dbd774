// SPDX-License-Identifier: Apache-2.0
// What libFuzzer calls, compiled once a target.
#include "tests/fuzz/targets.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    nudged::fuzz::NUDGED_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
    return 0;
}
