// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/capture.hpp"
#include "connectors/sources/source.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace nudged::cli {

/// What is tried of a source.
struct TrialPlan {
    std::vector<model::Entity> only{};  // empty: all
    int pages = 1;                      // that hold records, of each stream
    bool deletions = true;              // lists of what is gone, too
};

/// What came of one stream.
struct StreamTrial {
    model::Stream stream{};
    std::vector<model::Page> pages{};
    std::optional<Failure> failure{};
    bool is_dead_credential = false;  // the failure is the source's, not this stream's
    std::chrono::milliseconds took{0};
    std::size_t first_exchange = 0;  // of the capture
    std::size_t requests = 0;
    /// Of a stream that failed: which of the exchanges was answered last, and failed it.
    std::optional<std::size_t> failed_by{};
    std::string answer{};  // the beginning of what the CRM said then; for a terminal alone
    /// Where the answer seems to tell of a next page that its request does not go on to; may be
    /// empty.
    std::string unread_next{};

    std::size_t records() const;
    /// That a sweep told, without their records.
    std::size_t ids() const;
    std::uint64_t malformed() const;
    bool more() const { return !pages.empty() && pages.back().more; }
};

struct Trial {
    std::vector<StreamTrial> streams{};
    /// Streams that would have failed as the last one did: no credential, or no answer at all.
    std::size_t not_tried = 0;
    /// Headers in which the CRM last told what is left of its limits.
    net::Headers limits{};

    std::size_t failures() const;
    std::uint64_t malformed() const;
};

/// Fetches the first pages of every stream, one stream after the other; stores nothing. Ends with
/// the first that the CRM refuses the credential for, or does not answer at all.
boost::asio::awaitable<void> try_source(sources::Source& source, const TrialPlan& plan,
                                        const net::Capture& capture, Trial& trial);

/// Entities by the names that a command line gave; ends the command for others, and for those that
/// the source does not have.
std::vector<model::Entity> entities_named(const std::vector<std::string>& names,
                                          const std::vector<model::Entity>& known);

/// Prints what was mapped, what was null everywhere, what was malformed, and what failed.
void print_trial(const Trial& trial);
std::string trial_json(const std::string& source, const Trial& trial);

}  // namespace nudged::cli
