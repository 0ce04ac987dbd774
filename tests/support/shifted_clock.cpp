// SPDX-License-Identifier: Apache-2.0
#include "tests/support/shifted_clock.hpp"

#include "tests/paths.hpp"

#include <cstdlib>
#include <fstream>

namespace nudged::tests {
namespace {

/// The address sanitizer wants to be the first library of a program.
std::string sanitizer_options() {
    const char* given = std::getenv("ASAN_OPTIONS");
    return std::string{given ? given : ""} + ":verify_asan_link_order=0";
}

}  // namespace

ShiftedClock::ShiftedClock() {
    set(0, std::chrono::seconds{0});
}

std::vector<std::string> ShiftedClock::command(std::vector<std::string> arguments) const {
    std::vector<std::string> whole{"/usr/bin/env", "NUDGED_TEST_CLOCK=" + folder_.file("shifts"),
                                   "LD_PRELOAD=" NUDGED_BINARY_DIR "/lib/libshifted_clock.so",
                                   "ASAN_OPTIONS=" + sanitizer_options()};
    whole.insert(whole.end(), arguments.begin(), arguments.end());
    return whole;
}

/// In place: the program has the file in its memory.
void ShiftedClock::set(std::size_t which, std::chrono::seconds by) {
    shifts_[which] = by.count();
    const auto path = folder_.file("shifts");
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    if (!file.is_open()) file.open(path, std::ios::out | std::ios::binary);
    file.write(reinterpret_cast<const char*>(shifts_), sizeof shifts_);
}

}  // namespace nudged::tests
