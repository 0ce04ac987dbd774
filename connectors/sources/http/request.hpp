// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/pace.hpp"
#include "connectors/sources/catalog.hpp"
#include "connectors/sources/http/manifest.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nudged::sources {

/// A parsed answer. Its texts stand in the page that it was fetched for.
struct Answer {
    ErrorClass kind = ErrorClass::none;  // or one that the caller asked to be told
    std::unique_ptr<json::Document> document;
    int status = 0;
    net::Headers headers;
};

/// One question: a request with what stands for its placeholders.
struct Asking {
    const RequestPlan& request;
    Variables variables;
    std::vector<std::string> ids{};  // for requests that take any
    std::string address{};           // of a page that names the next one's; else by the request
    std::vector<ErrorClass> told{};  // classes that are the caller's own affair
};

/// Makes requests of one source: renders, keeps the pace, sends, classifies, waits, tries again,
/// parses. Lives on the loop; any number of coroutines may ask at once.
///
/// A credential goes to the origin of the manifest's base URL and to no other: every address is
/// compared with it, and redirects are not followed.
class Requester {
public:
    Requester(std::shared_ptr<const Manifest> manifest, std::map<std::string, Secret> credentials,
              const SourceContext& context);

    /// The answer. Error classes in `told` are returned; all others throw the Failure that fits,
    /// after as many tries as the manifest allows. The body is kept in `page`.
    asio::awaitable<Answer> ask(const Asking& asking, model::Page& page);

    asio::thread_pool& workers() { return context_.workers; }
    /// The server's clock as its last answer told it; ours until there was one.
    Instant server_now() const { return context_.clock() + server_ahead_; }

private:
    /// What became of one try: an answer for the caller, or a failure that may pass or not.
    struct Try {
        std::optional<Answer> answer;
        std::optional<Failure> failure;
        bool may_pass = false;
        std::chrono::milliseconds wait{0};  // as told by the far end
    };
    net::HttpRequest render(const Asking& asking) const;
    std::string address_of(const Asking& asking, const Variables& variables) const;
    asio::awaitable<Try> try_once(const Asking& asking, const net::HttpRequest& rendered,
                                  model::Page& page);
    asio::awaitable<Try> read(const RequestPlan& request, net::HttpResponse response,
                              model::Page& page);
    Try give_up(const RequestPlan& request, int status, const Verdict& verdict) const;
    void note_clock(const net::HttpResponse& response);
    asio::awaitable<void> make_limiters();

    std::shared_ptr<const Manifest> manifest_;
    std::map<std::string, Secret> credentials_;
    SourceContext context_;
    std::string origin_;
    net::Backoff backoff_;
    std::vector<std::unique_ptr<net::Limiter>> limiters_;
    std::chrono::milliseconds server_ahead_{0};
};

}  // namespace nudged::sources
