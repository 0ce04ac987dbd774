// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/http_server.hpp"
#include "tests/support/web_socket_server.hpp"

#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace nudged::slack_receiver {

/// Slack's end of an app with Socket Mode: the Web API, response_urls, and the connections on which
/// clicks and commands come. Any thread.
class Workspace {
public:
    static constexpr const char* bot_token = "xoxb-1-b0t-s3cr3t";
    static constexpr const char* app_token = "xapp-1-4pp-s3cr3t";

    /// Says hello to every connection, unless told otherwise.
    explicit Workspace(bool says_hello = true);

    std::string api_url() const { return http.url("/api"); }
    std::string response_url() const { return http.url("/response/s3cr3t"); }
    /// `traits` are what else Slack tells of them, as JSON; by default they are of this workspace.
    void add_member(const std::string& id, const std::string& mail,
                    const std::string& traits = R"("team_id":"T0OWN","is_stranger":false)");
    /// What apps.connections.open answers from now on: a word such as "invalid_auth"; empty: a URL.
    void refuse_connections(const std::string& word);
    /// The same of any other method.
    void refuse(const std::string& method, const std::string& word);

    /// Bodies of the calls to a method ("chat.postMessage"), or to "response".
    std::vector<std::string> calls(const std::string& method) const;
    /// True once there were so many.
    bool wait_for_calls(const std::string& method, std::size_t count) const;

    // What Slack sends, as JSON.
    static std::string hello();
    static std::string disconnect(const std::string& reason);
    std::string click(const std::string& id, const std::string& member, const std::string& value,
                      bool from_menu = false) const;
    std::string form(const std::string& id, const std::string& member, const std::string& value,
                     const std::string& text) const;
    std::string command(const std::string& id, const std::string& member,
                        const std::string& text) const;

    mutable tests::WebSocketServer sockets;

private:
    tests::Reply answer(const tests::Request& request);
    tests::Reply find_member(const tests::Request& request) const;

    mutable std::mutex mutex_;
    mutable std::condition_variable called_;
    struct Member {
        std::string mail;
        std::string traits;
    };
    std::map<std::string, Member> members_;        // by id
    std::map<std::string, std::string> refusals_;  // words by method
    std::map<std::string, std::vector<std::string>> calls_;

public:
    tests::HttpServer http;  // ends first
};

}  // namespace nudged::slack_receiver
