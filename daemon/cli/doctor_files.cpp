// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/doctor.hpp"

#include "connectors/net/version.hpp"
#include "daemon/cli/shown_time.hpp"
#include "daemon/runtime/control.hpp"
#include "daemon/warehouse/log_readers.hpp"
#include "daemon/warehouse/schema.hpp"
#include "daemon/warehouse/upkeep.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

/// The warehouse's file, what it lies on, and who has it.
namespace nudged::cli::doctor {
namespace {

namespace fs = std::filesystem;
using Verdict = Diagnosis::Verdict;
using std::chrono::steady_clock;

constexpr std::chrono::seconds longest_check{6};
constexpr std::chrono::seconds longest_ping{3};
constexpr std::uintmax_t mebibyte = 1024 * 1024;
constexpr std::uintmax_t large_log = 256 * mebibyte;
constexpr std::uintmax_t least_room = 256 * mebibyte;

std::string size_text(std::uintmax_t bytes) {
    const double size = static_cast<double>(bytes) / mebibyte;
    return size < 1024 ? fmt::format("{:.1f} MiB", size) : fmt::format("{:.1f} GiB", size / 1024);
}

std::uintmax_t size_of(const fs::path& file) {
    std::error_code none;
    const auto size = fs::file_size(file, none);
    return none ? 0 : size;
}

Diagnosis check_pages(warehouse::Database& database, std::uintmax_t size) {
    database.stop_at(steady_clock::now() + longest_check);
    std::string problems;
    try {
        auto row = database.prepare("PRAGMA quick_check(3)");
        while (row.step())
            if (row.text(0) != "ok")
                problems += (problems.empty() ? "" : "; ") + std::string{row.text(0)};
    } catch (const warehouse::FileFailure&) {
        throw;
    } catch (const Failure&) {
        return {"warehouse", Verdict::note,
                fmt::format("{}; no damage seen in the {} s that were looked", size_text(size),
                            longest_check.count()),
                "`nudged warehouse verify` looks at all of it, beside the daemon"};
    }
    if (problems.empty())
        return {"warehouse", Verdict::good, fmt::format("{}, sound", size_text(size))};
    return {
        "warehouse", Verdict::person, "damaged: " + problems,
        "stop nudged, keep a copy of the file, and run `nudged warehouse restore` with the newest "
        "of `nudged warehouse backups`"};
}

Diagnosis check_schema(const warehouse::Database& database) {
    const auto found = database.integer("PRAGMA user_version");
    const int known = warehouse::schema_version();
    auto sqlite = database.prepare("SELECT sqlite_version()");
    sqlite.step();
    Diagnosis versions{"versions", Verdict::good,
                       fmt::format("nudged {}, schema {}, SQLite {}, {}", NUDGED_VERSION, found,
                                   sqlite.text(0), net::library_versions())};
    if (database.integer("PRAGMA application_id") != warehouse::application_id) {
        versions.verdict = Verdict::person;
        versions.remedy = "that file is no warehouse of nudged: look at state_dir";
    } else if (found > known) {
        versions.verdict = Verdict::person;
        versions.remedy = fmt::format(
            "the warehouse is of a newer nudged than this one, which knows schema {}: install that "
            "one again",
            known);
    } else if (found < known) {
        versions.verdict = Verdict::note;
        versions.remedy = fmt::format(
            "the daemon brings the warehouse to schema {} when it is started the next time", known);
    }
    return versions;
}

Diagnosis check_log(const std::string& warehouse) {
    const auto size = size_of(warehouse + "-wal");
    Diagnosis log{"write-ahead log", Verdict::good, size_text(size)};
    if (size < large_log) return log;
    const auto readers = warehouse::name_readers(warehouse::find_log_readers(warehouse));
    log.verdict = readers.empty() ? Verdict::note : Verdict::person;
    log.text += readers.empty() ? "" : ", held by " + readers;
    log.remedy =
        readers.empty()
            ? "a first load makes it large for a while; if it stays so, look for a program "
              "that reads the warehouse all the time"
            : "end that read, or let it read in short transactions";
    return log;
}

Diagnosis check_upkeep(const warehouse::Database& database, const config::Config& config) {
    if (config.backup.every.count() == 0)
        return {"backup", Verdict::note, "the daemon makes none",
                "set [backup] every, unless something else copies the warehouse"};
    for (const auto& task : warehouse::read_upkeep(database)) {
        if (task.task != warehouse::Upkeep::backup) continue;
        if (task.failed_at)
            return {"backup", Verdict::person, "the latest failed: " + task.failure,
                    "mend what the text names; the next try is in an hour"};
        if (task.done_at)
            return {"backup", Verdict::good, "last made " + shown_time(*task.done_at)};
    }
    return {"backup", Verdict::note, "none has been made yet",
            "the running daemon makes one by itself"};
}

Diagnoses look_at_warehouse(const config::Config& config) {
    const auto file = config.warehouse_path();
    if (std::error_code none; !fs::exists(file, none))
        return {{"warehouse", Verdict::note, file.string() + " is not there yet",
                 "it is made by the daemon, or by `nudged sync`"}};
    warehouse::Database database(file.string(), warehouse::Database::Mode::read_only);
    Diagnoses seen{check_pages(database, size_of(file)), check_schema(database)};
    seen.push_back(check_log(file.string()));
    if (seen[1].verdict == Verdict::good) seen.push_back(check_upkeep(database, config));
    return seen;
}

/// `wanted` is what a copy of the warehouse takes.
Diagnosis check_room(const std::string& name, fs::path folder, std::uintmax_t wanted) {
    std::error_code none;
    while (!fs::exists(folder, none) && folder.has_relative_path()) folder = folder.parent_path();
    struct statvfs disk {};
    if (::statvfs(folder.c_str(), &disk) != 0)
        return {name, Verdict::person,
                fmt::format("{} cannot be looked at: {}", folder.string(), std::strerror(errno)),
                "make the folder, readable by nudged"};
    const auto room = static_cast<std::uintmax_t>(disk.f_bavail) * disk.f_frsize;
    Diagnosis seen{name, Verdict::good,
                   fmt::format("{} free at {}", size_text(room), folder.string())};
    if ((disk.f_flag & ST_RDONLY) != 0) {
        seen.verdict = Verdict::person;
        seen.text += ", read-only";
        seen.remedy = "mount it for writing";
    } else if (room < least_room || (disk.f_files > 0 && disk.f_favail == 0)) {
        seen.verdict = Verdict::person;
        seen.remedy = disk.f_favail == 0 ? "it has no inode left: remove files"
                                         : "free some, or the warehouse cannot be written soon";
    } else if (room < wanted + least_room) {
        seen.verdict = Verdict::note;
        seen.remedy =
            fmt::format("free some: the next backup or change of the schema takes a copy of {}",
                        size_text(wanted));
    }
    return seen;
}

Diagnoses look_at_disk(const config::Config& config) {
    const auto size = size_of(config.warehouse_path());
    Diagnoses seen{check_room("disk", config.daemon.state_dir, size)};
    const fs::path backups = config.backup.folder;
    if (backups.parent_path() != fs::path{config.daemon.state_dir})
        seen.push_back(check_room("disk of backups", backups, size));
    return seen;
}

Diagnosis not_running(const std::string& socket, bool is_idle) {
    if (::access(socket.c_str(), F_OK) == 0 && ::access(socket.c_str(), W_OK) != 0)
        return {"daemon", Verdict::note, "may not be asked: " + socket + " is not open to you",
                "ask as root, or as somebody in the group nudged"};
    if (is_idle)
        return {"daemon", Verdict::note, "not running; no source is configured yet",
                "`nudged setup` connects a CRM"};
    return {"daemon", Verdict::person, "not running", "`systemctl enable --now nudged`"};
}

Diagnoses look_at_daemon(const config::Config& config) {
    const auto socket = config.control_socket_path();
    auto client = runtime::ControlClient::connect(socket);
    if (!client) return {not_running(socket, config.sources.empty())};
    std::string told;
    try {
        client->ask(
            {.command = "ping", .arguments = {}},
            [&](const runtime::ControlReply& reply) { told += reply.text; }, longest_ping);
    } catch (const Failure&) {
        return {{"daemon", Verdict::person, "runs, and does not answer",
                 "look at `journalctl -u nudged`, and restart it"}};
    }
    const bool is_this = told.find(" " NUDGED_VERSION " ") != told.npos;
    return {{"daemon", is_this ? Verdict::good : Verdict::person, told,
             is_this ? "" : "it is not the program that is installed: restart it"}};
}

}  // namespace

std::vector<Probe> probes_of_files(const SharedConfig& config) {
    return {{"daemon", [config] { return look_at_daemon(*config); }},
            {"warehouse", [config] { return look_at_warehouse(*config); }},
            {"disk", [config] { return look_at_disk(*config); }}};
}

}  // namespace nudged::cli::doctor
