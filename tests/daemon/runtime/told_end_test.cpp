// SPDX-License-Identifier: Apache-2.0
// A finding that a digest tells, that is settled and comes back, from the CRM's records to what a
// program is handed that keeps account of them.
#include "connectors/channels/catalog.hpp"
#include "daemon/runtime/delivery.hpp"
#include "daemon/runtime/evaluator.hpp"
#include "daemon/runtime/task_group.hpp"
#include "tests/support/process.hpp"
#include "tests/support/world/world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>
#include <rapidjson/document.h>

#include <filesystem>
#include <fstream>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

namespace asio = boost::asio;

namespace {

/// Monday 23 November 2026, 09:00 in UTC.
const Instant monday = at(2026y / 11 / 23, 9);

/// Max's team, whose digest goes to a program of theirs.
class Account {
public:
    Account() : config_(make_config()) {
        close_date("Acme", 2026y / 11 / 2);
        close_date("Globex", 2026y / 11 / 2);
    }
    ~Account() { workers_.join(); }

    void close_date(const char* deal, std::chrono::year_month_day date) {
        world_.now(fetched_ += 1min);
        world_.opportunity(deal).owner("ana").created(noon(2026y / 9 / 1)).close_date(day(date));
    }

    /// The daemon starts, judges everything, delivers what is due, and ends.
    void evaluate(Instant now) {
        now_ = now;
        world_.mark_all_complete(now);
        world_.reader();  // stores what was drafted
        warehouse::WriterOptions options;
        options.path = config_.warehouse_path().string();
        warehouse::Writer writer(std::move(options));
        net::HttpClient http(loop_.get_executor());
        std::vector<runtime::Destination> destinations;
        destinations.push_back(
            {"program", channels::find_kind("command")->make(config_.channels.at(0), http)});
        runtime::Delivery delivery(loop_.get_executor(), writer, std::move(destinations),
                                   [this] { return now_; });
        run(evaluate_once(writer));
        while (run(delivery.deliver_once("program"))) {
        }
    }

    /// What the program has been handed: "digest.daily: Acme open, Globex open".
    Strings handed() const {
        std::ifstream lines(folder_.file("handed"));
        Strings all;
        for (std::string line; std::getline(lines, line);) {
            rapidjson::Document json;
            json.Parse(line);
            REQUIRE_FALSE(json.HasParseError());
            Strings findings;
            for (const auto& section : json["data"]["sections"].GetArray())
                for (const auto& item : section["items"].GetArray())
                    for (const auto& finding : item["findings"].GetArray())
                        findings.push_back(fmt::format("{} {}", finding["title"].GetString(),
                                                       finding["state"].GetString()));
            std::sort(findings.begin(), findings.end());
            all.push_back(
                fmt::format("{}: {}", json["type"].GetString(), fmt::join(findings, ", ")));
        }
        return all;
    }
    /// The ids of a deal's finding, in the order in which they were handed over.
    Strings ids_of(const std::string& deal) const {
        std::ifstream lines(folder_.file("handed"));
        Strings ids;
        for (std::string line; std::getline(lines, line);) {
            rapidjson::Document json;
            json.Parse(line);
            for (const auto& section : json["data"]["sections"].GetArray())
                for (const auto& item : section["items"].GetArray())
                    for (const auto& finding : item["findings"].GetArray())
                        if (finding["title"].GetString() == deal)
                            ids.emplace_back(finding["id"].GetString());
        }
        return ids;
    }

private:
    template <typename Result>
    Result run(asio::awaitable<Result> work) {
        auto done = asio::co_spawn(loop_, std::move(work), asio::use_future);
        while (done.wait_for(0s) != std::future_status::ready) {
            if (loop_.stopped()) loop_.restart();
            loop_.run_one_for(20ms);
        }
        return done.get();
    }

    asio::awaitable<void> evaluate_once(warehouse::Writer& writer) {
        const auto loop = co_await asio::this_coro::executor;
        runtime::Wake done(loop);
        runtime::Evaluator::Hooks hooks{.all_synced = [] { return true; },
                                        .on_messages = [] {},
                                        .on_cycle = [&done] { done.set(); }};
        runtime::Evaluator evaluator(
            loop, config_, workers_, writer, [this] { return now_; }, hooks);
        runtime::TaskGroup tasks(loop, [](std::exception_ptr) {});
        tasks.spawn(evaluator.run());
        evaluator.wake();
        co_await done.wait(1min);
        co_await tasks.stop();
        if (!evaluator.trouble().empty()) throw std::runtime_error(evaluator.trouble());
    }

    config::Config make_config() {
        world_.team("North").manager("max").rep("ana").channel("program");
        world_.user("ana").email("ana@example.com");
        const std::filesystem::path file = world_.path();
        config::Config config;
        config.daemon.state_dir = file.parent_path().string();
        std::filesystem::create_symlink(file, config.warehouse_path());
        config.roster = world_.roster();
        config.alerts.shadow = false;
        config.alerts.brief.enabled = false;
        config.checks = {};
        channels::CommandOptions program;
        program.command = {"/bin/sh", "-c",
                           fmt::format("cat >>{0} && echo >>{0}", folder_.file("handed"))};
        channels::ChannelOptions options;
        options.name = "program";
        options.kind = "command";
        options.audience = channels::Audience::manager;
        options.kind_options = std::move(program);
        config.channels.push_back(std::move(options));
        return config;
    }

    TempFolder folder_;
    Instant now_{};
    Instant fetched_ = monday - 1h;
    World world_{monday};
    config::Config config_;
    asio::thread_pool workers_{1};
    asio::io_context loop_;
};

const Instant tuesday = monday + 24h;
const Instant wednesday = tuesday + 24h;

}  // namespace

TEST_CASE("who keeps account of findings hears that one is settled, and that it is back") {
    Account account;
    account.evaluate(monday);
    CHECK(account.handed() == Strings{"digest.daily: Acme open, Globex open"});

    account.close_date("Acme", 2027y / 3 / 31);
    account.evaluate(tuesday - 2h);
    CHECK(account.handed().size() == 2);
    CHECK(account.handed().back() == "alert.resolved: Acme resolved");
    // It is said once, however often it is looked at.
    account.evaluate(tuesday - 1h);
    CHECK(account.handed().size() == 2);

    account.close_date("Acme", 2026y / 11 / 2);
    account.evaluate(wednesday - 2h);
    CHECK(account.handed().back() == "alert.firing: Acme open");
    const auto ids = account.ids_of("Acme");
    REQUIRE(ids.size() == 3);
    CHECK(ids[0].size() == 32);
    CHECK(ids[1] == ids[0]);
    CHECK(ids[2] == ids[0]);
    CHECK(account.ids_of("Globex").at(0) != ids[0]);
}
