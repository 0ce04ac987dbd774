// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/query_clock.hpp"

#include <sqlite3.h>

namespace nudged::warehouse {
namespace {

/// 1970-01-01 as SQLite counts: milliseconds since noon of the first Julian day.
constexpr std::int64_t julian_epoch_ms = 210'866'760'000'000;

thread_local std::int64_t present_ms = 0;

int tell_time(sqlite3_vfs*, sqlite3_int64* julian_ms) {
    *julian_ms = julian_epoch_ms + present_ms;
    return SQLITE_OK;
}

sqlite3_vfs make_clocked() {
    sqlite3_vfs files = *sqlite3_vfs_find(nullptr);
    files.zName = "nudged-query";
    files.pNext = nullptr;
    files.xCurrentTimeInt64 = tell_time;
    return files;
}

}  // namespace

const char* query_clock() {
    static sqlite3_vfs clocked = make_clocked();
    static const int registered = sqlite3_vfs_register(&clocked, 0);
    return registered == SQLITE_OK ? clocked.zName : nullptr;
}

QueryClock::QueryClock(Instant now) {
    present_ms = to_millis(now);
}

QueryClock::~QueryClock() {
    present_ms = 0;
}

}  // namespace nudged::warehouse
