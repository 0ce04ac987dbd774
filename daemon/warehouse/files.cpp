// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/files.hpp"

#include "connectors/base/failure.hpp"
#include "daemon/warehouse/file_lock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nudged::warehouse {
namespace {

[[noreturn]] void fail(const std::string& path, const char* doing) {
    const int error = errno;
    if (error == EEXIST)
        throw Failure(FailureKind::refused,
                      fmt::format("{}: is there already; name a file that is not", path));
    throw Failure(FailureKind::needs_person,
                  fmt::format("{}: cannot be {} ({}); check that its folder exists, has space, and "
                              "may be written by this user",
                              path, doing, std::strerror(error)));
}

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }

private:
    int number_;
};

}  // namespace

void sync_file(const std::string& path) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.number() < 0 || ::fsync(file.number()) != 0) fail(path, "flushed");
}

void rename_new(const std::string& from, const std::string& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
        // A file system without that flag: a link refuses a name that is taken, too.
        if (errno != EINVAL || ::link(from.c_str(), to.c_str()) != 0 || ::unlink(from.c_str()) != 0)
            fail(to, "named");
    }
    sync_folder_of(to);
}

void rename_over(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) fail(to, "replaced");
    sync_folder_of(to);
}

std::vector<std::string> files_beside(const std::string& path, std::string_view mark) {
    namespace fs = std::filesystem;
    const fs::path file{path};
    const auto begin = file.filename().string() + std::string{mark};
    std::vector<std::string> found;
    std::error_code error;
    for (auto entry = fs::directory_iterator(file.parent_path(), error);
         !error && entry != fs::directory_iterator{}; entry.increment(error))
        if (entry->path().filename().string().starts_with(begin))
            found.push_back(entry->path().string());
    std::sort(found.begin(), found.end());
    return found;
}

void write_secret_file(const std::string& path, std::string_view bytes) {
    constexpr mode_t owner_only = 0600;
    const std::string next = path + ".new";
    {
        const Descriptor file{::open(
            next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, owner_only)};
        if (file.number() < 0 || ::fchmod(file.number(), owner_only) != 0) fail(next, "written");
        while (!bytes.empty()) {
            const auto put = ::write(file.number(), bytes.data(), bytes.size());
            if (put < 0 && errno == EINTR) continue;
            if (put < 0) fail(next, "written");
            bytes.remove_prefix(static_cast<std::size_t>(put));
        }
        if (::fsync(file.number()) != 0) fail(next, "written");
    }
    rename_over(next, path);
}

}  // namespace nudged::warehouse
