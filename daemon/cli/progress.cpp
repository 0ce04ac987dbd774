// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace nudged::cli {
namespace {

constexpr int bar_width = 20;

std::string bar_of(const runtime::StreamTurn& turn) {
    if (turn.failed()) return fmt::format("[{:·^{}}]", " failed ", bar_width);
    if (!turn.ended && !turn.progress) return fmt::format("[{:·^{}}]", " … ", bar_width);
    const double share = turn.ended ? 1 : std::clamp(*turn.progress, 0.0, 1.0);
    const int filled = static_cast<int>(std::lround(share * bar_width));
    std::string bar = "[";
    for (int i = 0; i < bar_width; ++i) bar += i < filled ? "█" : "·";
    return bar + "]";
}

}  // namespace

std::string progress_line(const runtime::StreamTurn& turn, bool bar) {
    auto line = fmt::format("{:<12} {:<18} ", turn.source, turn.stream_name());
    if (bar) line += bar_of(turn) + " ";
    line += fmt::format("{:>7} records", turn.stored.records);
    if (turn.ended) line += fmt::format(", {} changed", turn.stored.changed);
    if (turn.ended && turn.stored.kept > 0)
        line +=
            fmt::format(", {} told no more and kept: too many at once to be believed; if they are "
                        "gone, `nudged sync --full`",
                        turn.stored.kept);
    if (turn.stored.malformed > 0) line += fmt::format(", {} malformed", turn.stored.malformed);
    if (turn.failed()) line += fmt::format(": {}", turn.failure);
    return line;
}

void Progress::show(const runtime::StreamTurn& turn) {
    if (terminal_) {
        fmt::print("\r\033[K{}{}", progress_line(turn, true), turn.ended ? "\n" : "");
        std::fflush(stdout);
    } else if (turn.ended) {
        fmt::print("{}\n", progress_line(turn, false));
    }
}

}  // namespace nudged::cli
