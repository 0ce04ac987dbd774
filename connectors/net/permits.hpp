// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/line.hpp"

#include <utility>

namespace nudged::net {

/// So many at once, served in the order of asking. Lives on the loop, and outlives its permits.
class Permits {
public:
    Permits(asio::any_io_executor loop, int count) : line_(std::move(loop)), free_(count) {}

    /// Given back when it goes.
    class Permit {
    public:
        explicit Permit(Permits* owner) : owner_(owner) {}
        Permit(Permit&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
        Permit& operator=(Permit&&) = delete;
        ~Permit() {
            if (owner_) owner_->give_back();
        }

    private:
        Permits* owner_;
    };

    asio::awaitable<Permit> take();

private:
    void give_back() {
        ++free_;
        line_.wake_first();
    }

    Line line_;
    int free_;
};

}  // namespace nudged::net
