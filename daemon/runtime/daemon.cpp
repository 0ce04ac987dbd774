// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/daemon.hpp"

#include "connectors/base/events.hpp"
#include "connectors/base/on.hpp"
#include "daemon/config/settings.hpp"
#include "daemon/runtime/gauges.hpp"
#include "daemon/runtime/link_desk.hpp"
#include "daemon/runtime/notify.hpp"
#include "daemon/runtime/recounter.hpp"
#include "daemon/runtime/state_sentence.hpp"
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

/// What cannot be written is tried again so often.
constexpr std::chrono::seconds between_starts{10};

/// The service manager hears so often that a long migration goes on.
constexpr std::chrono::seconds between_signs{10};

std::chrono::milliseconds patience() {
    const auto interval = notify::watchdog_interval();
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        interval.value_or(default_patience));
}

/// What a running daemon cannot take over.
bool needs_restart(const config::Config& now, const config::Config& next) {
    return now.warehouse_path() != next.warehouse_path() ||
           now.control_socket_path() != next.control_socket_path() ||
           now.web.enabled != next.web.enabled || now.web.address != next.web.address ||
           now.web.port != next.web.port || now.web.public_url != next.web.public_url ||
           now.daemon.log_level != next.daemon.log_level ||
           now.daemon.log_format != next.daemon.log_format;
}

std::string progress_line(const StreamTurn& turn) {
    auto line =
        fmt::format("{} {}: {} records", turn.source, turn.stream_name(), turn.stored.records);
    if (turn.paused) {
        line += " so far";
        if (turn.progress) line += fmt::format(", {:.0f} %", *turn.progress * 100);
        return line;
    }
    line += fmt::format(", {} changed", turn.stored.changed);
    if (turn.failed()) line += fmt::format(", failed: {}", turn.failure);
    return line;
}

}  // namespace

Daemon::Daemon(std::shared_ptr<const config::Config> config, Clock clock, Explain explain)
    : config_(std::move(config)),
      clock_(std::move(clock)),
      explain_(std::move(explain)),
      heartbeat_(patience()),
      writer_(writer_options()),
      http_(loop_.get_executor()),
      signals_(loop_),
      stop_(loop_.get_executor()),
      tasks_(loop_.get_executor(), [this](std::exception_ptr thrown) { fail(thrown); }) {
    generation_ = make_generation(config_);
}

Daemon::~Daemon() {
    workers_.join();
}

