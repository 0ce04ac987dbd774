// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/options.hpp"
#include "connectors/net/http.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace nudged::channels::slack {

namespace asio = boost::asio;

/// The methods of Slack's Web API that answering needs. Lives on the loop. Throws Failure:
/// needs_person for what Slack refuses until somebody acts (a token, a scope), refused for what
/// concerns this one call, throttled, and transient; its text quotes Slack's word and nothing else.
class WebClient {
public:
    WebClient(SlackBotOptions options, net::HttpClient& http);

    /// apps.connections.open: the URL of a new Socket Mode connection, a secret.
    asio::awaitable<std::string> open_connection();
    /// users.info: a member's e-mail address, in lower case; empty for who shows none, and for who
    /// is not of the app's own organisation: their admins vouch for their address, ours do not.
    asio::awaitable<std::string> find_mail(std::string member);
    /// users.lookupByEmail: the ID of such a member; refused for any other.
    asio::awaitable<std::string> find_member(std::string mail);
    /// chat.postMessage to a channel's or member's ID. `message` is a JSON object of text and
    /// blocks.
    asio::awaitable<void> post(std::string channel, std::string message);
    /// views.open, within 3 s of what the trigger is of.
    asio::awaitable<void> open_view(std::string trigger, std::string view);
    /// What a response_url takes: a JSON object with a text.
    asio::awaitable<void> respond(std::string response_url, std::string message);

    /// Which calls Slack refuses the app's token, and why, until one of them is done again; empty:
    /// none, as far as known. apps.connections.open is not among them.
    std::string lacks() const;

private:
    /// Whom the token is of.
    struct Organisation {
        std::string team;
        std::string enterprise;  // may be empty
    };
    struct Known {
        std::string text;
        std::chrono::steady_clock::time_point good_until{};
    };

    net::HttpRequest get(const std::string& method_and_query) const;
    net::HttpRequest post_request(const std::string& method, std::string body,
                                  const Secret& token) const;
    asio::awaitable<std::string> call(net::HttpRequest request);
    asio::awaitable<bool> is_trusted(const std::string& answer);
    const std::string* known(const std::string& key) const;
    void learn(const std::string& key, std::string text);

    SlackBotOptions options_;
    net::HttpClient& http_;
    std::optional<Organisation> own_;
    std::map<std::string, std::string> lacking_;  // why, by method
    std::map<std::string, Known> known_;          // addresses and members, by one another
};

}  // namespace nudged::channels::slack
