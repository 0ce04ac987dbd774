// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/rechecks.hpp"

#include "connectors/base/failure.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

#include <vector>

using namespace nudged;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;

/// Sources that are read until somebody says that they are.
class Sources {
public:
    ~Sources() {
        asio::co_spawn(loop_, tasks_.stop(), asio::detached);
        run();
    }

    bool ask(const std::string& source) {
        const bool is_begun = rechecks_.ask(source);
        run();
        return is_begun;
    }
    void finish() {
        is_read_.cancel();
        run();
    }

    std::vector<std::string> read;
    std::chrono::steady_clock::time_point now{1h};
    bool is_broken = false;

private:
    void run() {
        loop_.restart();
        loop_.poll();
    }
    asio::awaitable<void> read_source(std::string source) {
        read.push_back(source);
        if (is_broken) throw Failure(FailureKind::transient, "no connection");
        boost::system::error_code woken;
        co_await is_read_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }

    asio::io_context loop_{1};
    asio::steady_timer is_read_{loop_, asio::steady_timer::time_point::max()};
    runtime::TaskGroup tasks_{loop_.get_executor(),
                              [](std::exception_ptr thrown) { std::rethrow_exception(thrown); }};
    runtime::Rechecks rechecks_{
        tasks_, [this](std::string source) { return read_source(std::move(source)); },
        [this] { return now; }};
};

}  // namespace

TEST_CASE("a source that people ask for is read once, however many they are") {
    Sources sources;
    CHECK(sources.ask("crm"));
    CHECK(sources.ask("crm"));
    sources.now += 10min;
    CHECK(sources.ask("crm"));
    CHECK(sources.read == std::vector<std::string>{"crm"});
    CHECK(sources.ask("other"));
    CHECK(sources.read == std::vector<std::string>{"crm", "other"});
}

TEST_CASE("a source is read again at most once a minute because people ask") {
    Sources sources;
    sources.is_broken = GENERATE(false, true);
    CHECK(sources.ask("crm"));
    sources.finish();
    sources.now += 59s;
    CHECK_FALSE(sources.ask("crm"));
    sources.now += 1s;
    CHECK(sources.ask("crm"));
    CHECK(sources.read.size() == 2);
}
