// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/state_sentence.hpp"

#include "daemon/runtime/notify.hpp"
#include "daemon/runtime/task_group.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <boost/asio/use_future.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>

using namespace nudged;
using namespace nudged::runtime;
using namespace std::chrono_literals;

namespace {

using Datagrams = asio::local::datagram_protocol;

/// A service manager as far as sd_notify(3) knows one.
class Manager {
public:
    Manager() : socket_(loop, Datagrams::endpoint{folder_.file("notify")}) {
        ::setenv("NOTIFY_SOCKET", folder_.file("notify").c_str(), 1);
    }
    ~Manager() { ::unsetenv("NOTIFY_SOCKET"); }
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;

    /// Waits for the next one.
    std::string next() {
        std::array<char, 4096> bytes{};
        std::size_t size = 0;
        bool is_there = false;
        socket_.async_receive(asio::buffer(bytes), [&](auto, std::size_t got) {
            size = got;
            is_there = true;
        });
        while (!is_there) {
            if (loop.stopped()) loop.restart();
            loop.run_one_for(1s);
        }
        return {bytes.data(), size};
    }

    asio::io_context loop;

private:
    tests::TempFolder folder_;
    Datagrams::socket socket_;
};

}  // namespace

TEST_CASE("one sentence says how the daemon stands") {
    CHECK(state_sentence(1, {}, false) ==
          "Polling 1 source; all have been read, and no source or channel fails");
    CHECK(state_sentence(3, {"sales: the credential is refused"}, false) ==
          "Polling 3 sources; sales: the credential is refused");
    CHECK(state_sentence(3, {"channel managers is broken: 404", "sales: the first load"}, true) ==
          "Polling 3 sources; the last reload was refused; channel managers is broken: 404; and 1 "
          "more, as `nudged status` tells");
    CHECK(state_sentence(2, {std::string(5'000, 'x')}, false).size() < 300);
}

TEST_CASE("the service manager hears of each change once, and of nothing else") {
    Manager manager;
    std::string state = "Polling 1 source";
    TaskGroup tasks(manager.loop.get_executor(), [](std::exception_ptr) {});
    const auto sentence = [&] { return state; };
    tasks.spawn(keep_telling_state(sentence, 1ms));
    CHECK(manager.next() == "STATUS=Polling 1 source");
    for (int i = 0; i < 20; ++i) manager.loop.run_one_for(20ms);  // looks that find nothing new
    // What somebody's CRM has answered is one line of text and no more.
    state = "sales: refused\nMAINPID=1";
    CHECK(manager.next() == "STATUS=sales: refused MAINPID=1");
    auto stopped = asio::co_spawn(manager.loop, tasks.stop(), asio::use_future);
    while (stopped.wait_for(0s) != std::future_status::ready) {
        if (manager.loop.stopped()) manager.loop.restart();
        manager.loop.run_one_for(20ms);
    }
}
