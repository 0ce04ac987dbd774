// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/absence.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/runtime/source_runner.hpp"
#include "daemon/warehouse/finding_answers.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>

namespace nudged::runtime {

// Before a message says that something is missing, its records are read again from their CRM (sales
// practice §4). What is there by now is not told; what cannot be read waits for the next message.

/// By source.
using RecordsOfSources = std::map<std::string, checks::RecordIds>;

/// So many of one source for all messages that are due at a time: those of the most important
/// findings, which are the ones that a message names.
inline constexpr std::size_t most_reread = 500;
/// So long a message waits for its sources.
inline constexpr std::chrono::seconds reread_patience{60};

/// The records that the findings among these rest on that are about an absence. A worker.
RecordsOfSources records_behind(const checks::Scene& scene,
                                const std::set<warehouse::FindingId>& told);

struct ReadAgain {
    std::uint64_t changed = 0;                   // records that were not as stored
    std::map<std::string, std::string> why_not;  // by source: why it proves nothing
};
/// All sources at once, by their runners, which outlive it; on the loop.
asio::awaitable<ReadAgain> read_again(std::span<const std::unique_ptr<SourceRunner>> runners,
                                      RecordsOfSources records,
                                      std::chrono::milliseconds patience = reread_patience);

/// Takes out of an evaluation what is about an absence in one of these sources, and holds its
/// checks there: a message tells why they say nothing.
void hold_unproven(checks::Evaluation& evaluation,
                   const std::map<std::string, std::string>& why_not);

}  // namespace nudged::runtime
