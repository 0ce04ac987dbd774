// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/caretaker.hpp"

#include "daemon/warehouse/backup.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>

using namespace nudged;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

/// A caretaker, what it runs on, and a clock that the test sets.
class House {
public:
    House() : config_(make_config()), writer_(options()) { restart(); }

    /// What it does by itself when it looks so much later.
    void look_after(std::chrono::milliseconds wait) {
        now += wait;
        run(caretaker_->do_due());
    }
    /// The same, and a command that begins while it looks whether a backup is due.
    runtime::CareReport look_and_command(const std::string& name,
                                         std::map<std::string, std::string> arguments) {
        auto looked = asio::co_spawn(loop_, caretaker_->do_due(), asio::use_future);
        auto work = caretaker_->find({.command = name, .arguments = std::move(arguments)});
        auto report = run(std::move(*work));
        looked.get();
        return report;
    }
    runtime::CareReport command(const std::string& name,
                                std::map<std::string, std::string> arguments = {}) {
        auto work = caretaker_->find({.command = name, .arguments = std::move(arguments)});
        return run(std::move(*work));
    }
    void restart() {
        caretaker_ = std::make_unique<runtime::Caretaker>(
            loop_.get_executor(), config_, writer_, rules_, [this] { return now; },
            runtime::Caretaker::Hooks{.all_synced = [this] { return all_synced; },
                                      .on_message = [this] { ++woken; },
                                      .on_noted = [] {}});
    }
    std::vector<std::string> backups() const {
        std::vector<std::string> names;
        for (const auto& backup : warehouse::list_backups(config_.backup.folder))
            names.push_back(fs::path{backup.path}.filename());
        return names;
    }
    /// Keys of the messages in the outbox without their times, the oldest first.
    std::vector<std::string> told() {
        std::vector<std::string> keys;
        for (const auto& row : warehouse::read_outbox(reader()))
            keys.insert(keys.begin(), row.key.substr(0, row.key.find_first_of("0123456789")) +
                                          row.key.substr(row.key.rfind('/') + 1));
        return keys;
    }
    std::string failure_of_backup() { return failure_of(warehouse::Upkeep::backup); }
    std::string failure_of(warehouse::Upkeep task) {
        for (const auto& state : warehouse::read_upkeep(reader().database()))
            if (state.task == task) return state.failure;
        return "none";
    }
    void add_call(const std::string& id, Instant started_at) {
        execute(fmt::format("INSERT OR IGNORE INTO source VALUES (1, 'crm', 'http');"
                            "INSERT INTO call (source_id, external_id, fetched_at, content_hash, "
                            "started_at) VALUES (1, '{}', 0, 1, {})",
                            id, to_millis(started_at)));
    }
    std::string calls() const {
        const auto opened = reader();
        auto rows = opened.database().prepare("SELECT external_id FROM call ORDER BY 1");
        std::string ids;
        while (rows.step()) ids += (ids.empty() ? "" : " ") + std::string{rows.text(0)};
        return ids;
    }
    void execute(const std::string& sql) {
        writer_.run_blocking([&](warehouse::Database& database) { database.execute(sql); });
    }
    warehouse::Reader reader() const {
        return warehouse::Reader{config_.warehouse_path().string()};
    }

    config::Config& config() { return config_; }
    runtime::Caretaker& caretaker() { return *caretaker_; }
    Instant now = *parse_instant("2026-11-20T08:00:00Z");
    bool all_synced = true;
    int woken = 0;

private:
    config::Config make_config() const {
        config::Config config;
        config.daemon.state_dir = folder_.path().string();
        config.daemon.admin_channel = "ops";
        config.backup.folder = folder_.file("backups");
        config.backup.keep = 2;
        return config;
    }
    warehouse::WriterOptions options() {
        auto options = runtime::writer_options(config_);
        rules_ = options.rules;
        return options;
    }
    template <typename Result>
    Result run(asio::awaitable<Result> work) {
        auto result = asio::co_spawn(loop_, std::move(work), asio::use_future);
        loop_.restart();
        loop_.run();
        return result.get();
    }

    tests::TempFolder folder_;
    config::Config config_;
    std::shared_ptr<warehouse::StoreRules> rules_;
    asio::io_context loop_;
    warehouse::Writer writer_;
    std::unique_ptr<runtime::Caretaker> caretaker_;
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a backup is made once all is loaded, then every day, and the newest are kept") {
    House house;
    house.all_synced = false;
    house.look_after(0s);
    CHECK(house.backups().empty());
    house.all_synced = true;
    house.look_after(1min);
    CHECK(house.backups() == Names{"nudged-20261120T080100Z.db"});
    CHECK(warehouse::verify_copy(house.config().backup.folder + "/nudged-20261120T080100Z.db")
              .empty());
    house.look_after(23h);
    CHECK(house.backups().size() == 1);
    house.look_after(1h);
    CHECK(house.backups() == Names{"nudged-20261121T080100Z.db", "nudged-20261120T080100Z.db"});
    house.look_after(24h);
    CHECK(house.backups() == Names{"nudged-20261122T080100Z.db", "nudged-20261121T080100Z.db"});
    CHECK(house.told().empty());
}

