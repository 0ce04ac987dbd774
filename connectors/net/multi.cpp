// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/multi.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <exception>
#include <new>
#include <optional>
#include <utility>

namespace nudged::net {

namespace {

CURLM* make_multi() {
    // Once per process, and thread-safe in every libcurl since 7.84.
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM* multi = ready == CURLE_OK ? curl_multi_init() : nullptr;
    if (multi == nullptr) throw std::bad_alloc();
    return multi;
}

}  // namespace

/// A transfer that libcurl holds, from the frame that waits for it: the two are parted when the
/// frame goes, for whatever reason.
class Multi::Running {
public:
    Running(Multi& multi, CURL* easy)
        : multi_(&multi), easy_(easy), done_(multi.loop_, asio::steady_timer::time_point::max()) {
        curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
        if (curl_multi_add_handle(multi.handle_, easy) != CURLM_OK) throw std::bad_alloc();
        multi.running_.insert(this);
    }
    ~Running() { part(); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    asio::awaitable<CURLcode> end() {
        if (!result_) co_await done_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (!result_) throw boost::system::system_error(asio::error::operation_aborted);
        co_return *result_;
    }
    void finish(CURLcode code) {
        result_ = code;
        done_.cancel();
    }
    void abandon() {
        part();
        done_.cancel();
    }

private:
    void part() {
        if (multi_ == nullptr) return;
        curl_multi_remove_handle(multi_->handle_, easy_);
        multi_->running_.erase(this);
        multi_ = nullptr;
    }

    Multi* multi_;
    CURL* easy_;
    asio::steady_timer done_;
    std::optional<CURLcode> result_;
};

/// One of libcurl's sockets. The descriptor only watches: it is released, and libcurl closes.
struct Multi::Watch {
    Watch(const asio::any_io_executor& loop, curl_socket_t socket) : descriptor(loop, socket) {}
    ~Watch() { descriptor.release(); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    asio::posix::stream_descriptor descriptor;
    int wanted = 0;   // CURL_CSELECT_IN, CURL_CSELECT_OUT
    int awaited = 0;  // those for which a wait is under way
};

Multi::Multi(asio::any_io_executor loop, int max_connections_per_host)
    : loop_(std::move(loop)), handle_(make_multi()), timer_(loop_) {
    curl_multi_setopt(handle_, CURLMOPT_SOCKETFUNCTION, &Multi::on_socket);
    curl_multi_setopt(handle_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(handle_, CURLMOPT_TIMERFUNCTION, &Multi::on_timer);
    curl_multi_setopt(handle_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(handle_, CURLMOPT_MAX_HOST_CONNECTIONS, long{max_connections_per_host});
    curl_multi_setopt(handle_, CURLMOPT_MAXCONNECTS, 64L);  // idle ones kept for reuse
}

Multi::~Multi() {
    while (!running_.empty()) (*running_.begin())->abandon();
    curl_multi_setopt(handle_, CURLMOPT_SOCKETFUNCTION, nullptr);
    curl_multi_setopt(handle_, CURLMOPT_TIMERFUNCTION, nullptr);
    while (!watches_.empty()) unwatch(watches_.begin()->first);
    curl_multi_cleanup(handle_);
}

asio::awaitable<CURLcode> Multi::perform(CURL* easy) {
    Running running(*this, easy);
    co_return co_await running.end();
}

asio::awaitable<CURLcode> Multi::perform(CURL* easy, const std::function<void(CURLcode)>& at_end) {
    Running running(*this, easy);
    const CURLcode code = co_await running.end();
    at_end(code);
    co_return code;
}

// Called from within libcurl, which no exception may cross.
int Multi::on_socket(CURL*, curl_socket_t socket, int wanted, void* self, void*) {
    auto& multi = *static_cast<Multi*>(self);
    try {
        if (wanted == CURL_POLL_REMOVE)
            multi.unwatch(socket);
        else
            multi.watch(socket, wanted);
        return 0;
    } catch (const std::exception&) {
        return -1;
    }
}

int Multi::on_timer(CURLM*, long timeout_ms, void* self) {
    auto& multi = *static_cast<Multi*>(self);
    try {
        multi.timer_.cancel();
        if (timeout_ms < 0) return 0;
        multi.timer_.expires_after(std::chrono::milliseconds{timeout_ms});
        // A wait that is over cannot be cancelled any more, so its handler may outlive the multi.
        multi.timer_.async_wait([&multi, alive = std::weak_ptr(multi.alive_)](auto error) {
            if (!error && !alive.expired()) multi.act(CURL_SOCKET_TIMEOUT, 0);
        });
        return 0;
    } catch (const std::exception&) {
        return -1;
    }
}

void Multi::watch(curl_socket_t socket, int wanted) {
    auto found = watches_.find(socket);
    if (found == watches_.end())
        found = watches_.emplace(socket, std::make_shared<Watch>(loop_, socket)).first;
    const auto& watch = found->second;
    watch->wanted = ((wanted & CURL_POLL_IN) != 0 ? CURL_CSELECT_IN : 0) |
                    ((wanted & CURL_POLL_OUT) != 0 ? CURL_CSELECT_OUT : 0);
    wait(watch, CURL_CSELECT_IN);
    wait(watch, CURL_CSELECT_OUT);
}

void Multi::unwatch(curl_socket_t socket) {
    const auto found = watches_.find(socket);
    if (found == watches_.end()) return;
    found->second->wanted = 0;
    found->second->descriptor.release();  // now, while the socket is still this one
    watches_.erase(found);
}

void Multi::wait(const std::shared_ptr<Watch>& watch, int event) {
    if ((watch->wanted & event) == 0 || (watch->awaited & event) != 0) return;
    watch->awaited |= event;
    const auto type = event == CURL_CSELECT_IN ? asio::posix::descriptor_base::wait_read
                                               : asio::posix::descriptor_base::wait_write;
    watch->descriptor.async_wait(type, [this, watch, event](auto error) {
        watch->awaited &= ~event;
        // Once unwatched nothing is wanted, and the multi may be gone.
        if ((watch->wanted & event) == 0) return;
        act(watch->descriptor.native_handle(), error ? CURL_CSELECT_ERR : event);
        wait(watch, event);
    });
}

void Multi::act(curl_socket_t socket, int events) {
    int still_running = 0;
    curl_multi_socket_action(handle_, socket, events, &still_running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(handle_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        void* running = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &running);
        static_cast<Running*>(running)->finish(message->data.result);
    }
}

}  // namespace nudged::net
