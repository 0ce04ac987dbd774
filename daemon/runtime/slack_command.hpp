// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/commitment_entry.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace nudged::runtime {

/// What `/nudged commit …` proposes.
struct CommitCommand {
    std::string member;  // the rep's ID in Slack, where they were mentioned; or empty, and
    CommitmentWords
        words;  // "rep" as it was typed; "kpi", "to", "week", and "from" where it is said
};

/// "@ana 50 dials", with "from 40", and "this week", "next week" or a week such as 2026-W49 behind
/// it. Without one it is this week on Monday and Tuesday, and after that the next: what is agreed
/// late in a week can hardly be told apart from how the week had gone. Throws Failure(refused),
/// with an example, for what names no rep, number and KPI.
CommitCommand parse_commit(std::string_view text, std::chrono::local_days today);

/// What `/nudged help` says.
std::string_view slack_help();

}  // namespace nudged::runtime
