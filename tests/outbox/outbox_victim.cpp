// SPDX-License-Identifier: Apache-2.0
// Drains a real outbox to real receivers, in a child process an order, that may die on the way.
// Orders come a line each on standard input, words parted by tabs:
//   post   DB SLACK HOOK COUNT NOW      a new warehouse with so many messages, to both by turns
//   run    DB SLACK HOOK STEP NTH NOW   drains it; dies when it reaches that step for the nth time
//   replay DB SLACK HOOK NOW            sends once more what is unknown, refused or dead, and
//   drains drain  DB SLACK HOOK                the same as run, at the channels' own pace and by
//   the real clock
// The clock of `run` is its own: it goes to what is due next at once. Answers, a line each: "pid
// N", what the child says ("killed [KEY]", "done NOW"), and "exit STATUS".
#include "connectors/base/text.hpp"
#include "connectors/channels/catalog.hpp"
#include "connectors/model/message.hpp"
#include "connectors/net/http.hpp"
#include "daemon/runtime/delivery.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "tests/outbox/kill_points.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace nudged;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

using Words = std::vector<std::string>;

/// A real channel, whose send() has steps of its own; `is_hurried`: without its pace.
class Watched : public channels::Channel {
public:
    Watched(std::unique_ptr<channels::Channel> real, bool is_hurried)
        : real_(std::move(real)), is_hurried_(is_hurried) {}
    std::string render(const model::Message& message) const override {
        return real_->render(message);
    }
    std::optional<std::string> simplify(const std::string& payload) const override {
        return real_->simplify(payload);
    }
    std::optional<std::string> repeat(const std::string& payload) const override {
        return real_->repeat(payload);
    }
    asio::awaitable<channels::SendOutcome> send(const std::string& payload,
                                                const std::string& key) override {
        tests::set_in_flight(key);
        tests::reach("send begun");
        auto outcome = co_await real_->send(payload, key);
        tests::reach("answer read");
        co_return outcome;
    }
    channels::Pace pace() const override {
        return is_hurried_ ? channels::Pace{1'000, 1ms} : real_->pace();
    }
    bool knows_repeats() const override { return real_->knows_repeats(); }
    bool can_edit() const override { return real_->can_edit(); }

private:
    std::unique_ptr<channels::Channel> real_;
    bool is_hurried_;
};

std::vector<channels::ChannelOptions> channels_to(const std::string& slack,
                                                  const std::string& hook) {
    channels::ChannelOptions to_slack;
    to_slack.name = to_slack.kind = "slack";
    to_slack.kind_options = channels::SlackOptions{Secret{slack}};
    channels::ChannelOptions to_hook;
    to_hook.name = to_hook.kind = "webhook";
    to_hook.kind_options = channels::WebhookOptions{
        Secret{hook}, Secret{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, Secret{}, true};
    if (hook == "-") return {to_slack};
    return {to_slack, to_hook};
}

/// Everything of one process: writer, loop, delivery.
class Office {
    template <typename Work>
    auto await(Work work) {
        auto done = asio::co_spawn(loop_, std::move(work), asio::use_future);
        while (done.wait_for(0s) != std::future_status::ready) {
            if (loop_.stopped()) loop_.restart();
            loop_.run_one_for(20ms);
        }
        return done.get();
    }

public:
    Office(const std::string& path, const std::string& slack, const std::string& hook, Instant now,
           bool is_real)
        : now_(now) {
        warehouse::WriterOptions options;
        options.path = path;
        writer_ = std::make_unique<warehouse::Writer>(std::move(options));
        std::vector<runtime::Destination> destinations;
        for (const auto& channel : channels_to(slack, hook)) {
            names_.push_back(channel.name);
            auto real = channels::find_kind(channel.kind)->make(channel, http_);
            destinations.push_back(
                {channel.name, std::make_unique<Watched>(std::move(real), !is_real)});
        }
        const Clock clock = is_real ? Clock{system_now} : Clock{[this] { return now_; }};
        delivery_ = std::make_unique<runtime::Delivery>(loop_.get_executor(), *writer_,
                                                        std::move(destinations), clock);
    }

    void post(int count) {
        writer_->run_blocking([&](warehouse::Database& database) {
            for (int i = 0; i < count; ++i) {
                model::Message message;
                message.title = fmt::format("message {}", i);
                message.reference = fmt::format("{:08x}", 0x5eed0000 + i);
                message.decided_at = now_;
                warehouse::NewMessage row;
                row.key = fmt::format("key-{}", i);
                row.channel = names_[static_cast<std::size_t>(i) % names_.size()];
                row.recipient = "max@example.com";
                row.reason = "digest";
                row.message = model::to_json(message);
                row.due_at = now_;
                row.expires_at = now_ + 24h * 30;
                warehouse::insert_message(database, row, now_);
            }
        });
    }

    void replay() {
        writer_->run_blocking([&](warehouse::Database& database) {
            std::vector<std::int64_t> ids;
            auto row = database.prepare(
                "SELECT id FROM outbox WHERE state IN ('unknown', 'refused', 'dead')");
            while (row.step()) ids.push_back(row.integer(0));
            if (!ids.empty())
                warehouse::replay_messages(database, ids, now_, [](auto) { return 24h * 30; });
        });
    }

    /// By a clock of its own: to whatever is due next, at once.
    void run() {
        while (true) {
            for (const auto& name : names_)
                for (bool more = true; more;) more = deliver_once(name);
            const auto due = next_due();
            if (!due) return;
            now_ = std::max(now_, *due) + 1ms;
        }
    }

    /// By the real clock, until nothing waits.
    void drain() {
        runtime::TaskGroup tasks(loop_.get_executor(), [](std::exception_ptr) {});
        delivery_->start(tasks);
        while (next_due()) loop_.run_for(200ms);
        await(tasks.stop());
    }

    Instant now() const { return now_; }

private:
    bool deliver_once(const std::string& name) { return await(delivery_->deliver_once(name)); }
    std::optional<Instant> next_due() {
        std::optional<Instant> next;
        writer_->run_blocking([&](warehouse::Database& database) {
            for (const auto& name : names_)
                if (const auto due = warehouse::read_next_due(database, name))
                    next = std::min(next.value_or(*due), *due);
        });
        return next;
    }

    Instant now_;
    asio::io_context loop_;
    net::HttpClient http_{loop_.get_executor()};
    std::vector<std::string> names_;
    std::unique_ptr<warehouse::Writer> writer_;
    std::unique_ptr<runtime::Delivery> delivery_;
};

void say(const std::string& line) {
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::abort();
}

Instant instant_of(const std::string& millis) {
    return Instant{std::chrono::milliseconds{std::stoll(millis)}};
}

/// In the child.
void obey(const Words& order) {
    const auto& what = order.at(0);
    if (what == "run" && order.size() != 7) throw std::runtime_error("run takes six words");
    const bool is_real = what == "drain";
    const auto now = is_real ? system_now() : instant_of(order.back());
    if (what == "run" || is_real) tests::watch_sqlite();
    Office office(order.at(1), order.at(2), order.at(3), now, is_real);
    if (what == "post") return office.post(std::stoi(order.at(4)));
    if (what == "replay") office.replay();
    if (what == "run" && order[4] != "-") tests::die_at(order[4], std::stoi(order[5]));
    is_real ? office.drain() : office.run();
    say(fmt::format("done {}\n", office.now().time_since_epoch().count()));
}

int in_child(const Words& order) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    try {
        obey(order);
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "outbox_victim: " << error.what() << std::endl;
        return 1;
    }
}

}  // namespace

int main() {
    // No thread has been started here, so that a fork copies all there is.
    for (std::string line; std::getline(std::cin, line);) {
        Words order;
        for (const auto word : split(line, '\t')) order.emplace_back(word);
        const auto child = ::fork();
        if (child == 0) ::_exit(in_child(order));
        say(fmt::format("pid {}\n", child));
        int status = 0;
        ::waitpid(child, &status, 0);
        say(fmt::format("exit {}\n",
                        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)));
    }
    return 0;
}
