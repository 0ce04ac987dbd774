// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/hygiene/next_step_state.hpp"

#include "connectors/base/text.hpp"

#include <vector>

namespace nudged::checks {
namespace {

using std::chrono::local_days;

NextStep state_of(const StepCandidate& candidate, local_days today, local_days reach) {
    if (!candidate.due) return NextStep::undated;
    if (*candidate.due < today) return NextStep::overdue;
    if (!candidate.has_active_owner) return NextStep::orphan;
    if (*candidate.due == today) return NextStep::due;
    return *candidate.due <= reach ? NextStep::ok : NextStep::far;
}

}  // namespace

std::string_view to_string(NextStep state) {
    switch (state) {
    case NextStep::ok: return "ok";
    case NextStep::due: return "due";
    case NextStep::far: return "far";
    case NextStep::orphan: return "orphan";
    case NextStep::overdue: return "overdue";
    case NextStep::undated: return "undated";
    case NextStep::text_only: return "text_only";
    case NextStep::none: return "none";
    }
    return "";
}

NextStepState decide_next_step(std::span<const StepCandidate> candidates,
                               std::string_view free_text, local_days today, int horizon) {
    const local_days reach = today + std::chrono::days{horizon};
    NextStepState best;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const auto& candidate = candidates[i];
        const NextStep state = state_of(candidate, today, reach);
        bool better = !best.decided_by || state < best.state;
        if (!better && state == best.state && candidate.due) {
            const auto decided = candidates[*best.decided_by].due;
            better =
                state == NextStep::overdue ? *candidate.due > *decided : *candidate.due < *decided;
        }
        if (better) best = {state, i};
    }
    if (!best.decided_by && !is_placeholder(free_text)) best.state = NextStep::text_only;
    return best;
}

}  // namespace nudged::checks
