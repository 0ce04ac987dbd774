// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/singer/bench.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <future>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

const std::string self = R"(
[[source.stream]]
stream = "self"
entity = "account"
map = { name = "/name" }
)";

const std::string acme = out(R"({"type":"RECORD","stream":"accounts","record":{"id":1}})");

struct TemporaryFolderIs {
    explicit TemporaryFolderIs(const fs::path& path) { ::setenv("TMPDIR", path.c_str(), 1); }
    ~TemporaryFolderIs() { ::unsetenv("TMPDIR"); }
    TemporaryFolderIs(const TemporaryFolderIs&) = delete;
    TemporaryFolderIs& operator=(const TemporaryFolderIs&) = delete;
};

/// Pulls a source that runs `script` until it fails.
Failure failure_of(TapBench& bench, const std::string& script, TapStore& store,
                   const std::string& keys = "") {
    bench.script(script);
    const auto source = bench.source(bench.text(keys));
    return bench.failing_pull(*source, store);
}

}  // namespace

TEST_CASE("a tap gets what Singer says and sees nothing else of ours") {
    TapBench bench;
    ::setenv("CRM_TOKEN", "s3cret-token", 1);
    bench.folder.write("catalog.json", R"({"streams":[]})");
    bench.script("config\n");
    const std::string config =
        fmt::format("config_file = \"tap.json\"\ncatalog = \"catalog.json\"\nmax_memory_mb = 2048\n"
                    "[source.credentials]\nkey = \"s3cret-\\\"key\\\"\"\n");
    bench.folder.write("tap.json",
                       fmt::format(R"({{"script":"{}","auth":{{"key":"Key {{credential.key}}"}},)"
                                   R"("n":[1,2.5,null,true]}})",
                                   bench.folder.file("script")));
    auto text = bench.text(config, self);
    text.erase(text.find("config = {"),
               text.find('\n', text.find("config = {")) - text.find("config = {"));
    const auto source = bench.source(text);
    TapStore store;
    bench.pull(*source, store);
    auto& told = store.names[Entity::account];
    CAPTURE(told);
    CHECK(told["config"] == fmt::format(R"({{"script":"{}","auth":{{"key":"Key s3cret-\"key\""}},)"
                                        R"("n":[1,2.5,null,true]}})",
                                        bench.folder.file("script")));
    CHECK(told["config mode"] == "600");
    CHECK(told["folder mode"] == "700");
    CHECK(told["state"] == "none");
    CHECK(told["catalog"] == R"({"streams":[]})");
    CHECK(told["arguments"].find("s3cret") == std::string::npos);
    CHECK(told["arguments"].find("--config " + told["folder"] + "/config.json") == 0);
    CHECK(told["variables"].find("CRM_TOKEN") == std::string::npos);
    CHECK(told["variables"].find("PATH") != std::string::npos);
    CHECK(told["descriptors"] == "0 1 2 3");  // the last one is its script
    CHECK(told["core"] == "0");
    CHECK(told["memory"] == std::to_string(2048ull << 20));
    CHECK(told["group"] == "own");
    CHECK_FALSE(fs::exists(told["folder"]));
    ::unsetenv("CRM_TOKEN");
}

TEST_CASE("a secret that a tap shouts before it dies is not repeated") {
    TapBench bench;
    TapStore store;
    bench.script("err invalid key s3cret-key\nexit 1\n");
    auto text = bench.text("[source.credentials]\nkey = \"s3cret-key\"\n");
    text.replace(text.find("config = { "), 11, "config = { key = \"{credential.key}\", ");
    const auto source = bench.source(text);
    const auto failure = bench.failing_pull(*source, store);
    CHECK(std::string{failure.what()} == "the tap failed with exit status 1");
}

TEST_CASE("a tap that dies by a signal says so") {
    TapBench bench;
    TapStore store;
    const auto failure = failure_of(bench, acme + "signal 9\n", store);
    CHECK(failure.kind() == FailureKind::transient);
    CHECK(std::string{failure.what()} == "signal 9 ended the tap");
    CHECK(store.names[Entity::account].size() == 1);
}

