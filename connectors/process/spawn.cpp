// SPDX-License-Identifier: Apache-2.0
#include "connectors/process/spawn.hpp"

#include "connectors/base/failure.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nudged::process {
namespace {

constexpr int pipe_bytes = 1 << 20;

/// What a program may know of our surroundings. Anything else could hold a credential.
constexpr std::array passed_on{"PATH",       "HOME",        "LANG",        "http_proxy",
                               "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy",
                               "NO_PROXY",   "all_proxy",   "ALL_PROXY"};

void ensure(int error, const char* what) {
    if (error != 0)
        throw Failure(FailureKind::transient, fmt::format("{}: {}", what, std::strerror(error)));
}

/// Where the program is to be started from: files that it gets, signals as they were at login.
class Setup {
public:
    Setup() {
        ensure(::posix_spawn_file_actions_init(&files_), "no program can be started");
        ensure(::posix_spawnattr_init(&attributes_), "no program can be started");
    }
    ~Setup() {
        ::posix_spawn_file_actions_destroy(&files_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    Setup(const Setup&) = delete;
    Setup& operator=(const Setup&) = delete;

    void prepare(const std::string& folder, int input, int output, int errors) {
        sigset_t none, all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        int bad = ::posix_spawnattr_setsigmask(&attributes_, &none);
        bad = bad ? bad : ::posix_spawnattr_setsigdefault(&attributes_, &all);
        bad = bad ? bad
                  : ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID |
                                                                 POSIX_SPAWN_SETSIGMASK |
                                                                 POSIX_SPAWN_SETSIGDEF);
        bad = bad         ? bad
              : input < 0 ? ::posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null",
                                                               O_RDONLY, 0)
                          : ::posix_spawn_file_actions_adddup2(&files_, input, STDIN_FILENO);
        bad = bad ? bad : ::posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
        bad = bad ? bad : ::posix_spawn_file_actions_adddup2(&files_, errors, STDERR_FILENO);
        bad = bad ? bad : ::posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
        bad = bad ? bad : ::posix_spawn_file_actions_addchdir_np(&files_, folder.c_str());
        ensure(bad, "no program can be started");
    }

    const posix_spawn_file_actions_t* files() const { return &files_; }
    const posix_spawnattr_t* attributes() const { return &attributes_; }

private:
    posix_spawn_file_actions_t files_{};
    posix_spawnattr_t attributes_{};
};

std::vector<std::string> surroundings() {
    std::vector<std::string> variables;
    for (const char* name : passed_on)
        if (const char* value = std::getenv(name))
            variables.push_back(fmt::format("{}={}", name, value));
    return variables;
}

/// What the program is to read, as a file without a name: nobody waits for whoever does not read
/// it. Holds nothing when there is nothing to read.
Descriptor make_input(const std::string& text) {
    if (text.empty()) return Descriptor{};
    Descriptor file{::memfd_create("nudged-input", MFD_CLOEXEC)};
    if (file.get() < 0) ensure(errno, "no input can be made");
    for (std::size_t at = 0; at < text.size();) {
        const auto count = ::write(file.get(), text.data() + at, text.size() - at);
        if (count < 0 && errno != EINTR) ensure(errno, "no input can be made");
        if (count > 0) at += static_cast<std::size_t>(count);
    }
    ::lseek(file.get(), 0, SEEK_SET);
    return file;
}

/// Ready for the system: ends with a null.
std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (auto& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

/// Our end does not block; the program's end does, so that it waits while we do not read.
std::pair<Descriptor, Descriptor> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) ensure(errno, "no pipe can be made");
    std::pair<Descriptor, Descriptor> made{Descriptor{ends[0]}, Descriptor{ends[1]}};
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    ::fcntl(ends[0], F_SETPIPE_SZ, pipe_bytes);  // fewer wake-ups; smaller does as well
    return made;
}

/// After the start, since nothing can be set in between; a program has little in its first moment.
void limit(int pid, const Launch& launch) {
    const rlimit no_core{0, 0};
    ::prlimit(pid, RLIMIT_CORE, &no_core, nullptr);
    if (launch.max_memory == 0) return;
    const rlimit memory{launch.max_memory, launch.max_memory};
    ::prlimit(pid, RLIMIT_AS, &memory, nullptr);
}

}  // namespace

Descriptor::~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

Spawned spawn(const Launch& launch) {
    auto [output, output_end] = make_pipe();
    auto [errors, errors_end] = make_pipe();
    const auto input = make_input(launch.input);
    Setup setup;
    setup.prepare(launch.folder, input.get(), output_end.get(), errors_end.get());
    auto command = launch.command;
    auto variables = surroundings();
    variables.insert(variables.end(), launch.variables.begin(), launch.variables.end());
    Spawned spawned;
    const int error =
        ::posix_spawnp(&spawned.pid, command.front().c_str(), setup.files(), setup.attributes(),
                       pointers(command).data(), pointers(variables).data());
    if (error == ENOMEM || error == EAGAIN) ensure(error, "no program can be started");
    if (error != 0)
        throw Failure(FailureKind::needs_person,
                      fmt::format("the program {} cannot be started: {}", command.front(),
                                  std::strerror(error)));
    limit(spawned.pid, launch);
    spawned.end = Descriptor{static_cast<int>(::syscall(SYS_pidfd_open, spawned.pid, 0))};
    if (spawned.end.get() < 0) {
        const int cause = errno;
        ::kill(-spawned.pid, SIGKILL);
        ::waitpid(spawned.pid, nullptr, 0);
        ensure(cause, "a program cannot be watched");
    }
    spawned.output = std::move(output);
    spawned.errors = std::move(errors);
    return spawned;
}

}  // namespace nudged::process
