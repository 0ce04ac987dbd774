// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/sync.hpp"

#include <string>

namespace nudged::cli {

/// Shows the turns of streams as they go: a bar that is redrawn on a terminal, else one line a
/// turn.
class Progress {
public:
    explicit Progress(bool terminal) : terminal_(terminal) {}
    void show(const runtime::StreamTurn& turn);

private:
    bool terminal_;
};

/// "sales call  [######····]  1,200 records, 300 changed"; plain when `bar` is false.
std::string progress_line(const runtime::StreamTurn& turn, bool bar);

}  // namespace nudged::cli
