// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/slack/dialog.hpp"
#include "connectors/channels/slack/socket_mode.hpp"
#include "tests/slack_receiver/workspace.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <functional>
#include <thread>

using namespace nudged;
using namespace std::chrono_literals;
using Catch::Contains;
using channels::slack::Interaction;
using channels::slack::SocketMode;
using slack_receiver::Workspace;

namespace {

namespace asio = boost::asio;

/// nudged's end, on a loop that runs while a test waits.
class App {
public:
    explicit App(Workspace& slack,
                 channels::slack::SocketModeLimits limits = {.back_off_base = 1ms,
                                                             .back_off_cap = 5ms,
                                                             .broken_wait = 5ms,
                                                             .between_openings = 0ms,
                                                             .drain = 5s})
        : web_(options(slack), http_),
          mode_(loop_.get_executor(), web_, http_,
                {.on_interaction = [this](Interaction one) { interactions.push_back(one); },
                 .on_connected = [this] { ++hellos; },
                 .on_failure =
                     [this](FailureKind kind, const std::string& why) {
                         failures.push_back(fmt::format("{}: {}", to_string(kind), why));
                     },
                 .on_malformed = [this] { ++malformed; }},
                limits) {
        asio::co_spawn(loop_, mode_.run(),
                       asio::bind_cancellation_slot(signal_.slot(),
                                                    [this](std::exception_ptr) { ended_ = true; }));
    }
    ~App() {
        asio::post(loop_, [this] { signal_.emit(asio::cancellation_type::terminal); });
        run_until([this] { return ended_; });
    }
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    static channels::SlackBotOptions options(const Workspace& slack) {
        return {Secret{Workspace::bot_token}, "", slack.api_url(), Secret{Workspace::app_token}};
    }

    /// False when it has not become so after `patience`.
    bool run_until(const std::function<bool()>& is_so) {
        const auto end = std::chrono::steady_clock::now() + tests::patience;
        loop_.restart();
        while (!is_so() && std::chrono::steady_clock::now() < end) loop_.run_one_for(50ms);
        return is_so();
    }

    std::vector<Interaction> interactions;
    std::vector<std::string> failures;
    int hellos = 0;
    int malformed = 0;

private:
    asio::io_context loop_{1};
    net::HttpClient http_{loop_.get_executor()};
    channels::slack::WebClient web_;
    SocketMode mode_;
    asio::cancellation_signal signal_;
    bool ended_ = false;
};

/// In a thread of the server, while the loop goes on.
void send(App& app, Workspace& slack, std::size_t connection, const std::string& text) {
    std::atomic<bool> sent = false;
    std::thread sending([&] {
        slack.sockets.send(connection, text);
        sent = true;
    });
    app.run_until([&] { return sent.load(); });
    sending.join();
}

}  // namespace

TEST_CASE("what somebody clicks is acknowledged, and handed on") {
    Workspace slack;
    App app(slack);
    REQUIRE(app.run_until([&] { return app.hellos == 1; }));
    send(app, slack, 1, slack.click("e1", "U0MARA", "finding ack 9f3c2a1b77 1"));
    REQUIRE(app.run_until([&] { return app.interactions.size() == 1; }));
    const auto& one = app.interactions[0];
    CHECK(one.kind == Interaction::Kind::answer);
    CHECK(one.user == "U0MARA");
    CHECK(one.value == "finding ack 9f3c2a1b77 1");
    CHECK(one.trigger == "trigger.e1");
    CHECK(one.response_url == slack.response_url());
    CHECK(slack.sockets.wait_for_messages(1));
    CHECK(slack.sockets.received() == std::vector<std::string>{R"({"envelope_id":"e1"})"});
}

TEST_CASE("choices of a menu, forms and commands are understood as well") {
    Workspace slack;
    App app(slack);
    REQUIRE(app.run_until([&] { return app.hellos == 1; }));
    send(app, slack, 1, slack.click("e1", "U0MARA", "finding week 9f3c 1", true));
    send(app, slack, 1, slack.form("e2", "U0MARA", "form 9f3c", "It is \"won\"."));
    send(app, slack, 1, slack.command("e3", "U0MARA", "commit @ana 50 dials"));
    REQUIRE(app.run_until([&] { return app.interactions.size() == 3; }));
    CHECK(app.interactions[0].value == "finding week 9f3c 1");
    CHECK(app.interactions[1].kind == Interaction::Kind::form);
    CHECK(app.interactions[1].text == "It is \"won\".");
    CHECK(app.interactions[2].kind == Interaction::Kind::command);
    CHECK(app.interactions[2].value == "commit @ana 50 dials");
}

TEST_CASE("an envelope that comes twice is acknowledged twice, and acts once") {
    Workspace slack;
    App app(slack);
    REQUIRE(app.run_until([&] { return app.hellos == 1; }));
    send(app, slack, 1, slack.click("e1", "U0MARA", "a"));
    send(app, slack, 1, slack.click("e1", "U0MARA", "a"));
    send(app, slack, 1, slack.click("e2", "U0MARA", "b"));
    REQUIRE(app.run_until([&] { return app.interactions.size() == 2; }));
    CHECK(app.interactions[1].value == "b");
    CHECK(slack.sockets.wait_for_messages(3));
}

