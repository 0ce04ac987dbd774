// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/catalog.hpp"
#include "connectors/channels/command/verdict.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace nudged;
using channels::Outcome;
using channels::command::outcome_of;
using channels::command::redact;
namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

struct Program {
    explicit Program(std::vector<std::string> command,
                     std::chrono::seconds timeout = std::chrono::seconds{30}) {
        channels::ChannelOptions options;
        options.name = "pager";
        options.kind = "command";
        options.kind_options = channels::CommandOptions{std::move(command), timeout};
        channel = channels::find_kind("command")->make(options, http);
    }

    channels::SendOutcome send(const std::string& payload) {
        const std::string key = "key-1";
        auto sent = asio::co_spawn(loop, channel->send(payload, key), asio::use_future);
        loop.restart();
        while (sent.wait_for(std::chrono::seconds{0}) != std::future_status::ready) loop.run_one();
        return sent.get();
    }

    asio::io_context loop;
    net::HttpClient http{loop.get_executor()};
    std::unique_ptr<channels::Channel> channel;
};

struct Folder {
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "nudged-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
    }
    ~Folder() { fs::remove_all(path); }
    std::string read(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(path / name).rdbuf();
        return text.str();
    }
    fs::path path;
};

/// A script that finds the folder as $1.
struct Script : Folder, Program {
    explicit Script(const std::string& text,
                    std::chrono::seconds timeout = std::chrono::seconds{30})
        : Program({"/bin/sh", "-c", text, "sh", path.string()}, timeout) {}
};

}  // namespace

TEST_CASE("a program gets the message on its standard input, and its id in the environment") {
    ::setenv("NUDGED_TEST_SECRET", "s3cr3t", 1);
    Script program("cat > $1/message; env > $1/env; pwd > $1/where");
    model::Message message;
    message.title = "North";
    const auto payload = program.channel->render(message);
    CHECK(program.send(payload).outcome == Outcome::delivered);
    CHECK(program.read("message") == payload);
    CHECK(program.read("where") == "/\n");
    const auto environment = program.read("env");
    CHECK(environment.find("NUDGED_MESSAGE_ID=key-1\n") != std::string::npos);
    CHECK(environment.find("NUDGED_TEST_SECRET") == std::string::npos);
    ::unsetenv("NUDGED_TEST_SECRET");
}

TEST_CASE("no shell reads the arguments, and a program need not read its input") {
    Program program({"/bin/echo", "$(touch /tmp/never)", ";", "false"});
    CHECK(program.send(std::string(1u << 20, 'x')).outcome == Outcome::delivered);
}

TEST_CASE("the exit status says what came of it") {
    struct Case {
        const char* name;
        int status;
        Outcome outcome;
    };
    // The statuses of sysexits(3).
    const auto c = GENERATE(values<Case>({
        {"done", 0, Outcome::delivered},
        {"failed", 1, Outcome::transient},
        {"usage", 64, Outcome::refused_destination},
        {"data", 65, Outcome::refused_payload},
        {"input", 66, Outcome::refused_payload},
        {"user", 67, Outcome::refused_destination},
        {"host", 68, Outcome::refused_destination},
        {"unavailable", 69, Outcome::transient},
        {"software", 70, Outcome::transient},
        {"system", 71, Outcome::transient},
        {"system file", 72, Outcome::refused_destination},
        {"cannot create", 73, Outcome::refused_destination},
        {"I/O", 74, Outcome::transient},
        {"temporary", 75, Outcome::transient},
        {"protocol", 76, Outcome::transient},
        {"permission", 77, Outcome::refused_destination},
        {"configuration", 78, Outcome::refused_destination},
        {"cannot be run", 126, Outcome::refused_destination},
        {"not found", 127, Outcome::refused_destination},
        {"killed", 137, Outcome::ambiguous},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(to_string(outcome_of(c.status)) == to_string(c.outcome));
    }
}

TEST_CASE("a refusal is told with the first line of the errors, without what the message held") {
    Script program("echo; echo 'pager down: Acme Ltd' >&2; echo two >&2; exit 75");
    const auto sent = program.send(R"({"data":{"title":"Acme Ltd"}})");
    CHECK(sent.outcome == Outcome::transient);
    CHECK(sent.reason == "the program ended with status 75: pager down: …");
    Script killed("kill -9 $$");
    CHECK(killed.send("{}").reason == "signal 9 ended the program");
}

TEST_CASE("what a program says is told without credentials, addresses, quotes and values") {
    struct Case {
        const char* line;
        const char* told;
    };
    const auto c = GENERATE(values<Case>({
        {"cannot reach the gateway", "cannot reach the gateway"},
        {"401 from https://u:p@sms.example:8443/send?key=abc",
         "401 from https://sms.example:8443/…"},
        {"no such user ana@example.com", "no such user …"},
        {"token=s3cr3t is bad", "token=… is bad"},
        {"key xoxb-1234567890-abcdefghij is bad", "key … is bad"},
        {"unknown recipient 'Ana Lee' here", "unknown recipient '…' here"},
        {"deal Globex GmbH is odd", "deal … is odd"},
        {"red \x1b[31m\u202Ealert", "red [31m alert"},
    }));
    CAPTURE(c.line);
    CHECK(redact(c.line, R"({"data":{"sections":[{"items":[{"title":"Globex GmbH"}]}]}})") ==
          c.told);
    CHECK(redact(std::string(100'000, 'x') + " y", "{}").size() <= 202);
}

TEST_CASE("a program that does not end is stopped with all that it started, without a verdict") {
    Script program("sleep 60 & echo $! > $1/child; trap '' TERM; wait; sleep 60",
                   std::chrono::seconds{1});
    const auto sent = program.send("{}");
    CHECK(sent.outcome == Outcome::ambiguous);
    CHECK(sent.reason == "the program was stopped after 1 s, without a verdict");
    const auto child = std::stoi(program.read("child"));
    // A zombie that nobody has waited for yet has no memory any more.
    std::ifstream status("/proc/" + std::to_string(child) + "/statm");
    std::string size;
    const bool is_gone = !(status >> size) || size == "0";
    CHECK(is_gone);
}

TEST_CASE("output without end does not stop a program from ending") {
    Script program(
        "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; echo 'too late' >&2; exit 65");
    const auto sent = program.send("{}");
    CHECK(sent.outcome == Outcome::refused_payload);
    CHECK(sent.reason.size() <= 512);
}

TEST_CASE("a program that is not there needs a person") {
    Program program({"/nonexistent/program"});
    const auto sent = program.send("{}");
    CHECK(sent.outcome == Outcome::refused_destination);
    CHECK(sent.reason.find("/nonexistent/program") != std::string::npos);
}

TEST_CASE("a cancelled send kills its program") {
    Script program("echo $$ > $1/new; mv $1/new $1/pid; exec sleep 60");
    asio::cancellation_signal stop;
    const std::string payload = "{}";
    const std::string key = "key";
    bool ended = false;
    std::exception_ptr thrown;
    asio::co_spawn(program.loop, program.channel->send(payload, key),
                   asio::bind_cancellation_slot(
                       stop.slot(), [&](std::exception_ptr what, const channels::SendOutcome&) {
                           thrown = what;
                           ended = true;
                       }));
    while (!fs::exists(program.path / "pid"))
        program.loop.run_one_for(std::chrono::milliseconds{5});
    const auto pid = std::stoi(program.read("pid"));
    stop.emit(asio::cancellation_type::terminal);
    while (!ended) program.loop.run_one();
    CHECK(thrown != nullptr);
    CHECK(::kill(pid, 0) != 0);
}