warehouse::WriterOptions Daemon::writer_options() {
    auto options = runtime::writer_options(*config_);
    rules_ = options.rules;
    options.progress = [this, told = std::chrono::steady_clock::now()]() mutable {
        writer_pulse_.stamp();
        const auto now = std::chrono::steady_clock::now();
        if (!is_starting_ || now - told < between_signs) return;
        told = now;
        notify::still_starting();
    };
    return options;
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

void Daemon::tell_ready() {
    is_starting_ = false;
    notify::ready(state());
    const auto sentence = [this] { return state(); };
    tasks_.spawn(keep_telling_state(sentence));
    tell(events::daemon_ready, {{"version", NUDGED_VERSION},
                                {"sources", config_->sources.size()},
                                {"warehouse", config_->warehouse_path().string()}});
}

asio::awaitable<void> Daemon::live() {
    signals_.add(SIGTERM);
    signals_.add(SIGINT);
    signals_.add(SIGHUP);
    try {
        co_await start_serving();
        const bool is_started = co_await start_generation();
        if (is_started) tell_ready();
    } catch (...) {
        fail(std::current_exception());  // and what has started already is stopped below
    }
    // g++ 12 miscompiles the empty loop `while (!co_await …) {}`.
    for (bool asked = false; !asked;) asked = co_await stop_.wait(1h);
    notify::stopping();
    tell(events::daemon_stopping, {});
    signals_.cancel();
    generation_->caretaker().interrupt();  // a command may wait for it
    co_await tasks_.stop();
    co_await generation_->stop();
}

/// A disk that is full or read-only is waited for: a service manager would give up after a few
/// restarts, and somebody would have to start nudged by hand. False: a stop was asked for.
asio::awaitable<bool> Daemon::start_generation() {
    for (;;) {
        std::string why;
        try {
            co_await generation_->start();
            co_return true;
        } catch (const warehouse::FileFailure& failure) {
            why = failure.what();
        }
        notify::status(why);
        notify::still_starting();
        if (co_await stop_.wait(between_starts)) {
            stop_.set();  // for live()
            co_return false;
        }
    }
}

asio::awaitable<void> Daemon::start_serving() {
    auto probe_writer = [this]() -> asio::awaitable<void> {
        auto nothing = [](warehouse::Database&) {};
        try {
            co_await writer_.run(nothing);
        } catch (const warehouse::FileFailure&) {
            // Its thread lives, which is all that is asked here; health() tells of the file.
        }
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
            .ready = [this] { return not_ready(); },
            .metrics =
                [this] {
                    return web::render_event_counts() +
                           render_file_gauges(writer_.health(), std::chrono::steady_clock::now()) +
                           generation_->gauges();
                },
            .answer = config_->web.public_url.empty() ? nullptr : answer_handler()};
}

std::function<asio::awaitable<web::AnswerReply>(const web::AnswerRequest&)>
Daemon::answer_handler() {
    return [this](const web::AnswerRequest& request) -> asio::awaitable<web::AnswerReply> {
        const auto generation = generation_;  // a reload meanwhile does not take it away
        const LinkContext context{.config = *generation->config(),
                                  .workers = workers_,
                                  .clock = clock_,
                                  .answer = [&](const ControlRequest& answer) {
                                      return generation->caretaker().find(answer);
                                  }};
        co_return co_await answer_by_link(context, request);
    };
}

std::vector<std::string> Daemon::not_ready() const {
    auto reasons = generation_->not_ready();
    if (const auto health = writer_.health(); health.trouble)
        reasons.insert(reasons.begin(), health.trouble->what);
    return reasons;
}

std::string Daemon::state() const {
    return state_sentence(config_->sources.size(), not_ready(), is_reload_refused_);
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
    const Generation::Context context{loop_.get_executor(),
                                      workers_,
                                      writer_,
                                      http_,
                                      clock_,
                                      [this](std::exception_ptr thrown) { fail(thrown); },
                                      rules_,
                                      explain_};
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
    is_reload_refused_ = !reply.accepted;
    notify::ready(state());
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
    } else if (request.command == "status") {
        for (auto& reason : generation_->for_a_person()) {
            ControlReply line{.text = std::move(reason)};
            co_await send(std::move(line));
        }
        last.text = warehouse::advice(writer_.health(), std::chrono::steady_clock::now());
    } else if (request.command == "config") {
        // A line a key, its parts between tabs: for `nudged config diff`.
        for (const auto& setting : config::all_settings(*config_)) {
            ControlReply line{
                .text = fmt::format("{}\t{}\t{}", setting.file, setting.key, setting.value)};
            co_await send(std::move(line));
        }
    } else if (request.command == "reload") {
        auto reply = co_await reload();
        last.text = reply.accepted && reply.text.empty() ? "the new configuration is in force"
                                                         : std::move(reply.text);
        last.status = reply.accepted ? 0 : 78;
    } else if (request.command == "sync") {
        co_await answer_sync(request, send);
        co_return;
    } else if (request.command == "rebuild") {
        co_await answer_rebuild(send);
        co_return;
    } else if (const auto generation = generation_;  // a reload meanwhile does not take it away
               auto care = generation->caretaker().find(request)) {
        const auto report = co_await std::move(*care);
        last.text = to_json(report);
        last.status = report.status;
    } else {
        last.text = fmt::format("unknown command \"{}\"", request.command);
        last.status = 64;
    }
    co_await send(std::move(last));
}

asio::awaitable<void> Daemon::answer_rebuild(ControlServer::Send& send) {
    auto begin = [](warehouse::Database& database) { warehouse::begin_rebuild(database); };
    co_await writer_.run(begin);
    generation_->wake_recounter();  // it goes on if whoever asked goes away
    double told = 0;
    for (auto state = co_await recount_step(writer_); state.is_pending();
         state = co_await recount_step(writer_)) {
        if (state.share < told + 0.1) continue;
        told = state.share;
        ControlReply line{.text = fmt::format("{:.0f} % counted", 100 * told)};
        co_await send(std::move(line));
    }
    ControlReply last{.text = "every sum is counted anew", .last = true, .status = 0};
    co_await send(std::move(last));
}

asio::awaitable<void> Daemon::answer_sync(const ControlRequest& request,
                                          ControlServer::Send& send) {
    ControlReply last{.text = {}, .last = true, .status = 0};
    const auto only = request.argument("source");
    const bool full = request.argument("full") == "true";
    bool found = false;
    const auto generation = generation_;  // a reload meanwhile does not take it away
    const ManualSync::Report report = [&](const StreamTurn& turn) -> asio::awaitable<void> {
        ControlReply line{.text = progress_line(turn)};
        if (turn.failed()) last.status = 1;
        co_await send(std::move(line));
    };
    for (const auto& runner : generation->sources()) {
        if (!only.empty() && runner->name() != only) continue;
        found = true;
        const bool is_through = co_await runner->sync_now(full, report);
        if (is_through) continue;
        last.text = fmt::format("{}: cut short, since the configuration is reloaded, the daemon "
                                "stops, or the warehouse cannot be written; what is left goes on "
                                "by itself",
                                runner->name());
        last.status = 1;
        break;
    }
    for (const auto& sheet : generation->sheets()) {
        if (!last.text.empty()) break;  // cut short
        if (!only.empty() && sheet->source() != only) continue;
        const auto turn = co_await sheet->read(true);
        if (!turn.failure.empty()) last.status = 1;
        ControlReply line{.text = sheet_line(turn)};
        co_await send(std::move(line));
    }
    if (!found) {
        last.text = fmt::format("no source is called \"{}\"", only);
        last.status = 64;
    }
    co_await send(std::move(last));
}

}  // namespace nudged::runtime
