// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/file_lock.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace nudged::warehouse {
namespace {

constexpr mode_t for_user_and_group = 0640;

std::string holder(int descriptor) {
    char text[32] = {};
    const auto length = ::pread(descriptor, text, sizeof text - 1, 0);
    return length > 0 ? fmt::format(" (pid {})", std::atol(text)) : "";
}

[[noreturn]] void refuse(const std::string& path, const std::string& why,
                         int code = SQLITE_CANTOPEN) {
    throw FileFailure(FailureKind::needs_person, fmt::format("{}: {}", path, why), code);
}

}  // namespace

int lock_file(const std::string& path) {
    const std::string name = path + ".lock";
    const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, for_user_and_group);
    if (descriptor < 0)
        refuse(name, fmt::format("cannot be opened ({}); check that its folder exists and that "
                                 "this user may write there",
                                 std::strerror(errno)));
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const int error = errno;
        const std::string who = holder(descriptor);
        ::close(descriptor);
        if (error != EWOULDBLOCK)
            refuse(name, fmt::format("cannot be locked ({}); keep the warehouse on a local disk",
                                     std::strerror(error)));
        refuse(path,
               fmt::format("another nudged{} holds the warehouse; stop it, or let it do the work",
                           who),
               SQLITE_BUSY);
    }
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(descriptor, 0) != 0 ||
        ::pwrite(descriptor, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
        const int error = errno;
        ::close(descriptor);
        refuse(name, fmt::format("cannot be written ({})", std::strerror(error)));
    }
    return descriptor;
}

void unlock_file(int descriptor) {
    ::close(descriptor);  // the file stays: removing it would race with who opens it next
}

void make_private_file(const std::string& path) {
    // Only a new file is opened here: closing one that SQLite has open would drop its locks.
    const int descriptor =
        ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, for_user_and_group);
    if (descriptor < 0) return;
    ::close(descriptor);
    sync_folder_of(path);
}

void sync_folder_of(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path();
    const int descriptor =
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int error = errno;
    if (descriptor >= 0) ::close(descriptor);
    // Some file systems cannot flush a folder, and need not.
    if (!is_synced && error != EINVAL && error != ENOTSUP)
        refuse(path, fmt::format("its folder cannot be flushed ({}); look for errors of the disk "
                                 "in the kernel's log",
                                 std::strerror(error)));
}

std::string change_journal_mode(Database& database, std::string_view mode) {
    auto row = database.prepare(fmt::format("PRAGMA journal_mode = {}", mode));
    std::string found;
    while (row.step()) found = row.text(0);
    return found;
}

void require_wal(Database& database) {
    if (change_journal_mode(database, "WAL") != "wal")
        refuse(sqlite3_db_filename(database.handle(), "main"),
               "its file system has no shared memory, which write-ahead logging needs; keep the "
               "warehouse on a local disk");
}

}  // namespace nudged::warehouse
