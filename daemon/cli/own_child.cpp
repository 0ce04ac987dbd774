// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/own_child.hpp"

#include "connectors/base/failure.hpp"

#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <optional>

namespace nudged::cli {
namespace {

struct Owner {
    uid_t user;
    gid_t group;
};

/// Whom root should become; nullopt: nobody else.
std::optional<Owner> owner_of(const std::filesystem::path& folder) {
    struct stat status {};
    if (::geteuid() != 0 || ::stat(folder.c_str(), &status) != 0 || status.st_uid == 0)
        return std::nullopt;
    return Owner{status.st_uid, status.st_gid};
}

/// In the child: nothing but calls of the system, since another thread may hold a lock.
[[noreturn]] void become_and_run(char* const* argv, const std::optional<Owner>& owner) {
    if (owner && (::setgroups(1, &owner->group) != 0 || ::setgid(owner->group) != 0 ||
                  ::setuid(owner->user) != 0))
        _exit(1);
    ::execv("/proc/self/exe", argv);
    _exit(127);
}

}  // namespace

int run_own(const std::vector<std::string>& arguments, const std::filesystem::path& state) {
    const auto owner = owner_of(state);
    std::string name = "nudged";
    std::vector<std::string> words = arguments;
    std::vector<char*> argv{name.data()};
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child < 0) throw Failure(FailureKind::transient, "no process can be made");
    if (child == 0) become_and_run(argv.data(), owner);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace nudged::cli
