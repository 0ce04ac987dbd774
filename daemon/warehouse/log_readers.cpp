// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/log_readers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nudged::warehouse {
namespace {

// The index of a write-ahead log in shared memory, as https://www.sqlite.org/walformat.html
// describes it (§2.2), and the bytes of it that SQLite locks on Unix (§2.3.1).
constexpr std::size_t slots = 5;             // each a snapshot that readers share
constexpr std::size_t last_frame_at = 16;    // of the log
constexpr std::size_t taken_up_at = 96;      // the last frame that the file has, too
constexpr std::size_t slot_frames_at = 100;  // the last frame that a slot's readers see
constexpr off_t slot_locks_at = 120 + 3;
using Index = std::array<char, 136>;

std::uint32_t number_at(const Index& index, std::size_t offset) {
    std::uint32_t number = 0;
    std::copy_n(index.data() + offset, sizeof number, reinterpret_cast<char*>(&number));
    return number;
}

/// SQLite's own descriptor of the file: to open it once more and close it would drop the locks that
/// this process has on it.
std::optional<int> descriptor_of(const std::string& file) {
    struct stat wanted {};
    if (::stat(file.c_str(), &wanted) != 0) return std::nullopt;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
        const int descriptor = std::atoi(entry.path().filename().c_str());
        struct stat status {};
        if (::fstat(descriptor, &status) == 0 && status.st_ino == wanted.st_ino &&
            status.st_dev == wanted.st_dev)
            return descriptor;
    }
    return std::nullopt;
}

std::string command_of(pid_t pid) {
    std::string command;
    std::ifstream file{fmt::format("/proc/{}/comm", pid)};
    std::getline(file, command);
    return command;
}

}  // namespace

std::vector<LogReader> find_log_readers(const std::string& path) {
    const auto descriptor = descriptor_of(path + "-shm");
    Index index{};
    if (!descriptor || ::pread(*descriptor, index.data(), index.size(), 0) != ssize_t{index.size()})
        return {};
    std::vector<LogReader> readers;
    const auto last_frame = number_at(index, last_frame_at);
    if (number_at(index, taken_up_at) >= last_frame) return {};
    for (std::size_t slot = 0; slot < slots; ++slot) {
        // Readers of the first slot use the file alone, and let nothing be written into it.
        if (slot > 0 &&
            number_at(index, slot_frames_at + slot * sizeof(std::uint32_t)) >= last_frame)
            continue;
        struct flock lock {};
        lock.l_type = F_WRLCK;
        lock.l_whence = SEEK_SET;
        lock.l_start = slot_locks_at + static_cast<off_t>(slot);
        lock.l_len = 1;
        if (::fcntl(*descriptor, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) continue;
        const bool known = std::any_of(readers.begin(), readers.end(), [&](const auto& reader) {
            return reader.pid == lock.l_pid;
        });
        if (!known) readers.push_back({lock.l_pid, command_of(lock.l_pid)});
    }
    return readers;
}

std::string name_readers(const std::vector<LogReader>& readers) {
    std::string names;
    for (const auto& reader : readers) {
        if (!names.empty()) names += ", ";
        names += fmt::format("pid {}", reader.pid);
        if (!reader.command.empty()) names += fmt::format(" ({})", reader.command);
    }
    return names;
}

}  // namespace nudged::warehouse
