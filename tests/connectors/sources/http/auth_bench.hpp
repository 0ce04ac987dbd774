// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/failure.hpp"
#include "connectors/net/http.hpp"
#include "connectors/sources/catalog.hpp"
#include "connectors/sources/http/http_source.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace nudged::tests {

/// "name=value&…", decoded.
std::map<std::string, std::string> form_of(const std::string& body);

/// A CRM of one list of tasks, "/tasks", for whoever sends the right `Authorization`, with a token
/// server at "/token". The handlers run on the server's thread.
class TokenCrm {
public:
    using TokenHandler = std::function<Reply(const Request&)>;

    explicit TokenCrm(TokenHandler token);
    std::string url() const { return server_.url(""); }
    void accept(const std::string& authorization);  // from now on, and nothing else
    /// Requests that came for a path.
    std::vector<Request> requests(const std::string& path) const;
    std::size_t token_requests() const { return requests("/token").size(); }

private:
    Reply answer(const Request& request);

    TokenHandler token_;
    std::mutex mutex_;
    std::string accepted_;
    HttpServer server_;  // the last: its thread uses the others
};

/// Answers with access tokens a1, a2, …, which the CRM accepts from then on, and rotates refresh
/// tokens r1, r2, …: only the newest is taken, others are an invalid_grant.
class RotatingCrm {
public:
    RotatingCrm();
    TokenCrm crm;

private:
    Reply grant(const Request& request);
    int granted_ = 0;
};

/// One process: a loop, workers and a client, over tokens in a folder.
class AuthBench {
public:
    explicit AuthBench(std::string token_folder);
    ~AuthBench() { workers_.join(); }

    std::atomic<Instant> now;
    std::string key;                                         // of the tokens; empty: a file
    std::function<void(std::string_view step)> before_step;  // of each write of tokens

    /// A source of a manifest with this [auth], its credentials and base URL.
    sources::SourceOptions options(const std::string& auth, const std::string& base_url,
                                   const std::map<std::string, std::string>& credentials) const;
    std::unique_ptr<sources::Source> source(const sources::SourceOptions& options);
    sources::SourceContext context();

    template <typename Result>
    Result run(boost::asio::awaitable<Result> work) {
        auto result = boost::asio::co_spawn(loop_, std::move(work), boost::asio::use_future);
        loop_.restart();
        loop_.run();
        return result.get();
    }
    /// Pulls the tasks; how many there are.
    std::size_t pull(sources::Source& source);
    Failure failure_of(sources::Source& source);

private:
    TempFolder folder_;
    std::string token_folder_;
    boost::asio::io_context loop_;
    boost::asio::thread_pool workers_{2};
    net::HttpClient http_{loop_.get_executor()};
};

/// A manifest of one list of tasks with this [auth].
std::string manifest_with(const std::string& auth);

}  // namespace nudged::tests
