// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/graph.hpp"

#include "connectors/base/crypto.hpp"
#include "connectors/base/events.hpp"
#include "connectors/base/failure.hpp"
#include "connectors/channels/mail/address.hpp"
#include "connectors/channels/mail/graph_reply.hpp"
#include "connectors/channels/mail/mail_channel.hpp"
#include "connectors/channels/mail/options.hpp"
#include "connectors/channels/mail/token.hpp"

#include <fmt/format.h>

#include <utility>

namespace nudged::channels::mail {
namespace {

using namespace std::chrono_literals;

// With the request that is under way it stays inside the lease of a message, which is two minutes.
constexpr auto longest_round = 25s;

class GraphChannel : public MailChannel {
public:
    GraphChannel(std::string name, GraphOptions options, net::HttpClient& http)
        : MailChannel(options.mail),
          name_(std::move(name)),
          options_(std::move(options)),
          http_(http),
          tokens_(token_of(options_), http) {}

    asio::awaitable<SendOutcome> send(const std::string& payload, const std::string& key) override {
        std::optional<Round> round;
        SendOutcome unreadable;
        try {
            round.emplace(parse_payload(payload), !mail_options().to.empty());
        } catch (const Failure& failure) {
            unreadable.outcome = Outcome::refused_payload;
            unreadable.reason = failure.what();
        }
        if (!round) co_return unreadable;
        const auto started = std::chrono::steady_clock::now();
        while (const auto* recipient = round->next()) {
            if (std::chrono::steady_clock::now() - started > longest_round) {
                round->end(out_of_time());
                break;
            }
            auto verdict = co_await send_one(*round, *recipient, key);
            round->add(std::move(verdict));
        }
        for (const auto& refusal : round->refusals())
            tell(events::mail_address_refused,
                 {{"channel", name_},
                  {"address", fmt::format("{} of {}", refusal.number, round->size())},
                  {"reason", refusal.reason}});
        co_return round->conclude();
    }

private:
    static SendOutcome out_of_time() {
        SendOutcome outcome;
        outcome.outcome = Outcome::throttled;
        outcome.reason = "Microsoft Graph is slow: the addresses that are left follow";
        outcome.retry_after = 1s;
        return outcome;
    }

    asio::awaitable<Verdict> send_one(const Round& round, const Recipient& recipient,
                                      const std::string& key) {
        Verdict verdict;
        std::string body;
        verdict.outcome.reason = problem_of_address(recipient.address);
        if (!verdict.outcome.reason.empty()) {
            verdict.outcome.outcome = Outcome::refused_destination;
            verdict.concerns_all = false;
            co_return verdict;
        }
        try {
            const auto mail =
                compose_for(round.payload(), recipient, mail_options(), key, system_now());
            body = crypto::base64(mail);
        } catch (const Failure& failure) {
            verdict.outcome.outcome = Outcome::refused_payload;
            verdict.outcome.reason = failure.what();
        }
        if (body.empty()) co_return verdict;
        // A token may have been taken back before its time: once more with a new one.
        for (int tries_left = 2; tries_left > 0; --tries_left) {
            auto answer = co_await tokens_.take();
            verdict.outcome = std::move(answer.outcome);
            if (!answer.token) break;
            verdict = co_await post(body, *answer.token);
            if (verdict.outcome.status != 401) break;
            tokens_.drop();
        }
        co_return verdict;
    }

    asio::awaitable<Verdict> post(const std::string& body, const Secret& token) {
        net::HttpRequest request;
        request.method = "POST";
        request.url = fmt::format("{}/v1.0/users/{}/sendMail", options_.api_url,
                                  net::url_encode(mail_options().from));
        request.headers.emplace_back("Content-Type", "text/plain");  // of MIME in base64
        request.headers.emplace_back("Authorization", fmt::format("Bearer {}", token.reveal()));
        request.body = body;
        request.is_private = true;
        request.connect_timeout = 10s;
        request.timeout = 30s;
        request.max_body_bytes = 64u << 10;
        try {
            const auto response = co_await http_.send(std::move(request));
            co_return classify(response, system_now());
        } catch (const net::TransferFailure& failure) {
            co_return classify(failure);
        }
    }

    std::string name_;
    GraphOptions options_;
    net::HttpClient& http_;
    TokenKeeper tokens_;
};

}  // namespace

void check_graph(const ChannelOptions& options, Diagnostics& problems) {
    const auto* graph = std::get_if<GraphOptions>(&options.kind_options);
    if (!graph) return;
    auto problem = problem_of(*graph);
    if (!problem.what.empty())
        problems.error(options.place, fmt::format("channel '{}': {}", options.name, problem.what),
                       std::move(problem.remedy));
}

std::unique_ptr<Channel> make_graph(const ChannelOptions& options, net::HttpClient& http) {
    const auto* graph = std::get_if<GraphOptions>(&options.kind_options);
    auto problem = graph ? problem_of(*graph) : Problem{"there are no options", "write them"};
    if (problem.what.empty() && graph->client_secret.empty())
        problem = {"there is no client_secret", "set client_secret to where it is kept"};
    if (!problem.what.empty())
        throw Failure(FailureKind::needs_person, fmt::format("channel '{}': {}: {}", options.name,
                                                             problem.what, problem.remedy));
    return std::make_unique<GraphChannel>(options.name, *graph, http);
}

}  // namespace nudged::channels::mail
