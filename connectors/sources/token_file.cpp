// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/token_file.hpp"

#include "connectors/base/failure.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace nudged::sources {
namespace {

constexpr std::size_t most_bytes = 1024 * 1024;

std::string folder_of(const std::string& path) {
    return std::filesystem::path{path}.parent_path().string();
}

}  // namespace

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}

int Descriptor::release() {
    const int number = number_;
    number_ = -1;
    return number;
}

void fail_on_file(const std::string& path, std::string_view verb, int error) {
    const bool is_for_admin = error == EACCES || error == EPERM || error == EROFS ||
                              error == ENOENT || error == ENOTDIR || error == ELOOP;
    throw Failure(is_for_admin ? FailureKind::needs_person : FailureKind::transient,
                  fmt::format("{} cannot be {}: {}{}", path, verb, std::strerror(error),
                              is_for_admin ? "; it belongs to the user that nudged runs as" : ""));
}

void give_to_owner_of_folder(int descriptor, const std::string& path) {
    if (::geteuid() != 0) return;
    struct stat owner {};
    if (::stat(folder_of(path).c_str(), &owner) != 0 ||
        ::fchown(descriptor, owner.st_uid, owner.st_gid) != 0)
        fail_on_file(path, "given to the owner of its folder", errno);
}

std::optional<std::string> read_private_file(const std::string& path) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!file.is_open()) {
        if (errno == ENOENT) return std::nullopt;
        fail_on_file(path, "read", errno);
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) fail_on_file(path, "read", errno);
    if (!S_ISREG(status.st_mode) || (status.st_mode & 0077) != 0)
        throw Failure(FailureKind::needs_person,
                      fmt::format("{} is open to others (mode {:04o}), who may have read it; run: "
                                  "chmod 600 {}",
                                  path, status.st_mode & 07777u, path));
    std::string bytes(most_bytes, '\0');
    std::size_t size = 0;
    for (;;) {
        const auto got = ::read(file.get(), bytes.data() + size, bytes.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail_on_file(path, "read", errno);
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    bytes.resize(size);
    return bytes;
}

void write_private_file(const std::string& path, std::string_view bytes) {
    constexpr mode_t owner_only = 0600;
    const Descriptor file{
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, owner_only)};
    if (!file.is_open() || ::fchmod(file.get(), owner_only) != 0)
        fail_on_file(path, "written", errno);
    give_to_owner_of_folder(file.get(), path);
    while (!bytes.empty()) {
        const auto put = ::write(file.get(), bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) fail_on_file(path, "written", errno);
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    if (::fsync(file.get()) != 0) fail_on_file(path, "written", errno);
}

void sync_folder(const std::string& path) {
    const Descriptor folder{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!folder.is_open() || ::fsync(folder.get()) != 0) fail_on_file(path, "written", errno);
}

void make_private_folder(const std::string& path) {
    constexpr mode_t owner_only = 0700;
    if (::mkdir(path.c_str(), owner_only) != 0) {
        if (errno == EEXIST) return;
        fail_on_file(path, "made", errno);
    }
    const Descriptor folder{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!folder.is_open()) fail_on_file(path, "made", errno);
    give_to_owner_of_folder(folder.get(), path);
    sync_folder(folder_of(path));
}

}  // namespace nudged::sources