TEST_CASE("a backup that was missed is made up for, whatever is loaded by then") {
    House house;
    house.look_after(0s);
    REQUIRE(house.backups().size() == 1);
    house.restart();
    house.all_synced = false;
    house.look_after(72h);
    CHECK(house.backups().size() == 2);
}

TEST_CASE("backups that are switched off are not made") {
    House house;
    house.config().backup.every = 0s;
    house.look_after(1h);
    CHECK(house.backups().empty());
}

TEST_CASE("a backup that fails is told once, tried again every hour, and told when it works") {
    House house;
    const auto folder = house.config().backup.folder;
    house.config().backup.folder = "/proc/nowhere";
    house.look_after(0s);
    CHECK(house.told() == Names{"upkeep/backup/down"});
    CHECK(house.woken == 1);
    CHECK_THAT(house.failure_of_backup(), Contains("/proc/nowhere"));
    house.look_after(1h);
    CHECK(house.told() == Names{"upkeep/backup/down"});
    house.config().backup.folder = folder;
    house.look_after(59min);
    CHECK(house.backups().empty());
    house.look_after(1min);
    CHECK(house.backups().size() == 1);
    CHECK(house.told() == Names{"upkeep/backup/down", "upkeep/backup/up"});
    CHECK(house.failure_of_backup() == "");
}

TEST_CASE("a backup that cannot be removed is told once, and tried again every hour") {
    House house;
    const auto left = house.config().backup.folder + "/nudged-20261119T080000Z.db.partial";
    fs::create_directories(left + "/not a file");
    house.look_after(0s);
    CHECK(house.backups().size() == 1);
    CHECK(house.told() == Names{"upkeep/backup/down"});
    CHECK_THAT(house.failure_of_backup(), Contains("an older one stays: " + left));
    fs::remove(left + "/not a file");
    house.look_after(59min);
    CHECK(fs::exists(left));
    house.look_after(1min);
    CHECK_FALSE(fs::exists(left));
    CHECK(house.told() == Names{"upkeep/backup/down", "upkeep/backup/up"});
    CHECK(house.failure_of_backup() == "");
}

TEST_CASE("a warehouse that cannot be read for a moment puts the retention off by an hour") {
    House house;
    house.execute("ALTER TABLE upkeep RENAME TO elsewhere");
    CHECK_NOTHROW(house.look_after(0s));
    CHECK(house.backups().size() == 1);
    house.execute("ALTER TABLE elsewhere RENAME TO upkeep");
    house.look_after(59min);
    CHECK(warehouse::read_upkeep(house.reader().database()).empty());
    house.look_after(1min);
    CHECK(warehouse::read_upkeep(house.reader().database()).size() == 1);
}

TEST_CASE("a backup of a warehouse whose sums are wrong is not kept") {
    House house;
    house.execute("INSERT INTO source VALUES (1, 'crm', 'http');"
                  "INSERT INTO rollup_user VALUES (1, 1, 'ana');"
                  "INSERT INTO rollup SELECT 1, id, 20777, 7 FROM rollup_measure "
                  "WHERE name = 'dials'");
    house.look_after(0s);
    CHECK(house.backups().empty());
    CHECK(fs::is_empty(house.config().backup.folder));
    CHECK_THAT(house.failure_of_backup(), Contains("stored 7, counted 0"));
}

TEST_CASE("the retention is applied once a day, across restarts") {
    House house;
    house.add_call("old", Instant{});
    house.look_after(0s);
    CHECK(house.calls() == "");
    house.add_call("old", Instant{});
    house.restart();
    house.look_after(23h);
    CHECK(house.calls() == "old");
    house.look_after(1h);
    CHECK(house.calls() == "");
}

TEST_CASE("a clock that is ahead by years removes nothing, and all goes on when it is set right") {
    House house;
    house.look_after(0s);
    house.add_call("old", Instant{});
    house.add_call("new", house.now);
    constexpr auto years = std::chrono::days{1200};
    house.look_after(years);
    CHECK(house.calls() == "new old");
    CHECK(house.told() == Names{"upkeep/retention/down"});
    CHECK_THAT(house.failure_of(warehouse::Upkeep::retention),
               Contains("the clock went from 2026-11-20T08:00:00Z to 2030-03-04T08:00:00Z") &&
                   Contains("set it, if the machine was not off for so long"));
    house.look_after(23h);
    house.restart();
    house.look_after(0s);
    CHECK(house.calls() == "new old");
    house.look_after(24h - years);
    CHECK(house.calls() == "new");
    CHECK(house.told() == Names{"upkeep/retention/down", "upkeep/retention/up"});
    CHECK(house.failure_of(warehouse::Upkeep::retention) == "");
}

