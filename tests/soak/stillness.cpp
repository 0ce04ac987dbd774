// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/stillness.hpp"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>

namespace nudged::soak {
namespace {

using namespace std::chrono_literals;

/// How often each thread has been taken off its processor.
using Switches = std::map<pid_t, std::uint64_t>;

std::string_view line_of(std::string_view status, std::string_view name) {
    const auto at = status.find(name);
    if (at == status.npos) return {};
    const auto rest = status.substr(at + name.size());
    return rest.substr(0, rest.find('\n'));
}

std::string read_status(const std::string& path) {
    std::string status(4096, '\0');
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return {};  // the thread has ended
    const auto length = ::read(file, status.data(), status.size());
    ::close(file);
    status.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
    return status;
}

std::uint64_t number_of(std::string_view status, std::string_view name) {
    return std::strtoull(std::string{line_of(status, name)}.c_str(), nullptr, 10);
}

/// False when one of its threads is at work or waits for a processor or a disk.
bool add_threads(pid_t program, Switches& switches) {
    const auto folder = fmt::format("/proc/{}/task", program);
    DIR* tasks = ::opendir(folder.c_str());
    if (tasks == nullptr) return true;  // it has ended
    bool sleeps = true;
    while (const auto* entry = ::readdir(tasks)) {
        const auto thread = static_cast<pid_t>(std::strtol(entry->d_name, nullptr, 10));
        if (thread == 0 || thread == ::gettid()) continue;
        const auto status = read_status(fmt::format("{}/{}/status", folder, thread));
        const auto state = line_of(status, "\nState:\t");
        sleeps = sleeps && (state.empty() || state[0] == 'S' || state[0] == 'Z');
        switches[thread] = number_of(status, "\nvoluntary_ctxt_switches:\t") +
                           number_of(status, "\nnonvoluntary_ctxt_switches:\t");
    }
    ::closedir(tasks);
    return sleeps;
}

std::optional<Switches> look(const std::set<pid_t>& programs) {
    Switches switches;
    bool sleep = add_threads(::getpid(), switches);
    for (const auto program : programs) sleep = sleep && add_threads(program, switches);
    if (!sleep) return std::nullopt;
    return switches;
}

}  // namespace

/// A thread that is asleep at two looks, and was not switched away from in between, has slept all
/// the time: so there is a moment between the looks at which all of them sleep.
void Stillness::wait() const {
    const auto began = std::chrono::steady_clock::now();
    for (;;) {
        if (const auto first = look(programs_); first && first == look(programs_)) return;
        if (std::chrono::steady_clock::now() - began > 1min)
            throw std::runtime_error("the programs do not come to rest within a minute");
        std::this_thread::sleep_for(200us);
    }
}

}  // namespace nudged::soak
