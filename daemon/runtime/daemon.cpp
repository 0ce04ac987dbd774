// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/daemon.hpp"

#include "connectors/base/events.hpp"
#include "connectors/base/on.hpp"
#include "daemon/runtime/notify.hpp"
#include "daemon/web/metrics.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <csignal>
#include <filesystem>

namespace nudged::runtime {
namespace {

using namespace std::chrono_literals;

/// Without a service manager that says what it wants, a home is given up after this long.
constexpr std::chrono::seconds default_patience{60};

std::chrono::milliseconds patience() {
    const auto interval = notify::watchdog_interval();
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        interval.value_or(default_patience));
}

warehouse::WriterOptions writer_options(const config::Config& config, Heartbeat::Pulse& pulse) {
    std::filesystem::create_directories(config.warehouse_path().parent_path());
    warehouse::WriterOptions options;
    options.path = config.warehouse_path().string();
    options.progress = [&pulse] { pulse.stamp(); };
    return options;
}

/// What a running daemon cannot take over.
bool needs_restart(const config::Config& now, const config::Config& next) {
    return now.warehouse_path() != next.warehouse_path() ||
           now.control_socket_path() != next.control_socket_path() ||
           now.web.enabled != next.web.enabled || now.web.address != next.web.address ||
           now.web.port != next.web.port || now.daemon.log_level != next.daemon.log_level ||
           now.daemon.log_format != next.daemon.log_format;
}

std::string progress_line(const StreamTurn& turn) {
    return fmt::format("{} {}: {} records, {} changed{}{}", turn.source, turn.stream_name(),
                       turn.stored.records, turn.stored.changed, turn.failed() ? ", failed: " : "",
                       turn.failure);
}

}  // namespace

Daemon::Daemon(std::shared_ptr<const config::Config> config, Clock clock)
    : config_(std::move(config)),
      clock_(std::move(clock)),
      heartbeat_(patience()),
      writer_(writer_options(*config_, writer_pulse_)),
      http_(loop_.get_executor()),
      signals_(loop_),
      stop_(loop_.get_executor()),
      tasks_(loop_.get_executor(), [this](std::exception_ptr thrown) { fail(thrown); }) {
    generation_ = make_generation(config_);
}

Daemon::~Daemon() {
    workers_.join();
}

int Daemon::run() {
    asio::co_spawn(loop_, live(), [this](std::exception_ptr thrown) {
        if (thrown) fail(thrown);
    });
    loop_.run();
    return exit_status_;
}

void Daemon::fail(std::exception_ptr thrown) {
    std::string why = "unknown";
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
        why = error.what();
    } catch (...) {
    }
    tell(events::daemon_failed, {{"why", why}});
    exit_status_ = 1;
    stop_.set();
}

asio::awaitable<void> Daemon::live() {
    signals_.add(SIGTERM);
    signals_.add(SIGINT);
    signals_.add(SIGHUP);
    try {
        co_await start_serving();
        co_await generation_->start();
        notify::ready(fmt::format("Polling {} sources", config_->sources.size()));
        tell(events::daemon_ready, {{"version", NUDGED_VERSION},
                                    {"sources", config_->sources.size()},
                                    {"warehouse", config_->warehouse_path().string()}});
    } catch (...) {
        fail(std::current_exception());  // and what has started already is stopped below
    }
    // g++ 12 miscompiles the empty loop `while (!co_await …) {}`.
    for (bool asked = false; !asked;) asked = co_await stop_.wait(1h);
    notify::stopping();
    tell(events::daemon_stopping, {});
    signals_.cancel();
    co_await tasks_.stop();
    co_await generation_->stop();
}

asio::awaitable<void> Daemon::start_serving() {
    auto probe_writer = [this]() -> asio::awaitable<void> {
        auto nothing = [](warehouse::Database&) {};
        co_await writer_.run(nothing);
    };
    auto probe_workers = [this]() -> asio::awaitable<void> {
        auto nothing = [] {};
        co_await on(workers_, nothing);
    };
    tasks_.spawn(heartbeat_.keep_asking(writer_pulse_, probe_writer));
    tasks_.spawn(heartbeat_.keep_asking(workers_pulse_, probe_workers));
    tasks_.spawn(heartbeat_.tell_service_manager());
    tasks_.spawn(listen_to_signals());
    auto handler = [this](ControlRequest request, ControlServer::Send send) {
        return answer(std::move(request), std::move(send));
    };
    control_ = std::make_unique<ControlServer>(loop_.get_executor(), config_->control_socket_path(),
                                               handler);
    tasks_.spawn(control_->run());
    if (config_->web.enabled) {
        web_ = std::make_unique<web::Server>(loop_.get_executor(), config_->web, web_handlers());
        tell(events::web_listening, {{"address", config_->web.address}, {"port", web_->port()}});
        tasks_.spawn(web_->run());
    }
    co_return;
}

