// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/runtime/sync.hpp"

#include <string>

namespace nudged::runtime {

/// Whether a source's credential lives. A dead one stops the whole source: whichever stream comes
/// next would be refused, too, and asking again and again can lock an account. Once an hour one
/// stream asks; what it is told holds for all.
class SourceHealth {
public:
    void note(const StreamTurn& turn, Instant now);
    /// Whether any stream may be asked.
    bool may_ask(Instant now) const;
    /// A person wants to know now.
    void allow_probe() { asks_again_at_ = {}; }
    Instant asks_again_at() const { return asks_again_at_; }
    /// Why the credential is dead; empty while it is not.
    const std::string& dead() const { return dead_; }

private:
    std::string dead_;
    Instant asks_again_at_{};
};

}  // namespace nudged::runtime
