// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/write_ahead_log.hpp"

#include <sqlite3.h>

#include <set>
#include <vector>

namespace nudged::warehouse {
namespace {

// https://www.sqlite.org/fileformat2.html §4.1: a header, then frames, each a header and a page.
constexpr sqlite3_int64 log_header = 32;
constexpr sqlite3_int64 frame_header = 24;

constexpr std::size_t pages_per_progress = 1024;

using File = sqlite3_file;

File& file_of(Database& database, int which) {
    File* file = nullptr;
    database.check(sqlite3_file_control(database.handle(), "main", which, &file));
    return *file;
}

/// Reads `bytes` at `offset` and writes them back; what is beyond the file's end is left alone.
void write_back(Database& database, File& file, sqlite3_int64 offset, std::vector<char>& bytes) {
    const int read =
        file.pMethods->xRead(&file, bytes.data(), static_cast<int>(bytes.size()), offset);
    if (read == SQLITE_IOERR_SHORT_READ) return;
    database.check_file(read);
    database.check_file(
        file.pMethods->xWrite(&file, bytes.data(), static_cast<int>(bytes.size()), offset));
}

std::uint32_t page_number(const std::vector<char>& frame) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(frame[i]);
    return number;
}

}  // namespace

WriteAheadLog::WriteAheadLog(Database& database, std::int64_t large)
    : database_(database), page_size_(database.integer("PRAGMA page_size")), large_(large) {
    sqlite3_wal_hook(
        database.handle(),
        [](void* self, sqlite3*, const char*, int frames) {
            static_cast<WriteAheadLog*>(self)->note(frames);
            return SQLITE_OK;
        },
        this);
}

void WriteAheadLog::note(int frames) {
    state_.bytes = frames * (frame_header + page_size_);
}

bool WriteAheadLog::was_left() const {
    auto& log = file_of(database_, SQLITE_FCNTL_JOURNAL_POINTER);
    if (!log.pMethods)
        return false;  // a file that is new: SQLite opens its log with the first write
    sqlite3_int64 size = 0;
    database_.check_file(log.pMethods->xFileSize(&log, &size));
    return size > 0;
}

void WriteAheadLog::take_up() {
    int frames = 0, taken = 0;
    database_.check(sqlite3_wal_checkpoint_v2(database_.handle(), nullptr,
                                              SQLITE_CHECKPOINT_PASSIVE, &frames, &taken));
    if (frames == taken) {
        note(0);  // the next commit begins the log anew
        state_.held_since.reset();
    } else if (!state_.held_since) {
        state_.held_since = std::chrono::steady_clock::now();
    }
}

void WriteAheadLog::empty() {
    database_.check(sqlite3_wal_checkpoint_v2(database_.handle(), nullptr,
                                              SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr));
}

void WriteAheadLog::write_again(const std::function<void()>& progress) {
    auto& log = file_of(database_, SQLITE_FCNTL_JOURNAL_POINTER);
    auto& file = file_of(database_, SQLITE_FCNTL_FILE_POINTER);
    sqlite3_int64 size = 0;
    database_.check_file(log.pMethods->xFileSize(&log, &size));
    std::vector<char> header(log_header);
    write_back(database_, log, 0, header);
    std::vector<char> frame(static_cast<std::size_t>(frame_header + page_size_));
    // The pages that a checkpoint may have written since the log was last begun anew.
    std::set<std::uint32_t> pages;
    for (auto at = log_header; at + std::ssize(frame) <= size; at += std::ssize(frame)) {
        write_back(database_, log, at, frame);
        pages.insert(page_number(frame));
        if (pages.size() % pages_per_progress == 0) progress();
    }
    database_.check_file(log.pMethods->xSync(&log, SQLITE_SYNC_NORMAL));
    std::vector<char> page(static_cast<std::size_t>(page_size_));
    for (const auto number : pages)
        if (number > 0) write_back(database_, file, (number - 1) * page_size_, page);
    database_.check_file(file.pMethods->xSync(&file, SQLITE_SYNC_NORMAL));
}

}  // namespace nudged::warehouse
