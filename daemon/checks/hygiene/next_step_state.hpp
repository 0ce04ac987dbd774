// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace nudged::checks {

/// How an opportunity or account stands with its next step (sales practice §2).
enum class NextStep { ok, due, far, orphan, overdue, undated, text_only, none };
std::string_view to_string(NextStep state);

/// `ok` and `due` count as covered.
inline bool is_covered(NextStep state) {
    return state == NextStep::ok || state == NextStep::due;
}

/// A planned activity, as far as the state depends on it.
struct StepCandidate {
    std::optional<std::chrono::local_days> due;
    bool has_active_owner = true;  // or none that is known
};

struct NextStepState {
    NextStep state = NextStep::none;
    /// The candidate that decided it: the next one, or the latest of those overdue.
    std::optional<std::size_t> decided_by;
};

/// `horizon` is in calendar days after `today`. Where several hold, the kindest is told: what is
/// planned for a time within reach, then beyond, then for somebody who left, then what is past. A
/// candidate that is past beside one that is not does not spoil it; task.overdue tells of it.
NextStepState decide_next_step(std::span<const StepCandidate> candidates,
                               std::string_view free_text, std::chrono::local_days today,
                               int horizon);

}  // namespace nudged::checks
