// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/recording/recorded.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace nudged::sources::recording {

/// Answers requests out of a recording: those of the same method, path, query (in any order) and
/// body. The same request twice gets what it got then, one after the other, and at the end always
/// the last. Lives on the loop.
class Replay : public net::Exchange {
public:
    /// `origin`: scheme and host of the CRM that the source is configured for; links lead there.
    Replay(std::vector<Recorded> exchanges, std::string origin);

    /// Throws TransferFailure(refused) that names a request which was not recorded.
    net::asio::awaitable<net::HttpResponse> send(net::HttpRequest request) override;

    /// Requests that were asked for and not there: "GET /path".
    const std::vector<std::string>& missing() const { return missing_; }
    /// "GET /path" of what was recorded and never asked for.
    std::vector<std::string> unasked() const;

private:
    struct Answers {
        std::string line;  // for people
        std::vector<net::HttpResponse> all{};
        std::size_t told = 0;
    };
    [[noreturn]] void refuse(const net::HttpRequest& request);

    std::map<std::string, Answers> answers_;
    std::map<std::string, int> recorded_;  // by method and path
    std::vector<std::string> missing_;
};

}  // namespace nudged::sources::recording
