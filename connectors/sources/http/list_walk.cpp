// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/list_walk.hpp"

#include "connectors/sources/http/position.hpp"

#include <fmt/format.h>

namespace nudged::sources {
namespace {

/// A member of a floor or position, where there is such a time.
std::string moment(const char* name, std::optional<Instant> at) {
    return at ? fmt::format(R"(,"{}":{})", name, to_millis(*at)) : "";
}

}  // namespace

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
    if (at.number("begun")) begun_ = at.instant("begun");
}

std::optional<Instant> ListWalk::last_begun() const {
    if (floor_.empty()) return std::nullopt;
    const Position floor{floor_};
    if (!floor.number("since")) return std::nullopt;
    return floor.instant("since");
}

bool ListWalk::take(std::optional<PageAt> next, Instant now) {
    if (next) {
        at_ = std::move(*next);
        return true;
    }
    at_ = {};
    if (++pass_ < passes_) return true;
    ended_ = true;
    floor_ = fmt::format(R"({{"at":{}{}{}}})", to_millis(now), moment("since", begun_),
                         mark_.empty() ? "" : fmt::format(R"(,"mark":{})", quoted(mark_)));
    return false;
}

model::Cursor ListWalk::cursor() const {
    if (ended_) return {.floor = floor_, .position = {}};
    return {.floor = floor_,
            .position = fmt::format(R"({{"pass":{},{}{}}})", pass_, page_text(at_),
                                    moment("begun", begun_))};
}

}  // namespace nudged::sources
