// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/exchange.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace nudged::net {

/// A request with what it was answered.
struct Exchanged {
    HttpRequest request;
    HttpResponse response;
};

/// Passes requests on, and keeps a copy of those that were answered. Of private ones it keeps
/// nothing. Lives on the loop.
class Capture : public Exchange {
public:
    explicit Capture(Exchange& behind) : behind_(behind) {}

    asio::awaitable<HttpResponse> send(HttpRequest request) override {
        Exchanged kept;
        const bool is_kept = !request.is_private;
        if (is_kept) kept.request = request;
        is_answered_ = false;
        auto response = co_await behind_.send(std::move(request));
        is_answered_ = is_kept;
        if (is_kept) {
            kept.response = response;
            exchanged_.push_back(std::move(kept));
        }
        co_return response;
    }

    /// In the order of their answers.
    const std::vector<Exchanged>& exchanged() const { return exchanged_; }

    /// Whether the last of them is the last request of all.
    bool is_answered() const { return is_answered_; }

private:
    Exchange& behind_;
    bool is_answered_ = false;
    std::vector<Exchanged> exchanged_;
};

}  // namespace nudged::net
