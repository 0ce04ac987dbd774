// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/list_walk.hpp"

#include "connectors/sources/http/position.hpp"

#include <fmt/format.h>

#include <utility>

namespace nudged::sources {
namespace {

constexpr std::size_t max_readings = 4;  // of a list that never rests
constexpr std::uint64_t multiplier = 0x9E3779B97F4A7C15;

/// A member of a floor or position, where there is such a time.
std::string moment(const char* name, std::optional<Instant> at) {
    return at ? fmt::format(R"(,"{}":{})", name, to_millis(*at)) : "";
}

}  // namespace

ListWalk::ListWalk(const model::Cursor& cursor, std::size_t passes, Pages pages)
    : floor_(cursor.floor), passes_(passes), pages_(pages) {
    if (!floor_.empty()) mark_ = Position{floor_}.text("mark").value_or("");
    at_.token = mark_;
    if (cursor.position.empty()) return;
    const Position at{cursor.position};
    const auto pass = at.number("pass", 0);
    // A manifest that has lost a pass since begins again.
    const auto most = pages_ == Pages::move ? passes_ * max_readings : passes_;
    if (pass < 0 || static_cast<std::size_t>(pass) >= most) return;
    pass_ = static_cast<std::size_t>(pass);
    at_ = at.page();
    if (at.number("begun")) begun_ = at.instant("begun");
    told_ = static_cast<std::uint64_t>(at.number("told", 0));
    told_before_ = static_cast<std::uint64_t>(at.number("told_before", 0));
}

std::optional<Instant> ListWalk::last_begun() const {
    if (floor_.empty()) return std::nullopt;
    const Position floor{floor_};
    if (!floor.number("since")) return std::nullopt;
    return floor.instant("since");
}

void ListWalk::note(const Tally& tally) {
    for (const auto& row : tally.keys) told_ = (told_ ^ row.id) * multiplier;
}

/// At the end of one.
bool ListWalk::needs_another_reading() const {
    const auto readings = pass_ / passes_;
    if (pages_ == Pages::stay || readings >= max_readings) return false;
    return readings == 1 || told_ != told_before_;
}

bool ListWalk::take(std::optional<PageAt> next, Instant now) {
    if (next) {
        at_ = std::move(*next);
        return true;
    }
    // What is told on one page is told at one time: nothing can cross an edge.
    if (passes_ == 1 && at_.is_first()) pages_ = Pages::stay;
    at_ = {};
    if (++pass_ % passes_ != 0) return true;
    if (needs_another_reading()) {
        told_before_ = std::exchange(told_, 0);
        return true;
    }
    ended_ = true;
    floor_ = fmt::format(R"({{"at":{}{}{}}})", to_millis(now), moment("since", begun_),
                         mark_.empty() ? "" : fmt::format(R"(,"mark":{})", quoted(mark_)));
    return false;
}

model::Cursor ListWalk::cursor() const {
    if (ended_) return {.floor = floor_, .position = {}};
    std::string told;
    // Signed, as numbers of a position are.
    if (pages_ == Pages::move)
        told = fmt::format(R"(,"told":{},"told_before":{})", static_cast<std::int64_t>(told_),
                           static_cast<std::int64_t>(told_before_));
    return {.floor = floor_,
            .position = fmt::format(R"({{"pass":{},{}{}{}}})", pass_, page_text(at_),
                                    moment("begun", begun_), told)};
}

}  // namespace nudged::sources
