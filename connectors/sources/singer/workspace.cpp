// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/singer/workspace.hpp"

#include "connectors/base/failure.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nudged::sources::singer {
namespace fs = std::filesystem;
using process::Descriptor;

namespace {

constexpr std::string_view prefix = "nudged-tap-";

[[noreturn]] void fail(const std::string& what) {
    throw Failure(FailureKind::transient, fmt::format("{}: {}", what, std::strerror(errno)));
}

fs::path parent() {
    std::error_code error;
    const auto folder = fs::temp_directory_path(error);
    return error ? fs::path{"/tmp"} : folder;
}

/// Open and locked, when it is ours and nobody's who lives.
Descriptor try_take(const std::string& folder) {
    Descriptor taken{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    struct stat status {};
    if (taken.get() < 0 || ::fstat(taken.get(), &status) != 0 || status.st_uid != ::geteuid() ||
        ::flock(taken.get(), LOCK_EX | LOCK_NB) != 0)
        return Descriptor{};
    return taken;
}

void remove_leftovers() {
    std::error_code ignored;
    for (fs::directory_iterator entry{parent(), ignored}, end; entry != end;
         entry.increment(ignored)) {
        if (!entry->path().filename().string().starts_with(prefix)) continue;
        const auto leftover = try_take(entry->path().string());
        if (leftover.get() >= 0) fs::remove_all(entry->path(), ignored);
    }
}

}  // namespace

Workspace::Workspace() {
    remove_leftovers();
    // Another program may take a folder that is not locked yet for a leftover, though hardly twice.
    for (int tries = 0; tries < 3 && lock_.get() < 0; ++tries) {
        folder_ = (parent() / (std::string{prefix} + "XXXXXX")).string();
        if (!::mkdtemp(folder_.data())) fail("no private folder can be made for the tap");
        lock_ = try_take(folder_);
    }
    if (lock_.get() < 0) fail("the tap's private folder cannot be locked");
}

Workspace::~Workspace() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

std::string Workspace::write(const std::string& name, const std::string& text) const {
    auto path = folder_ + "/" + name;
    const Descriptor file{::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600)};
    if (file.get() < 0) fail(fmt::format("{} cannot be written", path));
    for (std::string_view rest = text; !rest.empty();) {
        const auto count = ::write(file.get(), rest.data(), rest.size());
        if (count < 0 && errno != EINTR) fail(fmt::format("{} cannot be written", path));
        if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
    }
    return path;
}

}  // namespace nudged::sources::singer
