// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/database.hpp"
#include "tests/daemon/cli/site.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <fstream>

#include <sys/mount.h>
#include <unistd.h>

using namespace nudged;
using namespace nudged::tests;
using Catch::Contains;
using warehouse::Database;

namespace {

namespace fs = std::filesystem;

bool has(const Process& daemon, const std::string& text) {
    return daemon.output().find(text) != std::string::npos;
}

/// A file system in memory for the state, of a size that we choose; only root may mount one.
class Mount {
public:
    Mount(std::string folder, const char* options) : folder_(std::move(folder)) {
        fs::create_directories(folder_);
        is_mounted_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, options) == 0;
    }
    ~Mount() {
        if (is_mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
    }
    Mount(const Mount&) = delete;
    Mount& operator=(const Mount&) = delete;

    bool is_mounted() const { return is_mounted_; }
    void remount(const char* options, unsigned long flags = 0) const {
        REQUIRE(::mount("tmpfs", folder_.c_str(), "tmpfs", MS_REMOUNT | flags, options) == 0);
    }

private:
    std::string folder_;
    bool is_mounted_ = false;
};

void synced_as(const Site& site, const Crm& crm) {
    const Site other(crm.url());
    REQUIRE(other.nudged({"sync"}).status == 0);
    CHECK(site.contents() == other.contents());
}

}  // namespace

TEST_CASE("while the disk is full the daemon says so, and when there is room all goes on") {
    const Crm crm;
    const Site site(crm.url());
    const Mount mount(site.folder().file("state"), "size=900k");
    if (!mount.is_mounted()) {
        WARN("skipped: mounting a file system needs root");
        return;
    }
    auto daemon = site.start_daemon();
    REQUIRE(eventually([&] { return has(daemon, "warehouse.failing"); }));
    CHECK(has(daemon, "no space left; free some on its file system"));
    CHECK_THAT(site.for_a_person(), Contains("nudged.db: no space left; free some"));
    mount.remount("size=64m");
    REQUIRE(eventually([&] { return has(daemon, "warehouse.mended"); }));
    REQUIRE(eventually([&] { return has(daemon, "evaluation.done"); }));
    CHECK(site.for_a_person().empty());
    daemon.signal(SIGTERM);
    CHECK(daemon.wait() == 0);
    synced_as(site, crm);
}

TEST_CASE("a daemon waits, under a service manager, for a file system that can be written") {
    const Crm crm;
    const Site site(crm.url());
    const Mount mount(site.folder().file("state"), "size=64m");
    if (!mount.is_mounted()) {
        WARN("skipped: mounting a file system needs root");
        return;
    }
    mount.remount("size=64m", MS_RDONLY);
    const auto alone = site.nudged({"run"});
    CHECK(alone.status == 69);
    CHECK_THAT(alone.output, Contains("nudged.db.lock: cannot be opened (Read-only file system)"));
    ::setenv("NOTIFY_SOCKET", site.folder().file("nobody-listens").c_str(), 1);
    Process daemon(site.command({"run"}), site.folder().file("daemon.log"));
    ::unsetenv("NOTIFY_SOCKET");
    REQUIRE(eventually([&] { return has(daemon, "Read-only file system"); }));
    CHECK(daemon.runs());
    mount.remount("size=64m");
    REQUIRE(eventually([&] { return has(daemon, "evaluation.done"); }));
    CHECK(site.for_a_person().empty());
    daemon.signal(SIGTERM);
    CHECK(daemon.wait() == 0);
}

TEST_CASE("while another program holds the file the daemon says so, and then goes on") {
    const Crm crm;
    const Site site(crm.url());
    auto daemon = site.start_daemon();
    REQUIRE(eventually([&] { return has(daemon, "evaluation.done"); }));
    {
        Database other{site.warehouse(), Database::Mode::read_write};
        const warehouse::Transaction held{other};
        REQUIRE(eventually([&] { return has(daemon, "warehouse.failing"); }));
        CHECK_THAT(site.for_a_person(), Contains("another program holds the file; close it there"));
    }
    REQUIRE(site.nudged({"sync"}).status == 0);
    CHECK(has(daemon, "warehouse.mended"));
    CHECK(site.for_a_person().empty());
}

TEST_CASE("a second daemon is refused and told who is there") {
    const Crm crm;
    const Site site(crm.url());
    const auto daemon = site.start_daemon();
    const auto second = site.nudged({"run"});
    CHECK(second.status == 69);
    CHECK_THAT(second.output, Contains(fmt::format("another nudged (pid {}) holds the warehouse; "
                                                   "stop it, or let it do the work",
                                                   daemon.pid())));
}

TEST_CASE("a damaged warehouse is told of by every command, and is left as it is") {
    const Crm crm;
    const Site site(crm.url());
    REQUIRE(site.nudged({"sync"}).status == 0);
    SECTION("from its first page on") {
        std::fstream{site.warehouse(), std::ios::in | std::ios::out | std::ios::binary}
            << std::string(8192, 'x');
        const auto before = read_file(site.warehouse());
        const auto run = site.nudged({"run"});
        CHECK(run.status == 65);
        CHECK_THAT(run.output, Contains("nudged.db: damaged") &&
                                   Contains("stop nudged, keep the file, restore a backup"));
        CHECK_THAT(site.for_a_person(), Contains("restore a backup"));
        CHECK(read_file(site.warehouse()) == before);
    }
    SECTION("in the middle, where the calls are") {
        std::fstream file{site.warehouse(), std::ios::in | std::ios::out | std::ios::binary};
        for (std::streamoff page = 80; page < 120; ++page)
            file.seekp(page * 4096) << std::string(4096, 'x');
        file.close();
        const auto verify = site.nudged({"warehouse", "verify"});
        CAPTURE(verify.output);
        CHECK(verify.status != 0);
    }
}
