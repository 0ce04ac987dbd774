// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/command/run.hpp"

#include "connectors/base/on.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <csignal>
#include <memory>
#include <string_view>

namespace nudged::channels::command {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::chrono::seconds patience_with_asked{2};
constexpr std::chrono::seconds patience_with_killed{1};
constexpr std::size_t max_line = 4'096;

/// Keeps the first line that is not blank.
class FirstLine {
public:
    void feed(std::string_view bytes) {
        for (const char c : bytes) {
            if (is_whole_) return;
            if (c == '\n')
                is_whole_ = line_.find_first_not_of(" \t\r") != line_.npos;
            else if (line_.size() < max_line)
                line_ += c;
            if (c == '\n' && !is_whole_) line_.clear();
        }
    }
    std::string take() { return std::move(line_); }

private:
    std::string line_;
    bool is_whole_ = false;
};

/// What is there now; bounded, so that a program that floods us does not hold the loop.
void read_all(process::Child& child, FirstLine& errors) {
    std::array<char, 16 * 1024> bytes{};
    constexpr int most = 64;
    for (int reads = 0; reads < most; ++reads) {
        const auto count = child.read_errors(bytes);
        errors.feed({bytes.data(), count});
        if (count + child.read_output(bytes) == 0) return;
    }
}

asio::awaitable<void> stop(process::Child& child) {
    child.signal(SIGTERM);
    const bool ended = co_await child.wait_for_end(patience_with_asked);
    child.signal(SIGKILL);
    if (!ended) co_await child.wait_for_end(patience_with_killed);
}

}  // namespace

asio::awaitable<Ended> run(const process::Launch& launch, milliseconds timeout,
                           asio::thread_pool& workers) {
    const auto loop = co_await asio::this_coro::executor;
    std::unique_ptr<process::Child> child;
    co_await on(workers, [&] { child = std::make_unique<process::Child>(loop, launch); });
    const auto until = steady_clock::now() + timeout;
    FirstLine errors;
    Ended result;
    while (!child->has_ended()) {
        const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
        if (left <= milliseconds::zero()) {
            result.timed_out = true;
            break;
        }
        co_await child->wait(left);
        read_all(*child, errors);
        // A program that always has something to say must not keep the loop to itself.
        co_await asio::post(loop, asio::use_awaitable);
    }
    if (result.timed_out) co_await stop(*child);
    read_all(*child, errors);
    if (child->has_ended()) result.status = child->reap();
    result.first_error = errors.take();
    co_await on(workers, [&] { child.reset(); });
    co_return result;
}

}  // namespace nudged::channels::command
