// SPDX-License-Identifier: Apache-2.0
// Preloaded into a program, lets a test move the program's clocks while it runs
// (shifted_clock.hpp): adds the seconds that stand in a file, two numbers of eight bytes, to what
// the system says.
#include <cerrno>
#include <cstdint>
#include <cstdlib>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace {

struct Shift {
    std::int64_t realtime;
    std::int64_t monotonic;
};

const volatile Shift* shift = nullptr;

__attribute__((constructor)) void find_shift() {
    const char* name = std::getenv("NUDGED_TEST_CLOCK");
    const int file = name ? ::open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void* mapped = ::mmap(nullptr, sizeof(Shift), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    if (mapped != MAP_FAILED) shift = static_cast<const volatile Shift*>(mapped);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int clock_gettime(
    clockid_t clock, struct timespec* time) noexcept {
    const auto result = static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
    if (result != 0 || shift == nullptr) return result;
    if (clock == CLOCK_REALTIME) time->tv_sec += shift->realtime;
    if (clock == CLOCK_MONOTONIC) time->tv_sec += shift->monotonic;
    return result;
}
