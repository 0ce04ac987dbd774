// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/list_walk.hpp"

#include "connectors/sources/http/position.hpp"

#include <fmt/format.h>

namespace nudged::sources {

ListWalk::ListWalk(const model::Cursor& cursor, std::size_t passes)
    : floor_(cursor.floor), passes_(passes) {
    if (!floor_.empty()) mark_ = Position{floor_}.text("mark").value_or("");
    at_.token = mark_;
    if (cursor.position.empty()) return;
    const Position at{cursor.position};
    const auto pass = at.number("pass", 0);
    // A manifest that has lost a pass since begins again.
    if (pass < 0 || static_cast<std::size_t>(pass) >= passes_) return;
    pass_ = static_cast<std::size_t>(pass);
    at_ = at.page();
}

bool ListWalk::take(std::optional<PageAt> next, Instant now) {
    if (next) {
        at_ = std::move(*next);
        return true;
    }
    at_ = {};
    if (++pass_ < passes_) return true;
    ended_ = true;
    floor_ = fmt::format(R"({{"at":{}{}}})", to_millis(now),
                         mark_.empty() ? "" : fmt::format(R"(,"mark":{})", quoted(mark_)));
    return false;
}

model::Cursor ListWalk::cursor() const {
    if (ended_) return {.floor = floor_, .position = {}};
    return {.floor = floor_, .position = fmt::format(R"({{"pass":{},{}}})", pass_, page_text(at_))};
}

}  // namespace nudged::sources