TEST_CASE("a program that is not there needs a person") {
    TapBench bench;
    auto options = bench.options(bench.text());
    std::get<sources::SingerSourceOptions>(options.connector_options).command = {
        "tap-that-nobody-has"};
    const sources::SourceContext context{bench.http, bench.workers, [&] { return bench.now; }, ""};
    const auto source = sources::find_connector("singer")->make(options, context);
    TapStore store;
    const auto failure = bench.failing_pull(*source, store);
    CHECK(failure.kind() == FailureKind::needs_person);
    CHECK(std::string{failure.what()} ==
          "the program tap-that-nobody-has cannot be started: No such file or directory");
}

TEST_CASE("a tap that hangs is killed with its children, be it deaf or not") {
    TapBench bench;
    TapStore store;
    const auto pid = bench.folder.file("pid"), child = bench.folder.file("child");
    const std::string deaf = GENERATE("", "deaf\n");
    const auto failure =
        failure_of(bench, acme + deaf + "pid " + pid + "\nchild " + child + "\nhang\n", store,
                   "timeout_s = 1\n");
    CHECK(failure.kind() == FailureKind::transient);
    CHECK(std::string{failure.what()} == "the tap said nothing for 1 s");
    CHECK(store.names[Entity::account].size() == 1);
    CHECK(is_gone(pid));
    CHECK(is_gone(child));
}

TEST_CASE("a tap that ends well is done, whatever its children hold open") {
    TapBench bench;
    TapStore store;
    const auto child = bench.folder.file("child");
    bench.script(acme + "child " + child + "\n");
    const auto source = bench.source();
    bench.pull(*source, store);
    CHECK(store.names[Entity::account].size() == 1);
    CHECK(store.cursor.position.empty());
    CHECK(is_gone(child));
}

TEST_CASE("a tap that closes its output and lives on is killed") {
    TapBench bench;
    TapStore store;
    const auto pid = bench.folder.file("pid");
    const auto failure = failure_of(bench, acme + "pid " + pid + "\nclose\nhang\n", store);
    CHECK(std::string{failure.what()} == "the tap closed its output, but did not end");
    CHECK(store.names[Entity::account].size() == 1);
    CHECK(is_gone(pid));
}

TEST_CASE("rubbish is counted, and too much of it refused") {
    TapBench bench;
    TapStore store;
    std::string rubbish;
    for (int i = 0; i < 100; ++i) rubbish += out("warning: something");
    SECTION("a hundred lines are borne") {
        bench.script(rubbish + acme);
        const auto source = bench.source();
        bench.pull(*source, store);
        CHECK(store.names[Entity::account].size() == 1);
    }
    SECTION("one more is not") {
        const auto pid = bench.folder.file("pid");
        const auto failure = failure_of(
            bench, "pid " + pid + "\n" + acme + rubbish + out("one more") + "hang\n", store);
        CHECK(failure.kind() == FailureKind::refused);
        CHECK(std::string{failure.what()} ==
              "more than 100 lines of the tap's output are no Singer messages");
        CHECK(store.names[Entity::account].size() == 1);
        CHECK(is_gone(pid));
    }
}

TEST_CASE("a line beyond all bounds is dropped, and the next one read") {
    TapBench bench;
    TapStore store;
    bench.script("bytes 20000000\nraw \n" + out("") + acme);
    const auto source = bench.source();
    bench.pull(*source, store);
    REQUIRE(store.malformed.size() == 1);
    CHECK(store.malformed[0].what == "expected lines of at most 16 MB");
    CHECK(store.names[Entity::account].size() == 1);
}

