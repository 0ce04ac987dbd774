// SPDX-License-Identifier: Apache-2.0
// Preloaded into a program, lets a test move the program's clocks while it runs: adds what stands
// in a file (clock_file.hpp) to what the system says. Of a leaping clock (leaping_clock.hpp), what
// the program waits for comes earlier by each leap: timers of timerfd_create(2), as Asio has them,
// and waits for a condition by std::condition_variable::wait_for(). Other waits take their time.
#include "tests/support/clock_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <mutex>

#include <dlfcn.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

namespace {

using nudged::tests::ClockFile;

constexpr std::int64_t second = 1'000'000'000;

ClockFile* file = nullptr;
bool is_leaping = false;

__attribute__((constructor)) void find_file() {
    const char* name = std::getenv("NUDGED_TEST_CLOCK");
    const int opened = name ? ::open(name, O_RDWR | O_CLOEXEC) : -1;
    if (opened < 0) return;
    void* mapped =
        ::mmap(nullptr, sizeof(ClockFile), PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0);
    ::close(opened);
    if (mapped == MAP_FAILED) return;
    file = static_cast<ClockFile*>(mapped);
    is_leaping = std::getenv("NUDGED_TEST_LEAPS") != nullptr;
}

std::int64_t to_nanoseconds(const timespec& time) {
    return time.tv_sec * second + time.tv_nsec;
}

timespec to_timespec(std::int64_t nanoseconds) {
    return {nanoseconds / second, nanoseconds % second};
}

std::int64_t shift_of(clockid_t clock) {
    if (file == nullptr) return 0;
    if (clock == CLOCK_REALTIME) return file->realtime;
    if (clock == CLOCK_MONOTONIC) return file->monotonic;
    return 0;
}

std::int64_t shifted_now(clockid_t clock) {
    timespec time{};
    ::syscall(SYS_clock_gettime, clock, &time);
    return to_nanoseconds(time) + shift_of(clock);
}

void set_timer(int timer, std::int64_t after) {
    const itimerspec value{{0, 0}, to_timespec(std::max<std::int64_t>(after, 1))};
    ::syscall(SYS_timerfd_settime, timer, 0, &value, nullptr);
}

/// What the program waits for until some time, so that it can be woken after a leap.
class Waits {
public:
    /// `due` on the monotonic clock; nothing: it is not armed.
    void note_timer(int timer, std::int64_t due) {
        const std::lock_guard lock(mutex_);
        auto* found = std::find_if(timers_.begin(), timers_.end(),
                                   [&](const Timer& one) { return one.number == timer; });
        if (found == timers_.end())
            found = std::find_if(timers_.begin(), timers_.end(),
                                 [](const Timer& one) { return one.due == ClockFile::nothing; });
        if (found == timers_.end()) ::abort();  // more timers than any program here has
        *found = {timer, due};
        tell_next();
    }

    void begin(pthread_cond_t* condition) {
        const std::lock_guard lock(mutex_);
        auto* const free = std::find(conditions_.begin(), conditions_.end(), nullptr);
        if (free == conditions_.end()) ::abort();
        *free = condition;
    }
    void end(pthread_cond_t* condition) {
        const std::lock_guard lock(mutex_);
        *std::find(conditions_.begin(), conditions_.end(), condition) = nullptr;
    }

    void follow_leap() {
        const std::lock_guard lock(mutex_);
        const auto now = shifted_now(CLOCK_MONOTONIC);
        for (auto& timer : timers_) {
            if (timer.due == ClockFile::nothing) continue;
            set_timer(timer.number, timer.due - now);
            if (timer.due <= now) timer.due = ClockFile::nothing;
        }
        tell_next();
        // Those who wait see by their clock whether their time has come.
        for (auto* condition : conditions_)
            if (condition != nullptr) ::pthread_cond_broadcast(condition);
    }

private:
    struct Timer {
        int number = -1;
        std::int64_t due = ClockFile::nothing;
    };

    void tell_next() {
        const auto* next =
            std::min_element(timers_.begin(), timers_.end(),
                             [](const Timer& a, const Timer& b) { return a.due < b.due; });
        file->next_due = next->due;
    }

    std::mutex mutex_;
    std::array<Timer, 32> timers_;
    std::array<pthread_cond_t*, 64> conditions_{};
};

Waits waits;

void* follow_leaps(void* /*nothing*/) {
    for (;;) {
        const auto seen = file->leaps.load();
        waits.follow_leap();
        file->followed = seen;
        ::syscall(SYS_futex, &file->followed, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
        ::syscall(SYS_futex, &file->leaps, FUTEX_WAIT, seen, nullptr, nullptr, 0);
    }
}

/// Once the program is about to wait, and no earlier: its libraries are ready for a thread then.
void begin_to_follow() {
    static const bool begun = [] {
        sigset_t all;
        sigset_t before;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for the program's threads
        pthread_t thread{};
        const bool done = ::pthread_create(&thread, nullptr, follow_leaps, nullptr) == 0;
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        return done;
    }();
    if (!begun) ::abort();
}

}  // namespace

#define NUDGED_VISIBLE extern "C" __attribute__((visibility("default")))

NUDGED_VISIBLE int clock_gettime(clockid_t clock, struct timespec* time) noexcept {
    const auto result = static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
    const auto shift = shift_of(clock);
    if (result == 0 && shift != 0) *time = to_timespec(to_nanoseconds(*time) + shift);
    return result;
}

NUDGED_VISIBLE int gettimeofday(struct timeval* time, void* /*zone*/) noexcept {
    const auto now = to_timespec(shifted_now(CLOCK_REALTIME));
    *time = {now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

NUDGED_VISIBLE time_t time(time_t* result) noexcept {
    const auto now = shifted_now(CLOCK_REALTIME) / second;
    if (result != nullptr) *result = now;
    return now;
}

NUDGED_VISIBLE int timerfd_create(clockid_t clock, int flags) noexcept {
    const auto timer = static_cast<int>(::syscall(SYS_timerfd_create, clock, flags));
    if (timer >= 0 && is_leaping) begin_to_follow();
    return timer;
}

NUDGED_VISIBLE int timerfd_settime(int timer, int flags, const struct itimerspec* value,
                                   struct itimerspec* before) noexcept {
    const auto result =
        static_cast<int>(::syscall(SYS_timerfd_settime, timer, flags, value, before));
    if (result != 0 || !is_leaping) return result;
    const auto after = to_nanoseconds(value->it_value);
    // Asio gives a time of the clock only for what is due at once.
    const bool waits_for_it = after != 0 && (flags & TFD_TIMER_ABSTIME) == 0;
    waits.note_timer(timer,
                     waits_for_it ? shifted_now(CLOCK_MONOTONIC) + after : ClockFile::nothing);
    return result;
}

NUDGED_VISIBLE int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                          clockid_t clock, const struct timespec* until) {
    using Wait = int (*)(pthread_cond_t*, pthread_mutex_t*, clockid_t, const timespec*);
    static const auto wait = reinterpret_cast<Wait>(::dlsym(RTLD_NEXT, "pthread_cond_clockwait"));
    const auto kernels =
        to_timespec(std::max<std::int64_t>(to_nanoseconds(*until) - shift_of(clock), 0));
    if (!is_leaping) return wait(condition, mutex, clock, &kernels);
    waits.begin(condition);
    const int result = wait(condition, mutex, clock, &kernels);
    waits.end(condition);
    return result;
}
