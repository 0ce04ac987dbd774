// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <curl/curl.h>

#include <functional>
#include <map>
#include <memory>
#include <set>

namespace nudged::net {

namespace asio = boost::asio;

/// libcurl's multi handle, its sockets and its clock driven by the loop. Lives there.
class Multi {
public:
    Multi(asio::any_io_executor loop, int max_connections_per_host);
    /// Transfers that still run end as if they had been cancelled.
    ~Multi();
    Multi(const Multi&) = delete;
    Multi& operator=(const Multi&) = delete;

    /// Runs the transfer to its end. Takes CURLOPT_PRIVATE. Cancelled, it takes the handle back
    /// from libcurl and throws operation_aborted.
    asio::awaitable<CURLcode> perform(CURL* easy);
    /// The same; `at_end` is called while libcurl still holds the handle, and what it connected.
    asio::awaitable<CURLcode> perform(CURL* easy, const std::function<void(CURLcode)>& at_end);

private:
    class Running;
    struct Watch;

    static int on_socket(CURL* easy, curl_socket_t socket, int wanted, void* self, void*);
    static int on_timer(CURLM* multi, long timeout_ms, void* self);
    void watch(curl_socket_t socket, int wanted);
    void unwatch(curl_socket_t socket);
    void wait(const std::shared_ptr<Watch>& watch, int event);
    void act(curl_socket_t socket, int events);

    asio::any_io_executor loop_;
    CURLM* handle_;
    asio::steady_timer timer_;
    std::map<curl_socket_t, std::shared_ptr<Watch>> watches_;
    std::set<Running*> running_;
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace nudged::net
