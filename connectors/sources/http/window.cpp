// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/window.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/sources/http/position.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources {
namespace {

using std::chrono::milliseconds;

/// `exact`: the next window goes on right here, as this one was the earlier half of a larger one. A
/// look-back between halves could ask for the same ground for ever.
std::string floor_text(Instant at, Instant deep_at, bool exact) {
    return fmt::format(R"({{"at":{},"deep":{}{}}})", to_millis(at), to_millis(deep_at),
                       exact ? R"(,"exact":1)" : "");
}

}  // namespace

bool id_less(std::string_view left, std::string_view right) {
    return left.size() != right.size() ? left.size() < right.size() : left < right;
}

std::optional<Window> Window::resume(const model::Cursor& cursor, const WindowRules& rules,
                                     Instant server_now) {
    Window window;
    window.precision_ = rules.precision;
    window.old_floor_ = cursor.floor;
    if (!cursor.position.empty()) {
        const Position at{cursor.position};
        window.lo_ = at.instant("lo");
        window.hi_ = at.instant("hi");
        window.deep_at_ = at.instant("deep");
        window.last_id_ = at.text("last").value_or("0");
        window.seen_ = static_cast<std::uint64_t>(at.number("seen", 0));
        if (const auto total = at.number("total"))
            window.total_ = static_cast<std::uint64_t>(*total);
        window.walk_ = static_cast<int>(at.number("walk", 0));
        window.halved_ = at.number("halved", 0) != 0;
        return window;
    }
    window.hi_ = server_now - rules.lag;
    window.deep_at_ = server_now;
    if (!cursor.floor.empty()) {
        const Position floor{cursor.floor};
        window.floor_at_ = floor.instant("at");
        const bool exact = floor.number("exact", 0) != 0;
        window.lo_ = window.floor_at_ - (exact ? milliseconds{0} : rules.lookback);
        window.deep_at_ = floor.instant("deep");
        const bool deep_is_due =
            rules.deep_lookback.count() > 0 && server_now - window.deep_at_ >= rules.deep_every;
        if (deep_is_due) {
            window.lo_ = std::min(window.lo_, window.floor_at_ - rules.deep_lookback);
            window.deep_at_ = server_now;
        }
        // A clock that was set back must not move the floor backwards.
        window.hi_ = std::max(window.hi_, window.floor_at_);
        window.lo_ = std::max(window.lo_, Instant{});
    }
    if (window.hi_ <= window.lo_) return std::nullopt;
    return window;
}

bool Window::end_by(Instant latest_hi) {
    const Instant before = hi_;
    hi_ = std::min(hi_, std::max({latest_hi, floor_at_, lo_ + precision_}));
    return hi_ < before;
}

bool Window::halve() {
    const auto half = (hi_ - lo_) / 2 / precision_ * precision_;
    if (half < precision_) return false;
    hi_ = lo_ + half;
    halved_ = true;
    walk_ = 0;
    begin_walk();
    return true;
}

void Window::begin_walk() {
    last_id_ = "0";
    seen_ = 0;
    total_.reset();
    counting_ = false;
}

Window::Next Window::finish() {
    new_floor_ = floor_text(hi_, deep_at_, halved_);
    return halved_ ? Next::later_half : Next::done;
}

Window::Next Window::end_of_walk() {
    if (!total_ || seen_ >= *total_) return finish();
    counting_ = true;
    last_id_ = "0";
    return Next::count_again;
}

Window::Next Window::take(const WindowPage& page) {
    if (counting_) {
        // Rows that changed since the walk began have left the window: what counts is what is still
        // there, and each of those was there all the time.
        if (page.total && seen_ >= *page.total) return finish();
        if (walk_ > 0) return Next::incomplete;
        ++walk_;
        begin_walk();
    }
    if (last_id_ == "0") total_ = page.total;
    if (page.rows == 0) return end_of_walk();
    if (!id_less(last_id_, page.greatest_id))
        throw Failure(FailureKind::refused,
                      "the CRM repeats ids that were asked to be left out: its answers do not end");
    seen_ += page.rows;
    last_id_ = page.greatest_id;
    return Next::page;
}

model::Cursor Window::cursor() const {
    if (new_floor_) return {.floor = *new_floor_, .position = {}};
    std::string total;
    if (total_) total = fmt::format(R"(,"total":{})", *total_);
    return {.floor = old_floor_,
            .position =
                fmt::format(R"({{"lo":{},"hi":{},"deep":{},"last":{},"seen":{}{},"walk":{}{}}})",
                            to_millis(lo_), to_millis(hi_), to_millis(deep_at_), quoted(last_id_),
                            seen_, total, walk_, halved_ ? R"(,"halved":1)" : "")};
}

std::optional<double> Window::share_seen() const {
    if (!total_ || *total_ == 0) return std::nullopt;
    return std::min(1.0, static_cast<double>(seen_) / static_cast<double>(*total_));
}

}  // namespace nudged::sources