TEST_CASE("before Slack ends a connection, the next one stands") {
    const auto* reason = GENERATE("warning", "refresh_requested");
    INFO(reason);
    Workspace slack;
    App app(slack);
    REQUIRE(app.run_until([&] { return app.hellos == 1; }));
    send(app, slack, 1, Workspace::disconnect(reason));
    REQUIRE(app.run_until([&] { return app.hellos == 2; }));
    // The old one serves on for as long as it lasts, and the new one does.
    send(app, slack, 1, slack.click("e1", "U0MARA", "by the old one"));
    send(app, slack, 2, slack.click("e2", "U0MARA", "by the new one"));
    REQUIRE(app.run_until([&] { return app.interactions.size() == 2; }));
    CHECK(app.failures.empty());
    SECTION("Slack ends the old one") {
        slack.sockets.drop(1);
    }
    SECTION("Slack forgets to, and we do") {}
    REQUIRE(app.run_until([&] { return slack.sockets.open_connections() == 1; }));
    CHECK(app.failures.empty());
    send(app, slack, 2, Workspace::disconnect(reason));
    CHECK(app.run_until([&] { return app.hellos == 3; }));
}

TEST_CASE("a connection that breaks is opened again") {
    Workspace slack;
    App app(slack);
    REQUIRE(app.run_until([&] { return app.hellos == 1; }));
    SECTION("in the midst of a message") {
        slack.sockets.send_raw(1, std::string("\x81\x7ehalf", 6));
        slack.sockets.drop(1);
        REQUIRE(app.run_until([&] { return app.hellos == 2; }));
        REQUIRE(app.failures.size() == 1);
        CHECK_THAT(app.failures[0], Contains("transient") && !Contains("s3cr3t"));
    }
    SECTION("with a message that is too long") {
        send(app, slack, 1, std::string(2u << 20, 'x'));
        CHECK(app.run_until([&] { return app.hellos == 2; }));
    }
    SECTION("with a goodbye") {
        std::thread closing([&] { slack.sockets.close(1); });
        CHECK(app.run_until([&] { return app.hellos == 2; }));
        closing.join();
        CHECK(app.failures.empty());
    }
}

TEST_CASE("a connection that says hello and goodbye over and over is opened less and less often") {
    Workspace slack;
    // Announced, and its predecessor ended, or that would be drained first.
    const auto end = [&](App& app, std::size_t connection) {
        if (connection > 1) slack.sockets.drop(connection - 1);
        send(app, slack, connection, Workspace::disconnect("warning"));
    };
    const auto begin = std::chrono::steady_clock::now();
    SECTION("since each lives but shortly") {
        App app(slack, {.back_off_base = 100ms, .between_openings = 0ms});
        for (std::size_t i = 1; i <= 4; ++i) {
            REQUIRE(app.run_until([&] { return app.hellos == static_cast<int>(i); }));
            end(app, i);
        }
        REQUIRE(app.run_until([&] { return app.hellos == 5; }));
        // At least a tenth of 100, 200, 400 and 800 ms.
        CHECK(std::chrono::steady_clock::now() - begin >= 150ms);
        CHECK(app.failures.empty());
    }
    SECTION("and never at once, however long each lived") {
        App app(slack, {.back_off_base = 1ms, .between_openings = 200ms, .short_life = 0ms});
        for (std::size_t i = 1; i <= 2; ++i) {
            REQUIRE(app.run_until([&] { return app.hellos == static_cast<int>(i); }));
            end(app, i);
        }
        REQUIRE(app.run_until([&] { return app.hellos == 3; }));
        CHECK(std::chrono::steady_clock::now() - begin >= 400ms);
    }
}

TEST_CASE("what is no envelope is passed over") {
    Workspace slack;
    App app(slack);
    REQUIRE(app.run_until([&] { return app.hellos == 1; }));
    for (const char* text : {"{", "[]", "{\"type\":1}", "null", ""}) send(app, slack, 1, text);
    send(app, slack, 1, R"({"type":"interactive","envelope_id":"e0","payload":"x"})");
    send(app, slack, 1, slack.click("e1", "U0MARA", "a"));
    REQUIRE(app.run_until([&] { return app.interactions.size() == 1; }));
    CHECK(app.malformed == 5);
    CHECK(slack.sockets.wait_for_messages(2));  // what we do not know is acknowledged, too
}

TEST_CASE("a token that Slack refuses needs a person, and is tried again") {
    Workspace slack;
    slack.refuse_connections("invalid_auth");
    App app(slack);
    REQUIRE(app.run_until([&] { return app.failures.size() >= 2; }));
    CHECK_THAT(app.failures[0],
               Contains("needs_person") && Contains("invalid_auth") && !Contains("s3cr3t"));
    slack.refuse_connections("");
    CHECK(app.run_until([&] { return app.hellos == 1; }));
}

TEST_CASE("Socket Mode that is switched off needs a person") {
    Workspace slack;
    App app(slack);
    REQUIRE(app.run_until([&] { return app.hellos == 1; }));
    send(app, slack, 1, Workspace::disconnect("link_disabled"));
    REQUIRE(app.run_until([&] { return app.failures.size() == 1; }));
    CHECK_THAT(app.failures[0], Contains("needs_person") && Contains("switched off"));
}

TEST_CASE("what is said while answering is escaped for where it goes") {
    const auto said = channels::slack::whisper("<!channel> of A & B");
    CHECK_THAT(said, Contains("&lt;!channel&gt; of A &amp; B") && Contains("ephemeral"));
    const auto lines = channels::slack::whisper_lines("a ``` b\n" + std::string(9'000, 'x'));
    CHECK(lines.size() < 5'000);
    CHECK_THAT(lines, !Contains("a ``` b"));
    const auto form = channels::slack::form({.title = "A title that is longer than Slack takes",
                                             .hint = "<What>",
                                             .send = "Send",
                                             .value = "v"});
    CHECK_THAT(form, Contains("&lt;What&gt;") && !Contains("than Slack takes"));
}