TEST_CASE("a machine that was off for months applies the retention a day later") {
    House house;
    house.look_after(0s);
    house.add_call("old", Instant{});
    house.restart();
    house.look_after(std::chrono::days{100});
    CHECK(house.calls() == "old");
    house.look_after(23h);
    CHECK(house.calls() == "old");
    house.look_after(1h);
    CHECK(house.calls() == "");
}

TEST_CASE("what failed while the clock was years ahead is tried again once it is set right") {
    House house;
    const auto folder = house.config().backup.folder;
    house.config().backup.folder = "/proc/nowhere";
    constexpr auto years = std::chrono::days{1200};
    house.look_after(years);
    house.config().backup.folder = folder;
    house.look_after(1min - years);
    CHECK(house.backups().size() == 1);
}

TEST_CASE("a command that is stopped leaves no half of a backup") {
    House house;
    const auto file = house.config().backup.folder + "/mine.db";
    house.caretaker().interrupt();
    const auto report = house.command("backup", {{"to", file}});
    CHECK(report.status == 1);
    CHECK_FALSE(fs::exists(file));
    CHECK_FALSE(fs::exists(file + warehouse::unfinished_suffix));
}

TEST_CASE("a command that slips in is no failure of a backup that is due") {
    House house;
    const auto file = house.config().backup.folder + "/mine.db";
    fs::create_directories(house.config().backup.folder);
    CHECK(house.look_and_command("backup", {{"to", file}}).status == 0);
    CHECK(house.told().empty());
    CHECK(fs::exists(file));
    house.look_after(1min);
    CHECK(house.backups().size() == 1);
    CHECK(house.told().empty());
}

TEST_CASE("whoever the roster names is not forgotten") {
    House house;
    auto& team = house.config().roster.teams.emplace_back();
    team.name = "North";
    team.members.emplace_back().emails = {"ana@example.com"};
    const auto refused = house.command("forget", {{"address", "Ana@example.com"}});
    CHECK(refused.status == 1);
    CHECK_THAT(refused.sentences.front(),
               Contains("teams.toml still names them, in the team \"North\""));
    CHECK(house.command("forget", {{"address", "nonsense"}}).status == 1);
    CHECK(house.command("forget", {{"address", "ben@example.com"}}).status == 0);
}

TEST_CASE("whoever the roster names by anything but their address is not forgotten either") {
    House house;
    house.execute("INSERT INTO source VALUES (1, 'crm', 'http');"
                  "INSERT INTO person (id, name, email) VALUES (7, 'Ana', 'ana@example.com');"
                  "INSERT INTO user (source_id, external_id, fetched_at, content_hash, email, "
                  "person_id) VALUES (1, 'u-ana', 0, 1, 'ana@example.com', 7)");
    auto& team = house.config().roster.teams.emplace_back();
    team.name = "North";
    const warehouse::UserLink user{"crm", "u-ana"};
    SECTION("by a user") {
        team.members.emplace_back().users = {user};
    }
    SECTION("by a user for some of the time") {
        team.members.emplace_back().aliases.emplace_back().user = user;
    }
    SECTION("by an address for some of the time") {
        team.members.emplace_back().aliases.emplace_back().email = "ana@example.com";
    }
    SECTION("as a manager of before") {
        team.past_managers.emplace_back().emails = {"ana@example.com"};
    }
    const auto refused = house.command("forget", {{"address", "ana@example.com"}});
    CHECK(refused.status == 1);
    CHECK_THAT(refused.sentences.front(), Contains("teams.toml still names them"));
}

TEST_CASE("a report comes over the socket as it was") {
    runtime::CareReport report;
    report.facts = {{"file", "/a \"b\""}};
    report.removed = {{"call", 7}};
    report.changed = {{"task", 1}};
    report.sentences = {"one", "two\n"};
    report.status = 1;
    const auto parsed = runtime::parse_care_report(to_json(report));
    REQUIRE(parsed);
    CHECK(parsed->facts == report.facts);
    CHECK(parsed->removed == report.removed);
    CHECK(parsed->changed == report.changed);
    CHECK(parsed->sentences == report.sentences);
    CHECK(parsed->status == 1);
    CHECK_FALSE(runtime::parse_care_report("unknown command \"backup\""));
}
