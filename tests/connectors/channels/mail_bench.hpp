// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/catalog.hpp"
#include "connectors/model/message.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <memory>
#include <string>

namespace nudged::tests {

/// A weekly brief of the usual size: praise, a table, two questions.
model::Message brief();

/// A channel with a loop of its own.
class MailBench {
public:
    explicit MailBench(const channels::ChannelOptions& options);

    channels::SendOutcome send(const std::string& payload, const std::string& key = "key-1");
    channels::Channel& channel() { return *channel_; }
    boost::asio::io_context& loop() { return loop_; }

private:
    boost::asio::io_context loop_;
    net::HttpClient http_{loop_.get_executor()};
    std::unique_ptr<channels::Channel> channel_;
};

/// Of the kind "smtp", from nudged@example.com, for a server on this machine.
channels::ChannelOptions smtp_options(int port, std::vector<std::string> to);

}  // namespace nudged::tests