web::Handlers Daemon::web_handlers() {
    return {.alive = [this] { return heartbeat_.stopped(); },
            .ready = [this] { return generation_->not_ready(); },
            .metrics = [this] { return web::render_event_counts() + generation_->gauges(); }};
}

asio::awaitable<void> Daemon::listen_to_signals() {
    for (;;) {
        const int signal = co_await signals_.async_wait(asio::use_awaitable);
        if (signal == SIGHUP)
            co_await reload();
        else
            stop_.set();
    }
}

std::unique_ptr<Generation> Daemon::make_generation(std::shared_ptr<const config::Config> config) {
    const Generation::Context context{
        loop_.get_executor(), workers_, writer_, http_, clock_, [this](std::exception_ptr thrown) {
            fail(thrown);
        }};
    return std::make_unique<Generation>(std::move(config), context);
}

asio::awaitable<Daemon::ReloadAnswer> Daemon::reload() {
    if (std::exchange(reloading_, true)) {
        ReloadAnswer busy{false, "a reload is under way already"};
        co_return busy;
    }
    notify::reloading();
    ReloadAnswer reply;
    try {
        auto read = [this] { return config::load(config_->file); };
        auto loaded = co_await on(workers_, read);
        reply.text = loaded.problems.str();
        if (loaded.config && needs_restart(*config_, *loaded.config)) {
            reply.text += "state_dir, control_socket, [web] or [log] has changed: that needs a "
                          "restart, `systemctl restart nudged`";
        } else if (loaded.config) {
            auto next = make_generation(loaded.config);
            co_await adopt(std::move(next));
            reply.accepted = true;
        }
    } catch (const boost::system::system_error&) {
        throw;  // cancellation: the daemon stops
    } catch (const std::exception& error) {
        reply.text = error.what();
    }
    reloading_ = false;
    if (reply.accepted)
        tell(events::config_reloaded, {{"file", config_->file.string()}});
    else
        tell(events::config_refused, {{"problems", reply.text}});
    notify::ready(fmt::format("Polling {} sources{}", config_->sources.size(),
                              reply.accepted ? "" : "; the last reload was refused"));
    co_return reply;
}

asio::awaitable<void> Daemon::adopt(std::unique_ptr<Generation> next) {
    co_await generation_->stop();
    generation_ = std::move(next);
    config_ = generation_->config();
    try {
        co_await generation_->start();
    } catch (const Failure&) {
        // Half of nothing runs now: better to end, and be started again, than to seem alive.
        fail(std::current_exception());
        throw;
    }
}

asio::awaitable<void> Daemon::answer(ControlRequest request, ControlServer::Send send) {
    ControlReply last{.text = {}, .last = true, .status = 0};
    if (request.command == "ping") {
        last.text = fmt::format("nudged {} is running", NUDGED_VERSION);
    } else if (request.command == "reload") {
        auto reply = co_await reload();
        last.text = reply.accepted && reply.text.empty() ? "the new configuration is in force"
                                                         : std::move(reply.text);
        last.status = reply.accepted ? 0 : 78;
    } else if (request.command == "sync") {
        co_await answer_sync(request, send);
        co_return;
    } else {
        last.text = fmt::format("unknown command \"{}\"", request.command);
        last.status = 64;
    }
    co_await send(std::move(last));
}

asio::awaitable<void> Daemon::answer_sync(const ControlRequest& request,
                                          ControlServer::Send& send) {
    ControlReply last{.text = {}, .last = true, .status = 0};
    const auto only = request.argument("source");
    const bool full = request.argument("full") == "true";
    bool found = false;
    const auto generation = generation_;  // a reload meanwhile does not take it away
    for (const auto& runner : generation->sources()) {
        if (!only.empty() && runner->name() != only) continue;
        found = true;
        const auto turns = co_await runner->sync_now(full, [](const StreamTurn&) {});
        for (const auto& turn : turns) {
            ControlReply line{.text = progress_line(turn)};
            co_await send(std::move(line));
            if (turn.failed()) last.status = 1;
        }
    }
    if (!found) {
        last.text = fmt::format("no source is called \"{}\"", only);
        last.status = 64;
    }
    co_await send(std::move(last));
}

}  // namespace nudged::runtime
