// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/http.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace nudged::tests {

namespace asio = boost::asio;

/// A client on a loop that runs as long as a test waits for it.
struct Client {
    explicit Client(net::HttpOptions options = {})
        : http(std::make_unique<net::HttpClient>(loop.get_executor(), std::move(options))) {}

    /// Runs the loop until `work` is done; returns its result or throws what it threw.
    template <typename Work>
    auto run(Work work) {
        auto result = asio::co_spawn(loop, std::move(work), asio::use_future);
        loop.restart();
        while (result.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
            loop.run_one();
        return result.get();
    }

    net::HttpResponse send(net::HttpRequest request) { return run(http->send(std::move(request))); }

    net::HttpResponse get(const std::string& url) {
        net::HttpRequest request;
        request.url = url;
        return send(request);
    }

    /// The failure that the request must end with; nullopt when it succeeds.
    std::optional<net::TransferFailure> failure_of(net::HttpRequest request) {
        try {
            send(std::move(request));
            return std::nullopt;
        } catch (const net::TransferFailure& failure) {
            return failure;
        }
    }

    std::optional<net::TransferFailure> failure_of(const std::string& url) {
        net::HttpRequest request;
        request.url = url;
        return failure_of(std::move(request));
    }

    asio::io_context loop{1};
    std::unique_ptr<net::HttpClient> http;
};

}  // namespace nudged::tests
