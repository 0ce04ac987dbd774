// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nudged {

/// Why a unit of work ended early. There are as many kinds as there are reactions.
enum class FailureKind {
    transient,     // try again after a back-off: time-outs, 5xx, a busy database
    throttled,     // wait as told: 429, a quota used up
    refused,       // the same request will never succeed: drop this item, keep the others
    needs_person,  // credentials, permissions, configuration: stop, and tell the admin
    corrupt,       // what we stored contradicts itself: stop, and keep the evidence
};

/// "transient", "throttled", …: for logs, metrics and the run log.
std::string_view to_string(FailureKind kind);

/// Ends a unit of work: one stream's turn, one check, one delivery, one request, one command. The
/// thrower says what happened, without secrets or CRM text; the edge adds where, and acts on the
/// kind.
class Failure : public std::runtime_error {
public:
    Failure(FailureKind kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
    Failure(FailureKind kind, const std::string& what, std::chrono::milliseconds retry_after)
        : std::runtime_error(what), kind_(kind), retry_after_(retry_after) {}

    FailureKind kind() const { return kind_; }
    /// How long the far end asked us to wait, where it said so.
    std::optional<std::chrono::milliseconds> retry_after() const { return retry_after_; }

private:
    FailureKind kind_;
    std::optional<std::chrono::milliseconds> retry_after_;
};

}  // namespace nudged
