// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/smtp.hpp"

#include "connectors/base/events.hpp"
#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "connectors/base/text.hpp"
#include "connectors/channels/mail/address.hpp"
#include "connectors/channels/mail/mail_channel.hpp"
#include "connectors/channels/mail/options.hpp"
#include "connectors/channels/mail/round.hpp"
#include "connectors/channels/mail/smtp_reply.hpp"
#include "connectors/channels/mail/token.hpp"

#include <fmt/format.h>

#include <atomic>
#include <set>
#include <utility>

namespace nudged::channels::mail {

net::SmtpServer server_of(const SmtpOptions& options) {
    net::SmtpServer server;
    server.host = options.host;
    server.port = options.port;
    server.security = options.security == "tls"    ? net::SmtpSecurity::tls
                      : options.security == "none" ? net::SmtpSecurity::none
                                                   : net::SmtpSecurity::starttls;
    server.hello = options.hello.empty() ? domain_of(options.mail.from) : options.hello;
    server.ca_file = options.ca_file;
    if (options.user.empty()) return server;
    server.user = options.user;
    server.auth = options.auth == "xoauth2" ? net::SmtpAuth::xoauth2
                  : options.auth == "login" ? net::SmtpAuth::login
                                            : net::SmtpAuth::plain;
    server.secret = options.password;
    return server;
}

namespace {

using namespace std::chrono_literals;

// With the mail that is under way it stays inside the lease of a message, which is two minutes.
constexpr auto longest_round = 25s;

Verdict refused_before(std::string reason) {
    Verdict verdict;
    verdict.outcome.outcome = Outcome::refused_destination;
    verdict.outcome.reason = std::move(reason);
    verdict.concerns_all = false;
    return verdict;
}

SendOutcome out_of_time() {
    SendOutcome outcome;
    outcome.outcome = Outcome::throttled;
    outcome.reason = "the server is slow: the addresses that are left follow";
    outcome.retry_after = 1s;
    return outcome;
}

SendOutcome refused_payload(const Failure& failure) {
    SendOutcome outcome;
    outcome.outcome = Outcome::refused_payload;
    outcome.reason = failure.what();
    return outcome;
}

class SmtpChannel : public MailChannel {
public:
    SmtpChannel(std::string name, SmtpOptions options, net::HttpClient& http)
        : MailChannel(options.mail),
          name_(std::move(name)),
          options_(std::move(options)),
          tokens_(options_.token, http) {}
    ~SmtpChannel() override { stop_ = true; }

    asio::awaitable<SendOutcome> send(const std::string& payload, const std::string& key) override {
        std::optional<Round> round;
        try {
            round.emplace(parse_payload(payload), !mail_options().to.empty());
        } catch (const Failure& failure) {
            co_return refused_payload(failure);
        }
        // What runs on the thread is told to end, and is then waited for.
        auto state = co_await asio::this_coro::cancellation_state;
        stop_ = false;
        if (state.slot().is_connected())
            state.slot().assign([this](asio::cancellation_type) { stop_ = true; });
        auto server = server_of(options_);
        const bool is_oauth = server.auth == net::SmtpAuth::xoauth2;
        // A token may have been taken back before its time: once more with a new one.
        for (int tries_left = is_oauth ? 2 : 1; tries_left > 0; --tries_left) {
            if (is_oauth) {
                auto answer = co_await tokens_.take();
                if (!answer.token) {
                    round->end(std::move(answer.outcome));
                    break;
                }
                server.secret = *answer.token;
            }
            const bool is_over =
                co_await on(thread_, [&] { return drain(*round, server, key, tries_left > 1); });
            if (is_over) break;
            tokens_.drop();
        }
        if (state.slot().is_connected()) state.slot().clear();
        tell_refusals(*round);
        co_return round->conclude();
    }

private:
    /// On the thread. False when the token was refused, and nothing else has been concluded.
    bool drain(Round& round, const net::SmtpServer& server, const std::string& key,
               bool has_another_token) {
        const auto started = std::chrono::steady_clock::now();
        try {
            net::SmtpSession session(server, stop_);
            while (const auto* recipient = round.next()) {
                if (const auto problem = problem_of_address(recipient->address); !problem.empty()) {
                    round.add(refused_before(problem));
                    continue;
                }
                if (refused_.contains(recipient->address)) {
                    round.add(refused_before("this address was refused before, and is left out "
                                             "until nudged is reloaded"));
                    continue;
                }
                if (std::chrono::steady_clock::now() - started > longest_round) {
                    round.end(out_of_time());
                    break;
                }
                const auto mail =
                    compose_for(round.payload(), *recipient, mail_options(), key, system_now());
                const auto reply = session.deliver(mail_options().from, recipient->address, mail);
                if (has_another_token && is_login_refused(reply)) return false;
                auto verdict = classify(reply);
                if (verdict.outcome.outcome == Outcome::refused_destination &&
                    !verdict.concerns_all)
                    refused_.insert(recipient->address);
                round.add(std::move(verdict));
            }
        } catch (const Failure& failure) {
            auto outcome = refused_payload(failure);
            if (failure.kind() == FailureKind::needs_person)
                outcome.outcome = Outcome::refused_destination;
            round.end(std::move(outcome));
        }
        return true;
    }

    void tell_refusals(const Round& round) const {
        for (const auto& refusal : round.refusals())
            tell(events::mail_address_refused,
                 {{"channel", name_},
                  {"address", fmt::format("{} of {}", refusal.number, round.size())},
                  {"reason", refusal.reason}});
    }

    std::string name_;
    SmtpOptions options_;
    TokenKeeper tokens_;
    std::set<std::string> refused_;  // addresses, for as long as this channel lives
    std::atomic<bool> stop_ = false;
    asio::thread_pool thread_{1};  // goes first: it works on the rest
};

}  // namespace

void check_smtp(const ChannelOptions& options, Diagnostics& problems) {
    const auto* smtp = std::get_if<SmtpOptions>(&options.kind_options);
    if (!smtp) return;
    auto problem = problem_of(*smtp);
    if (!problem.what.empty())
        problems.error(options.place, fmt::format("channel '{}': {}", options.name, problem.what),
                       std::move(problem.remedy));
    else
        warn(*smtp, options, problems);
}

std::unique_ptr<Channel> make_smtp(const ChannelOptions& options, net::HttpClient& http) {
    const auto* smtp = std::get_if<SmtpOptions>(&options.kind_options);
    auto problem = smtp ? problem_of(*smtp) : Problem{"there are no options", "write them"};
    if (problem.what.empty() && !smtp->user.empty()) {
        const bool is_oauth = smtp->auth == "xoauth2";
        if ((is_oauth ? smtp->token.client_secret : smtp->password).empty())
            problem = {fmt::format("there is no {}", is_oauth ? "client_secret" : "password"),
                       "set it to where it is kept: { file = \"…\" } or { credential = \"…\" }"};
    }
    if (!problem.what.empty())
        throw Failure(FailureKind::needs_person, fmt::format("channel '{}': {}: {}", options.name,
                                                             problem.what, problem.remedy));
    return std::make_unique<SmtpChannel>(options.name, *smtp, http);
}

}  // namespace nudged::channels::mail
