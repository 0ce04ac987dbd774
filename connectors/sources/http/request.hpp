// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/pace.hpp"
#include "connectors/sources/catalog.hpp"
#include "connectors/sources/http/auth.hpp"
#include "connectors/sources/http/dropped_fields.hpp"
#include "connectors/sources/http/limits.hpp"
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
/// A credential goes to the origin of the base URL, the manifest's or the token server's, and to no
/// other: every address is compared with it, and redirects are not followed.
class Requester {
public:
    Requester(std::shared_ptr<const Manifest> manifest, Credentials credentials,
              const SourceContext& context, const std::string& source);

    /// The answer. Error classes in `told` are returned; all others throw the Failure that fits,
    /// after as many tries as the manifest allows. The body is kept in `page`.
    asio::awaitable<Answer> ask(const Asking& asking, model::Page& page);

    /// Throws Failure(throttled), with the time to come back, when so much of our share of a quota
    /// is used up already: for what can wait.
    void check_quotas(double part) { limits_->check_quotas(part); }

    /// What is left out of {fields}; a description of the CRM's objects may add to it.
    DroppedFields& dropped_fields() { return dropped_fields_; }
    asio::thread_pool& workers() { return context_.workers; }
    /// The server's clock as its last answer told it; ours until there was one.
    Instant server_now() const { return context_.clock() + server_ahead_; }

private:
    /// What became of one try: an answer for the caller, or a failure that may pass or not.
    struct Try {
        std::optional<Answer> answer;
        std::optional<Failure> failure;
        bool may_pass = false;
        bool is_dead_credential = false;
        bool is_expired = false;            // another session may do
        bool is_reworded = false;           // the question has changed, and is put at once
        std::chrono::milliseconds wait{0};  // as told by the far end
    };
    /// A session for the next try, another than the one that the CRM has refused; or a failure.
    asio::awaitable<Try> authenticate(const SessionPtr& refused, SessionPtr& session);
    net::HttpRequest render(const Asking& asking, const Session& session) const;
    static std::string address_of(const Asking& asking, const std::string& base_url,
                                  const Variables& variables);
    asio::awaitable<Try> try_once(const Asking& asking, const net::HttpRequest& rendered,
                                  model::Page& page);
    asio::awaitable<Try> read(const Asking& asking, net::HttpResponse response, model::Page& page);
    /// Adds to the lists in an answer's rows what these have no room for.
    asio::awaitable<void> complete_lists(const Asking& asking, Answer& answer,
                                         model::Page& page);  // request_rest.cpp
    // request_errors.cpp
    Try react(const Asking& asking, int status, Verdict verdict);
    Try give_up(const RequestPlan& request, int status, const Verdict& verdict);
    std::optional<Try> reword(const Asking& asking, const Verdict& verdict);
    bool drop_field(const Asking& asking, const std::string& field);
    bool halve_limit(const RequestPlan& request);
    void escalate(Verdict& verdict);
    /// What the CRM has made us ask for less than the manifest says.
    void concede(const RequestPlan& request, Variables& variables) const;

    void note_clock(const net::HttpResponse& response);

    std::shared_ptr<const Manifest> manifest_;
    SourceContext context_;
    Authenticator auth_;
    net::Backoff backoff_;
    std::shared_ptr<Limits> limits_;
    DroppedFields dropped_fields_;
    std::map<const RequestPlan*, std::int64_t> smaller_limits_;
    std::map<const ErrorRule*, int> throttles_in_a_row_;
    std::chrono::milliseconds server_ahead_{0};
};

}  // namespace nudged::sources
