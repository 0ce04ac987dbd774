// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/reader.hpp"

#include "daemon/warehouse/schema.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>

namespace nudged::warehouse {
namespace {

/// SQLite would only say that it cannot open the file.
const std::string& require_file(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error) && !error)
        throw Failure(FailureKind::needs_person,
                      fmt::format("{}: there is no warehouse yet; start the daemon or run `nudged "
                                  "sync`, or check the path",
                                  path));
    return path;
}

}  // namespace

Reader::Reader(const std::string& path, std::chrono::milliseconds deadline)
    : database_(require_file(path), Database::Mode::read_only),
      snapshot_(database_, Transaction::Kind::read) {
    database_.stop_at(std::chrono::steady_clock::now() + deadline);
    require_schema(database_);
    database_.execute("PRAGMA cache_size = -16384");  // KiB
}

std::string Reader::path() const {
    return sqlite3_db_filename(database_.handle(), "main");
}

}  // namespace nudged::warehouse
