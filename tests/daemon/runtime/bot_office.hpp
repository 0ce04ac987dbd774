// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/event.hpp"
#include "connectors/channels/options.hpp"
#include "connectors/net/http.hpp"
#include "daemon/runtime/delivery.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace nudged::tests {

namespace asio = boost::asio;

/// A Slack workspace as its members see it, behind the Web API: max is in the conversation D0MAX,
/// ana in D0ANA. It edits and replies as Slack does, and refuses what Slack refuses.
class Workspace {
public:
    Workspace();

    /// The next posts and edits are answered so instead; what is asked for is not done.
    void answer_next(std::vector<Reply> replies);
    /// Somebody has deleted the message of that place in the list.
    void remove(std::size_t index);

    /// "D0MAX: North · just now", and what replies to another is indented by "  ↳ "; headlines as
    /// they read now.
    std::vector<std::string> messages() const;
    /// The texts of all blocks of a message as it reads now.
    std::string text_of(std::size_t index) const;
    /// Requests to that method, such as "chat.update", whatever became of them.
    std::vector<Request> requests(const std::string& method) const;
    /// The methods of all requests, in their order.
    std::vector<std::string> methods() const;
    std::string api_url() const { return server_.url("/api"); }

private:
    struct Post {
        std::string channel, ts, thread, headline, text;
        bool is_gone = false;
    };
    Reply answer(const Request& request);
    Reply post(const std::string& body);
    Reply edit(const std::string& body);

    mutable std::mutex mutex_;
    std::deque<Reply> replies_;
    std::vector<Post> posts_;
    HttpServer server_;
};

/// An outbox in a real warehouse whose channel "people" is the bot of a Workspace, and "mail" a
/// file; with a clock that a test sets.
class BotOffice {
public:
    /// On a warehouse of its own, or on one that is there.
    explicit BotOffice(std::string path = {});
    ~BotOffice();

    /// Puts a message of that title, which is its key, into the outbox: to max, by "people".
    void post(const std::string& title, const std::string& continues = {},
              const std::string& edits = {});
    /// The process ends and another one begins, on the same file.
    void restart();
    /// The same, with the bot in that channel of Slack's rather than in touch with each person.
    void move_to(const std::string& slack_channel);
    /// The same, with a channel "people" of another kind: a file.
    void cannot_edit();
    /// The same, with "mail" as the fallback.
    void have_fallback();

    /// Rounds of "people" until there is nothing to try now; how many messages were tried.
    int deliver_all();
    /// State, tries and last reason of the message: "superseded 1 200 message_not_found".
    std::string state_of(const std::string& key);

    template <typename Result>
    Result run(asio::awaitable<Result> work) {
        auto done = asio::co_spawn(loop_, std::move(work), asio::use_future);
        while (done.wait_for(std::chrono::seconds{0}) != std::future_status::ready) {
            if (loop_.stopped()) loop_.restart();
            loop_.run_one_for(std::chrono::milliseconds{20});
        }
        return done.get();
    }
    warehouse::Writer& writer() { return *writer_; }
    asio::io_context& loop() { return loop_; }

    Workspace slack;
    Instant now;
    std::vector<std::string> events;  // names, since the beginning or since a test cleared them

private:
    channels::ChannelOptions people() const;

    TempFolder folder_;
    std::string path_;
    EventSink before_;
    std::string slack_channel_, kind_ = "slack_bot", fallback_;
    asio::io_context loop_;
    std::unique_ptr<net::HttpClient> http_;
    std::unique_ptr<warehouse::Writer> writer_;
    std::unique_ptr<runtime::Delivery> delivery_;
};

}  // namespace nudged::tests
