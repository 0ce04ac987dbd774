// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/http.hpp"
#include "connectors/sources/catalog.hpp"
#include "daemon/config/config.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace nudged::runtime {

namespace asio = boost::asio;

/// A loop, workers and an HTTP client for one command that does its work without the daemon.
class Workplace {
public:
    Workplace() : http_(loop_.get_executor()) {}
    ~Workplace() { workers_.join(); }

    /// Runs to the end; throws what the work threw.
    void run(asio::awaitable<void> work) {
        std::exception_ptr thrown;
        asio::co_spawn(loop_, std::move(work),
                       [&thrown](std::exception_ptr failed) { thrown = failed; });
        loop_.run();
        loop_.restart();
        if (thrown) std::rethrow_exception(thrown);
    }

    asio::io_context& loop() { return loop_; }
    net::HttpClient& http() { return http_; }
    sources::SourceContext source_context(const config::Config& config) {
        return source_context(config, http_, system_now);
    }
    /// The same with another way to the world, and another clock.
    sources::SourceContext source_context(const config::Config& config, net::Exchange& exchange,
                                          Clock clock) {
        return {exchange, workers_, std::move(clock), config.daemon.manifest_dir,
                config.token_folder()};
    }

private:
    asio::io_context loop_{1};
    asio::thread_pool workers_{2};
    net::HttpClient http_;
};

/// The source that `options` describes. Throws Failure(needs_person) when it cannot be made.
std::unique_ptr<sources::Source> make_source(const sources::SourceOptions& options,
                                             const sources::SourceContext& context);

}  // namespace nudged::runtime
