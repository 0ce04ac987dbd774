// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/list_walk.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/sources/http/position.hpp"

#include <fmt/format.h>

namespace nudged::sources {

ListWalk::ListWalk(const model::Cursor& cursor, std::size_t passes)
    : floor_(cursor.floor), passes_(passes) {
    if (cursor.position.empty()) return;
    const Position at{cursor.position};
    const auto pass = at.number("pass", 0);
    // A manifest that has lost a pass since begins again.
    if (pass < 0 || static_cast<std::size_t>(pass) >= passes_) return;
    pass_ = static_cast<std::size_t>(pass);
    token_ = at.text("token").value_or("");
}

bool ListWalk::take(const std::string& next, Instant now) {
    if (!next.empty()) {
        if (next == token_)
            throw Failure(FailureKind::refused,
                          "the CRM names a page as its own successor: its list does not end");
        token_ = next;
        return true;
    }
    token_.clear();
    if (++pass_ < passes_) return true;
    ended_ = true;
    floor_ = fmt::format(R"({{"at":{}}})", to_millis(now));
    return false;
}

model::Cursor ListWalk::cursor() const {
    if (ended_) return {.floor = floor_, .position = {}};
    return {.floor = floor_,
            .position = fmt::format(R"({{"pass":{},"token":{}}})", pass_, quoted(token_))};
}

}  // namespace nudged::sources
