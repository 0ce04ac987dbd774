// SPDX-License-Identifier: Apache-2.0
#include "tests/support/shifted_clock.hpp"

#include "tests/paths.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

namespace nudged::tests {
namespace {

/// The address sanitizer wants to be the first library of a program.
std::string sanitizer_options() {
    const char* given = std::getenv("ASAN_OPTIONS");
    return std::string{given ? given : ""} + ":verify_asan_link_order=0";
}

}  // namespace

std::vector<std::string> on_clock(const std::string& file, std::vector<std::string> arguments) {
    std::vector<std::string> whole{"/usr/bin/env", "NUDGED_TEST_CLOCK=" + file,
                                   "LD_PRELOAD=" NUDGED_BINARY_DIR "/lib/libshifted_clock.so",
                                   "ASAN_OPTIONS=" + sanitizer_options()};
    whole.insert(whole.end(), arguments.begin(), arguments.end());
    return whole;
}

ShiftedClock::ShiftedClock() : file_(folder_.file("clock")) {}

std::vector<std::string> ShiftedClock::command(std::vector<std::string> arguments) const {
    return on_clock(folder_.file("clock"), std::move(arguments));
}

MappedClockFile::MappedClockFile(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const bool is_there = file >= 0 && ::ftruncate(file, sizeof(ClockFile)) == 0;
    void* mapped =
        is_there ? ::mmap(nullptr, sizeof(ClockFile), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
                 : MAP_FAILED;
    if (file >= 0) ::close(file);
    if (mapped == MAP_FAILED) throw std::runtime_error("no file for a clock: " + path);
    file_ = static_cast<ClockFile*>(mapped);
}

MappedClockFile::~MappedClockFile() {
    ::munmap(file_, sizeof(ClockFile));
}

}  // namespace nudged::tests
