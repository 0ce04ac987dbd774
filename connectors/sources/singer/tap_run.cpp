// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/singer/tap_run.hpp"

#include "connectors/base/on.hpp"
#include "connectors/sources/singer/tap_config.hpp"

#include <fmt/format.h>

#include <csignal>
#include <random>

namespace nudged::sources::singer {
namespace {

constexpr std::size_t buffer_bytes = 1 << 20;
constexpr int exec_failed = 127;  // of a launcher such as `env`: there is no such program
constexpr std::chrono::seconds kill_patience{1};

/// Tells the pages of one run from those of another, whatever process they came from.
std::string fresh_name() {
    std::random_device dice;
    return fmt::format("{:08x}{:08x}", dice(), dice());
}

}  // namespace

TapRun::TapRun(const RunContext& context, model::Cursor from, Instant now)
    : context_(context),
      last_words_(secrets_of(context.options)),
      intake_(context.plan, from, fresh_name(), now, context.told),
      child_(context.loop, launch(from)),
      buffer_(buffer_bytes) {}

process::Launch TapRun::launch(const model::Cursor& from) const {
    process::Launch launch{.command = context_.plan.command,
                           .folder = workspace_.folder(),
                           .max_memory = std::uint64_t{context_.options.max_memory_mb} << 20};
    const auto add = [&](const char* option, const std::string& file) {
        if (file.empty()) return;
        launch.command.emplace_back(option);
        launch.command.push_back(file);
    };
    add("--config", workspace_.write("config.json", render_tap_config(context_.options)));
    add("--catalog", context_.plan.catalog);
    add("--properties", context_.plan.properties);
    const auto progress = parse_progress(from);
    if (!progress.state.empty()) add("--state", workspace_.write("state.json", progress.state));
    return launch;
}

asio::awaitable<model::Page> TapRun::next_page() {
    while (!intake_.has_page() && !failure_) co_await advance();
    if (!intake_.has_page()) throw Failure(*failure_);
    auto page = intake_.next_page();
    given_ = page.cursor;
    co_return page;
}

/// One step; what the tap does wrong is noted, and thrown when all before it has been given.
asio::awaitable<void> TapRun::advance() {
    std::optional<Failure> failure;
    try {
        co_await read();
    } catch (const Failure& caught) {
        failure = caught;
    }
    if (!failure) co_return;
    co_await stop();
    intake_.flush();
    failure_ = std::move(failure);
}

asio::awaitable<void> TapRun::read() {
    const bool spoke = co_await child_.wait(context_.options.timeout);
    hear_errors();
    if (!spoke)
        throw Failure(FailureKind::transient, fmt::format("the tap said nothing for {} s",
                                                          context_.options.timeout.count()));
    const bool had_ended = child_.has_ended();
    std::size_t size = 0;
    while (size < buffer_.size()) {
        const auto count = child_.read_output(std::span{buffer_}.subspan(size));
        if (count == 0) break;
        size += count;
    }
    const std::string_view bytes{buffer_.data(), size};
    if (size > 0) co_await on(context_.workers, [&] { intake_.take(bytes); });
    // What a dead tap's children hold open is not waited for.
    if (child_.output_closed() || (size == 0 && had_ended)) co_await conclude();
}

/// The tap has told everything: whether that was all that it had to tell says its exit status.
asio::awaitable<void> TapRun::conclude() {
    const bool ended = co_await child_.wait_for_end(context_.options.grace);
    hear_errors();
    if (!ended) throw Failure(FailureKind::transient, "the tap closed its output, but did not end");
    const int status = child_.reap();
    hear_errors();
    if (status == 0) {
        co_await on(context_.workers, [&] { intake_.finish(); });
        co_return;
    }
    // What stands before the colon names the kind of failure; behind it may stand a customer's
    // data.
    const auto line = last_words_.text();
    const auto colon = line.find(':');
    const auto words = colon == std::string::npos ? std::string{} : line.substr(0, colon);
    throw Failure(status == exec_failed ? FailureKind::needs_person : FailureKind::transient,
                  fmt::format("{}{}{}",
                              status > 128
                                  ? fmt::format("signal {} ended the tap", status - 128)
                                  : fmt::format("the tap failed with exit status {}", status),
                              words.empty() ? "" : ": ", words));
}

/// First asked, then killed, its children too.
asio::awaitable<void> TapRun::stop() {
    if (child_.is_reaped()) co_return;
    child_.signal(SIGTERM);
    const bool ended = co_await child_.wait_for_end(context_.options.grace);
    child_.signal(SIGKILL);
    if (!ended) co_await child_.wait_for_end(kill_patience);
    if (child_.has_ended()) child_.reap();
}

void TapRun::hear_errors() {
    std::array<char, 16 * 1024> bytes{};
    constexpr int most = 64;  // a tap that floods its errors must not hold the loop
    for (int reads = 0; reads < most; ++reads) {
        const auto count = child_.read_errors(bytes);
        if (count == 0) return;
        last_words_.feed({bytes.data(), count});
    }
}

}  // namespace nudged::sources::singer
