// SPDX-License-Identifier: Apache-2.0
#include "tests/outbox/kill_points.hpp"

#include <atomic>
#include <csignal>
#include <mutex>
#include <sqlite3.h>
#include <stdexcept>
#include <unistd.h>

namespace nudged::tests {
namespace {

std::string step_to_die_at;
std::atomic<int> left{0};
std::mutex in_flight_mutex;
std::string in_flight;

/// What the transaction is about, once that is known; the writer's thread alone.
std::string transaction;
bool is_committing = false;

std::string_view trimmed(const char* sql) {
    std::string_view text = sql ? sql : "";
    const auto begin = text.find_first_not_of(" \n");
    return begin == text.npos ? std::string_view{} : text.substr(begin);
}

void on_begin(std::string_view sql) {
    if (sql.starts_with("BEGIN")) reach("look begun");
    if (sql.starts_with("COMMIT")) is_committing = true;
}

void on_end(std::string_view sql) {
    if (sql.starts_with("UPDATE outbox SET state = 'claimed'")) {
        transaction = "claim";
        reach("claim made");
    } else if (sql.starts_with("UPDATE outbox SET state = ?2, payload")) {
        transaction = "outcome";
        reach("outcome made");
    } else if (sql.starts_with("COMMIT") || sql.starts_with("ROLLBACK")) {
        is_committing = false;
        if (transaction == "outcome") set_in_flight("");
        if (!transaction.empty() && sql.starts_with("COMMIT")) reach(transaction + " committed");
        transaction.clear();
    }
}

int trace(unsigned kind, void*, void* statement, void*) {
    const auto sql = trimmed(sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
    kind == SQLITE_TRACE_STMT ? on_begin(sql) : on_end(sql);
    return 0;
}

int watch_connection(sqlite3* connection, const char**, const sqlite3_api_routines*) {
    return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE, trace, nullptr);
}

using Write = ssize_t (*)(int, const void*, size_t, off_t);
Write real_write = nullptr;

/// Half of it first, so that a death in between leaves a torn write.
ssize_t watched_write(int file, const void* bytes, size_t size, off_t at) {
    if (!is_committing || transaction.empty() || size < 2) return real_write(file, bytes, size, at);
    const auto half = static_cast<off_t>(size / 2);
    const auto written = real_write(file, bytes, size / 2, at);
    if (written != half) return written;
    reach(transaction + " being committed");
    const auto* rest = static_cast<const char*>(bytes) + half;
    const auto more = real_write(file, rest, size - size / 2, at + half);
    return more < 0 ? written : written + more;
}

}  // namespace

void die_at(const std::string& step, int nth) {
    step_to_die_at = step;
    left = nth;
}

void set_in_flight(const std::string& key) {
    const std::lock_guard lock(in_flight_mutex);
    in_flight = key;
}

void reach(std::string_view step) {
    if (step_to_die_at.empty() || step != step_to_die_at || --left != 0) return;
    std::string report = "killed";
    {
        const std::lock_guard lock(in_flight_mutex);
        if (!in_flight.empty()) report += " " + in_flight;
    }
    report += "\n";
    if (::write(STDOUT_FILENO, report.data(), report.size()) < 0) std::abort();
    ::kill(::getpid(), SIGKILL);
    for (;;) ::pause();
}

void watch_sqlite() {
    using Extension = void (*)();
    if (sqlite3_auto_extension(reinterpret_cast<Extension>(watch_connection)) != SQLITE_OK)
        throw std::runtime_error("SQLite takes no extension");
    auto* vfs = sqlite3_vfs_find(nullptr);
    const bool has_64 = vfs->xGetSystemCall(vfs, "pwrite64") != nullptr;
    const char* name = has_64 ? "pwrite64" : "pwrite";
    real_write = reinterpret_cast<Write>(vfs->xGetSystemCall(vfs, name));
    if (vfs->xSetSystemCall(vfs, name, reinterpret_cast<sqlite3_syscall_ptr>(watched_write)) !=
        SQLITE_OK)
        throw std::runtime_error("SQLite's writes cannot be watched");
}

}  // namespace nudged::tests