TEST_CASE("a tap that floods waits until its pages are taken") {
    TapBench bench;
    bench.script("flood 2000000\n");  // 2 GB
    const auto source = bench.source();
    std::size_t most = 0, records = 0;
    model::Cursor cursor;
    for (int pages = 0; pages < 20; ++pages) {
        const auto page = bench.fetch(*source, cursor);
        cursor = page.cursor;
        records += page.records.size();
        most = std::max(most, page.records.size());
    }
    CHECK(records > 0);
    CHECK(most < 6000);  // a batch of 4 MB, and what one read of 1 MB adds
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    // KB: far less than what was written. The address sanitizer keeps 256 MB of what was freed.
    CHECK(usage.ru_maxrss < 500'000);
}

TEST_CASE("a tap that asks for too much memory does not get it") {
    TapBench bench;
    TapStore store;
    bench.script("memory 1000\n");
    const auto source = bench.source(bench.text("max_memory_mb = 512\n", self));
    bench.pull(*source, store);
    CHECK(store.names[Entity::account]["memory"] == "refused");
}

TEST_CASE("a stop waits for nothing, and workers kill the tap and leave nothing behind") {
    TapBench bench;
    const auto pid = bench.folder.file("pid"), child = bench.folder.file("child");
    bench.script("deaf\nconfig\n" + out(R"({"type":"STATE","value":1})") + "child " + child +
                 "\npid " + pid + "\nhang\n");
    const auto source = bench.source(bench.text("", self));
    TapStore store;
    store.keep(bench.fetch(*source));
    REQUIRE(store.names[Entity::account].contains("folder"));

    asio::cancellation_signal stop;
    std::exception_ptr thrown;
    bool is_over = false;
    asio::co_spawn(bench.loop, source->fetch_page(source->streams().front(), store.cursor),
                   asio::bind_cancellation_slot(stop.slot(),
                                                [&](std::exception_ptr error, const model::Page&) {
                                                    thrown = error;
                                                    is_over = true;
                                                }));
    bench.loop.restart();
    while (!fs::exists(pid)) bench.loop.poll_one();
    // The coroutine is at rest when nothing is left to do at once.
    while (bench.loop.poll_one() > 0 ||
           bench.loop.run_one_for(std::chrono::milliseconds{200}) > 0) {
    }
    std::promise<void> release;
    const auto released = release.get_future().share();
    for (int workers = 0; workers < 2; ++workers)
        asio::post(bench.workers, [released] { released.wait(); });
    stop.emit(asio::cancellation_type::terminal);
    while (!is_over) bench.loop.run_one();
    CHECK_THROWS_AS(std::rethrow_exception(thrown), boost::system::system_error);
    const auto folder = store.names[Entity::account]["folder"];
    CHECK(fs::exists(folder));  // the loop was free before anything was removed
    release.set_value();
    bench.workers.join();
    CHECK(is_gone(pid));
    CHECK(is_gone(child));
    CHECK_FALSE(fs::exists(folder));
}

TEST_CASE("a source that goes takes its tap along") {
    TapBench bench;
    const auto pid = bench.folder.file("pid");
    bench.script("pid " + pid + "\nflood 100000\n");
    {
        const auto source = bench.source();
        bench.fetch(*source);
    }
    CHECK(is_gone(pid));
}

TEST_CASE("what a program that was killed left behind goes with the next run") {
    TapBench bench;
    // Other tests make and remove folders of taps at the same time.
    const TemporaryFolderIs elsewhere(bench.folder.path());
    const auto leftover = bench.folder.path() / "nudged-tap-leftover";
    const auto make_leftover = [&] {
        fs::create_directory(leftover);
        std::ofstream(leftover / "config.json") << "secret";
    };
    bench.script(acme);
    const auto pull = [&] {
        TapStore store;
        bench.pull(*bench.source(), store);
        return store.names[Entity::account].size();
    };
    make_leftover();
    CHECK(pull() == 1);
    CHECK_FALSE(fs::exists(leftover));

    make_leftover();
    const int held = ::open(leftover.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    REQUIRE(::flock(held, LOCK_EX) == 0);  // as a living program does
    CHECK(pull() == 1);
    CHECK(fs::exists(leftover));
    ::close(held);
    CHECK(pull() == 1);
    CHECK_FALSE(fs::exists(leftover));
}
