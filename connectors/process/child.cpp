// SPDX-License-Identifier: Apache-2.0
#include "connectors/process/child.hpp"

#include "connectors/process/spawn.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nudged::process {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

/// A killed program is gone in less; one that hangs in the kernel is left to the system.
constexpr int patience_with_killed_ms = 200;

/// A descriptor that is watched for having something to read.
struct Watched {
    asio::posix::stream_descriptor descriptor;
    bool is_ready = false;
    bool is_watched = false;
    bool is_closed = false;

    std::size_t read(std::span<char> buffer) {
        if (is_closed) return 0;
        const auto count = ::read(descriptor.native_handle(), buffer.data(), buffer.size());
        if (count > 0) return static_cast<std::size_t>(count);
        is_ready = false;
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
        is_closed = true;
        descriptor.close();
        return 0;
    }
};

}  // namespace

/// What handlers of waits refer to: it outlives the child by as long as they take to be told.
struct Child::Io : std::enable_shared_from_this<Io> {
    Io(const asio::any_io_executor& loop, Spawned& spawned)
        : output{{loop, spawned.output.release()}},
          errors{{loop, spawned.errors.release()}},
          end{{loop, spawned.end.release()}},
          timer(loop) {}

    void watch(Watched& watched) {
        if (watched.is_watched || watched.is_ready || watched.is_closed) return;
        watched.is_watched = true;
        watched.descriptor.async_wait(
            asio::posix::stream_descriptor::wait_read,
            [self = shared_from_this(), &watched](const boost::system::error_code& error) {
                watched.is_watched = false;
                if (error) return;
                watched.is_ready = true;
                self->timer.cancel();
            });
    }

    Watched output, errors, end;
    asio::steady_timer timer;
};

Child::Child(const asio::any_io_executor& loop, const Launch& launch) {
    auto spawned = spawn(launch);
    pid_ = spawned.pid;
    io_ = std::make_shared<Io>(loop, spawned);
}

Child::~Child() {
    if (pid_ > 0) {
        signal(SIGKILL);
        pollfd ended{io_->end.descriptor.native_handle(), POLLIN, 0};
        ::poll(&ended, 1, patience_with_killed_ms);
        ::waitpid(pid_, nullptr, WNOHANG);
    }
    close_all();
}

void Child::close_all() {
    boost::system::error_code ignored;
    for (auto* watched : {&io_->output, &io_->errors, &io_->end})
        watched->descriptor.close(ignored);
}

asio::awaitable<void> Child::sleep(milliseconds patience) {
    boost::system::error_code woken;
    io_->timer.expires_after(patience);
    co_await io_->timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
}

asio::awaitable<bool> Child::wait(milliseconds patience) {
    io_->watch(io_->output);
    io_->watch(io_->errors);
    io_->watch(io_->end);
    const auto any = [this] {
        return io_->output.is_ready || io_->errors.is_ready || io_->end.is_ready;
    };
    if (!any()) co_await sleep(patience);
    co_return any();
}

asio::awaitable<bool> Child::wait_for_end(milliseconds patience) {
    const auto until = steady_clock::now() + patience;
    io_->watch(io_->end);
    while (!io_->end.is_ready) {
        const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
        if (left <= milliseconds::zero()) break;
        co_await sleep(left);
    }
    co_return io_->end.is_ready;
}

std::size_t Child::read_output(std::span<char> buffer) {
    return io_->output.read(buffer);
}

std::size_t Child::read_errors(std::span<char> buffer) {
    return io_->errors.read(buffer);
}

bool Child::output_closed() const {
    return io_->output.is_closed;
}

bool Child::has_ended() const {
    return io_->end.is_ready;
}

void Child::signal(int number) const {
    if (pid_ > 0) ::kill(-pid_, number);
}

/// Until it is waited for, the program keeps its number, and with it that of its group: so nobody
/// else can be meant.
int Child::reap() {
    signal(SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace nudged::process
