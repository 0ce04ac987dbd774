// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/scrub.hpp"

#include "connectors/base/failure.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

namespace nudged::warehouse {
namespace {

constexpr std::int64_t pages_a_step = 256;  // 1 MiB: a few milliseconds

// https://www.sqlite.org/fileformat2.html §1.3, §1.6
constexpr std::size_t file_header = 100;
constexpr std::size_t largest_content_start = 65536;
constexpr std::size_t free_block_header = 4;

/// A page that continues a long row, or lists free ones, begins with the number of another page. As
/// long as that number's first byte is less than the least kind of a table's or index's page, which
/// is 2, the kind tells them apart: up to 128 GiB, of pages of 4 KiB.
constexpr std::int64_t most_pages = std::int64_t{2} << 24;

std::size_t byte_at(std::string_view page, std::size_t at) {
    return static_cast<unsigned char>(page[at]);
}

std::size_t number_at(std::string_view page, std::size_t at) {
    return byte_at(page, at) << 8 | byte_at(page, at + 1);
}

void require_plain(const Database& database, std::int64_t pages) {
    if (pages < most_pages && database.integer("PRAGMA auto_vacuum") == 0) return;
    throw Failure(FailureKind::refused,
                  fmt::format("{}: what was removed cannot be overwritten step by step, since the "
                              "file has auto_vacuum, or 128 GiB and more; stop nudged and run "
                              "VACUUM with the sqlite3 shell",
                              sqlite3_db_filename(database.handle(), "main")));
}

struct FilePart {
    sqlite3_int64 offset;
    std::size_t size;
};

sqlite3_file& file_of(Database& database) {
    sqlite3_file* file = nullptr;
    database.check(
        sqlite3_file_control(database.handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file));
    return *file;
}

/// The unused parts of so many pages, by their place in the file, that hold anything.
std::vector<FilePart> find_remains(std::string_view pages, std::size_t page_size,
                                   sqlite3_int64 begin) {
    std::vector<FilePart> found;
    for (std::size_t at = 0; at < pages.size(); at += page_size) {
        const auto page = pages.substr(at, page_size);
        const auto offset = begin + static_cast<sqlite3_int64>(at);
        for (const auto& part : unused_parts(page, offset == 0)) {
            const auto bytes = page.substr(part.begin, part.end - part.begin);
            if (bytes.find_first_not_of('\0') != bytes.npos)
                found.push_back({offset + static_cast<sqlite3_int64>(part.begin), bytes.size()});
        }
    }
    return found;
}

void overwrite(Database& database, sqlite3_file& file, const std::vector<FilePart>& parts) {
    // What this connection remembers of these pages would bring the bytes back with its next write.
    if (!parts.empty()) sqlite3_db_release_memory(database.handle());
    for (const auto& [offset, size] : parts) {
        const std::string zeros(size, '\0');
        database.check_file(
            file.pMethods->xWrite(&file, zeros.data(), static_cast<int>(size), offset));
    }
}

}  // namespace

bool empty_log(Database& database) {
    constexpr int short_wait_ms = 100;  // for readers: whoever comes next waits as long
    constexpr int usual_wait_ms = 5000;
    sqlite3_busy_timeout(database.handle(), short_wait_ms);
    const int result = sqlite3_wal_checkpoint_v2(database.handle(), nullptr,
                                                 SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_busy_timeout(database.handle(), usual_wait_ms);
    if ((result & 0xff) == SQLITE_BUSY) return false;
    database.check(result);
    return true;
}

std::vector<PagePart> unused_parts(std::string_view page, bool is_first) {
    enum Kind { inner_index = 2, inner_table = 5, leaf_index = 10, leaf_table = 13 };
    const std::size_t header = is_first ? file_header : 0;
    const auto kind = byte_at(page, header);
    const bool is_inner = kind == inner_index || kind == inner_table;
    if (!is_inner && kind != leaf_index && kind != leaf_table) return {};
    const auto pointers_end = header + (is_inner ? 12 : 8) + 2 * number_at(page, header + 3);
    auto content = number_at(page, header + 5);
    if (content == 0) content = largest_content_start;
    if (pointers_end > content || content > page.size()) return {};
    std::vector<PagePart> parts{{pointers_end, content}};
    // Blocks that were freed within the content, each with the place of the next and its size.
    for (auto at = number_at(page, header + 1); at != 0;) {
        if (at < content || at + free_block_header > page.size()) return {};
        const auto next = number_at(page, at);
        const auto end = at + number_at(page, at + 2);
        if (end < at + free_block_header || end > page.size() || (next != 0 && next < end))
            return {};
        parts.push_back({at + free_block_header, end});
        at = next;
    }
    return parts;
}

Scrub::Step Scrub::step(Database& database) {
    // Then the file has the latest of every page, nobody writes one before this step ends, and no
    // older one is read from the log and written again after it.
    if (!empty_log(database)) return Step::held;
    auto& file = file_of(database);
    const auto page_size = database.integer("PRAGMA page_size");
    sqlite3_int64 size = 0;
    database.check_file(file.pMethods->xFileSize(&file, &size));
    const auto all_pages = size / page_size;
    require_plain(database, all_pages);
    const auto count = std::min<std::int64_t>(pages_a_step, all_pages - next_page_);
    if (count <= 0) {
        database.check_file(file.pMethods->xSync(&file, SQLITE_SYNC_NORMAL));
        return Step::done;
    }
    std::string pages(static_cast<std::size_t>(count * page_size), '\0');
    const auto begin = next_page_ * page_size;
    database.check_file(
        file.pMethods->xRead(&file, pages.data(), static_cast<int>(pages.size()), begin));
    overwrite(database, file, find_remains(pages, static_cast<std::size_t>(page_size), begin));
    next_page_ += count;
    return Step::more;
}

}  // namespace nudged::warehouse
