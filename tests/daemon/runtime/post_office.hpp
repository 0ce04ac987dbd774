// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/event.hpp"
#include "connectors/net/http.hpp"
#include "daemon/runtime/delivery.hpp"
#include "tests/support/http_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nudged::tests {

namespace asio = boost::asio;

/// 429, and when to come again.
inline Reply too_many(const char* seconds) {
    auto reply = Reply::text("", 429);
    reply.headers.emplace_back("Retry-After", seconds);
    return reply;
}

/// The names of the events that are told while it lives.
class Events {
public:
    Events()
        : before_(set_event_sink([this](const EventKind& kind, std::span<const EventField>) {
              names.emplace_back(kind.name);
          })) {}
    ~Events() { set_event_sink(std::move(before_)); }
    std::vector<std::string> names;

private:
    EventSink before_;
};

/// An outbox in a real warehouse, a receiver of Slack's webhooks on loopback that answers as it is
/// told (and `ok` when it is told nothing), and a clock that a test sets.
class PostOffice {
public:
    PostOffice();
    ~PostOffice();

    /// Puts a message of that title into the outbox; expires a day later.
    void post(const std::string& title, const std::string& reason = "digest",
              std::optional<Instant> quiet_from = {});
    void answer(std::vector<Reply> replies);

    /// One round; false when there is nothing to try now.
    bool deliver_once();
    /// The channel's messages go by "mail" while it is broken, which appends them to a file, and
    /// "ops" hears of it, which is another file.
    void have_fallback();
    /// "ops" hears of what goes wrong, and nothing goes by another channel.
    void have_admin();
    bool deliver_once_by(const std::string& channel);
    /// What has been appended for "mail" or "ops".
    std::string appended(const std::string& channel) const;
    /// Rounds until there is nothing to try now; how many messages were tried.
    int deliver_all();
    /// The process ends and another one begins, on the same file; `url` for another far end.
    void restart(const std::string& url = {});
    /// Runs the loop while `done` is not yet so.
    template <typename Done>
    void run_until(Done done) {
        while (!done()) {
            if (loop_->stopped()) loop_->restart();
            loop_->run_one_for(std::chrono::milliseconds{20});
        }
    }

    /// The titles that the far end got, in that order; " again" behind one marked a possible
    /// repeat.
    std::vector<std::string> received() const;
    /// State, tries and last outcome of the message: "delivered 1 delivered".
    std::string state_of(const std::string& title);
    warehouse::ChannelState channel_state();
    warehouse::Writer& writer() { return *writer_; }
    runtime::Delivery& delivery() { return *delivery_; }
    asio::io_context& loop() { return *loop_; }
    HttpServer& far_end() { return far_end_; }

    Instant now;
    /// The wall clock is set; the steady one, which else goes with it, does not see it.
    void set_clock(std::chrono::milliseconds by);

private:
    Reply next_reply();

    std::string folder_;
    std::chrono::milliseconds set_by_{};
    bool has_fallback_ = false;
    bool has_admin_ = false;
    std::mutex mutex_;
    std::deque<Reply> replies_;
    HttpServer far_end_;
    std::unique_ptr<asio::io_context> loop_;
    std::unique_ptr<net::HttpClient> http_;
    std::unique_ptr<warehouse::Writer> writer_;
    std::unique_ptr<runtime::Delivery> delivery_;
};

}  // namespace nudged::tests
