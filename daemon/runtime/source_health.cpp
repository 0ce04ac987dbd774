// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/source_health.hpp"

namespace nudged::runtime {
namespace {

constexpr std::chrono::hours between_probes{1};

/// An answer that did not depend on the credential, or none.
bool proves_nothing(const StreamTurn& turn) {
    return turn.failed() && (*turn.failure_kind == FailureKind::transient ||
                             *turn.failure_kind == FailureKind::throttled);
}

}  // namespace

void SourceHealth::note(const StreamTurn& turn, Instant now) {
    const bool stays_dead = !dead_.empty() && proves_nothing(turn);
    if (turn.is_dead_credential) dead_ = turn.failure;
    if (turn.is_dead_credential || stays_dead) {
        asks_again_at_ = now + between_probes;
        return;
    }
    dead_.clear();
    asks_again_at_ = {};
}

bool SourceHealth::may_ask(Instant now) const {
    // What lies further ahead was said by a clock that has been set back since.
    return now >= asks_again_at_ || asks_again_at_ - now > between_probes;
}

}  // namespace nudged::runtime
