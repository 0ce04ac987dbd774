// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/http.hpp"
#include "daemon/config/config.hpp"
#include "daemon/runtime/control.hpp"
#include "daemon/runtime/generation.hpp"
#include "daemon/runtime/heartbeat.hpp"
#include "daemon/runtime/task_group.hpp"
#include "daemon/web/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

namespace nudged::runtime {

/// The long-running program: owns every thread and outlives everything that runs on them. Make one,
/// call run().
class Daemon {
public:
    /// Takes the warehouse's lock and opens it; throws Failure when that cannot be.
    /// `explain` is for people who ask in a channel.
    explicit Daemon(std::shared_ptr<const config::Config> config, Clock clock = system_now,
                    Explain explain = {});
    ~Daemon();

    /// Runs until SIGTERM or SIGINT, or until a part fails that never should; the exit status.
    int run();

private:
    struct ReloadAnswer {
        bool accepted = false;
        std::string text;
    };

    asio::awaitable<void> live();
    void tell_ready();
    asio::awaitable<void> start_serving();
    asio::awaitable<bool> start_generation();
    warehouse::WriterOptions writer_options();
    asio::awaitable<void> listen_to_signals();
    asio::awaitable<ReloadAnswer> reload();
    asio::awaitable<void> adopt(std::unique_ptr<Generation> next);
    asio::awaitable<void> answer(ControlRequest request, ControlServer::Send send);
    asio::awaitable<void> answer_rebuild(ControlServer::Send& send);
    asio::awaitable<void> answer_sync(const ControlRequest& request, ControlServer::Send& send);
    std::unique_ptr<Generation> make_generation(std::shared_ptr<const config::Config> config);
    web::Handlers web_handlers();
    std::function<asio::awaitable<web::AnswerReply>(const web::AnswerRequest&)> answer_handler();
    std::vector<std::string> not_ready() const;
    std::string state() const;
    void fail(std::exception_ptr thrown);

    std::shared_ptr<const config::Config> config_;
    Clock clock_;
    Explain explain_;
    Heartbeat heartbeat_;
    Heartbeat::Pulse writer_pulse_{"writer"};
    Heartbeat::Pulse workers_pulse_{"worker pool"};
    std::atomic<bool> is_starting_ = true;
    asio::io_context loop_{1};
    asio::thread_pool workers_{2};
    std::shared_ptr<warehouse::StoreRules> rules_;  // made with the writer's options
    warehouse::Writer writer_;
    net::HttpClient http_;
    asio::signal_set signals_;
    Wake stop_;
    bool reloading_ = false;
    bool is_reload_refused_ = false;  // the last one
    int exit_status_ = 0;
    std::shared_ptr<Generation> generation_;  // shared with commands that are under way on it
    std::unique_ptr<ControlServer> control_;
    std::unique_ptr<web::Server> web_;
    TaskGroup tasks_;
};

}  // namespace nudged::runtime
