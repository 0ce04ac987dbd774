// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/window.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/sources/http/position.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nudged::sources {
namespace {

using std::chrono::milliseconds;

constexpr int max_walks = 5;
/// Nothing is dated later than that, planned meetings neither.
constexpr std::chrono::days far_ahead{3653};

/// A filter that knows days alone is asked for the running day, too, or its news would come a day
/// late; the floor then is where it was meant to be, and what is told twice does no harm.
constexpr milliseconds coarse{std::chrono::minutes{1}};

/// What a part of a larger window leaves: how long it was, as the next one is not much longer, and
/// where the whole ends. The next part begins right here: a look-back between parts could ask for
/// the same ground for ever. Nor does the end move while parts are read, since a row that is
/// committed late into one of them is found by the look-back from there.
struct Rest {
    milliseconds span;
    Instant until;
};

std::string floor_text(Instant at, Instant deep_at, std::optional<Rest> rest) {
    return fmt::format(
        R"({{"at":{},"deep":{}{}}})", to_millis(at), to_millis(deep_at),
        rest ? fmt::format(R"(,"span":{},"until":{})", rest->span.count(), to_millis(rest->until))
             : "");
}

}  // namespace

bool is_finished(const std::string& floor) {
    return !floor.empty() && !Position{floor}.number("span");
}

std::optional<Instant> told_until(const model::Cursor& cursor) {
    if (!cursor.floor.empty()) return Position{cursor.floor}.instant("at");
    if (!cursor.position.empty()) return Position{cursor.position}.instant("lo");
    return std::nullopt;
}

void Window::go_on_at(const std::string& position) {
    const Position at{position};
    lo_ = at.instant("lo");
    hi_ = at.instant("hi");
    until_ = from_millis(at.number("until", to_millis(hi_)));
    halved_ = hi_ < until_;
    deep_at_ = at.instant("deep");
    at_ = at.page();
    pass_ = static_cast<std::size_t>(at.number("pass", 0));
    seen_ = static_cast<std::uint64_t>(at.number("seen", 0));
    outside_ = static_cast<std::uint64_t>(at.number("outside", 0));
    if (const auto total = at.number("total")) total_ = static_cast<std::uint64_t>(*total);
    walk_ = static_cast<int>(at.number("walk", 0));
    // A manifest that has lost a pass since begins again.
    if (pass_ >= traits_.passes) pass_ = 0, begin_chain();
}

void Window::begin_behind(const std::string& floor_text, const WindowRules& rules,
                          Instant server_now) {
    const Position floor{floor_text};
    const auto span = floor.number("span");
    floor_at_ = floor.instant("at");
    lo_ = floor_at_ - (span ? milliseconds{0} : rules.lookback);
    deep_at_ = floor.instant("deep");
    const bool deep_is_due =
        rules.deep_lookback.count() > 0 && server_now - deep_at_ >= rules.deep_every;
    if (deep_is_due) {
        lo_ = std::min(lo_, floor_at_ - rules.deep_lookback);
        deep_at_ = server_now;
    }
    // A clock that was set back must not move the floor backwards.
    hi_ = std::max(hi_, floor_at_);
    lo_ = std::max(lo_, Instant{});
    if (!span) return;
    until_ = from_millis(floor.number("until", to_millis(hi_)));
    hi_ = std::min(until_, lo_ + milliseconds{2 * *span});
}

std::optional<Window> Window::resume(const model::Cursor& cursor, const WindowRules& rules,
                                     const WindowTraits& traits, Instant server_now) {
    Window window;
    window.precision_ = rules.precision;
    window.max_rows_ = rules.max_rows;
    window.by_modified_ = rules.by_modified;
    window.lookback_ = rules.lookback;
    window.traits_ = traits;
    window.old_floor_ = cursor.floor;
    if (!cursor.position.empty()) {
        window.go_on_at(cursor.position);
        return window;
    }
    window.hi_ = traits.everything ? server_now + far_ahead : server_now - rules.lag;
    window.deep_at_ = server_now;
    if (!cursor.floor.empty())
        window.begin_behind(cursor.floor, rules, server_now);
    else if (traits.starts_now)
        window.lo_ = std::max(window.hi_ - rules.lookback, Instant{});
    else if (traits.back.count() > 0)
        window.lo_ = std::max(server_now - traits.back, Instant{});
    // Filters know no finer time than this.
    window.lo_ -= window.lo_.time_since_epoch() % rules.precision;
    if (!window.is_coarse()) window.hi_ -= window.hi_.time_since_epoch() % rules.precision;
    window.until_ = std::max(window.until_, window.hi_);
    window.halved_ = window.hi_ < window.until_;
    if (window.hi_ <= window.lo_) return std::nullopt;
    return window;
}

bool Window::end_by(Instant latest_hi) {
    const Instant before = hi_;
    // Else the floor would be past what a filter of this precision was asked for.
    if (!is_coarse()) latest_hi -= latest_hi.time_since_epoch() % precision_;
    const auto shortest = is_coarse() ? milliseconds{1} : precision_;
    // The increments begin a look-back before the server's now: a first load that a clock of ours
    // ends before that would leave a gap. The server's may have gone back in between, so that half
    // of the look-back is kept for it.
    const bool is_first_load = !traits_.starts_now && old_floor_.empty();
    if (is_first_load && latest_hi - until_ > lookback_ / 2 && !std::exchange(is_extended_, true)) {
        until_ = latest_hi;
        if (!halved_) hi_ = until_;
        return hi_ > before;
    }
    // A walk that starts now starts by the server's clock, too. What is asked for next may be the
    // first half of it: then the end of the whole is what the clock says something of.
    const bool starts_earlier = traits_.starts_now && old_floor_.empty() && latest_hi < until_;
    if (starts_earlier) lo_ -= until_ - latest_hi;
    until_ = std::min(until_, std::max({latest_hi, floor_at_, lo_ + shortest}));
    hi_ = std::min(hi_, until_);
    halved_ = hi_ < until_;
    return hi_ < before || starts_earlier;
}

bool Window::is_coarse() const {
    return precision_ > coarse;
}

Instant Window::hi() const {
    const auto over = hi_.time_since_epoch() % precision_;
    return is_coarse() && over.count() > 0 ? hi_ + (precision_ - over) : hi_;
}

bool Window::halve() {
    const auto half = (hi() - lo_) / 2 / precision_ * precision_;
    if (half < precision_) return false;
    hi_ = lo_ + half;
    halved_ = true;  // until_ stays where it is
    walk_ = 0;
    pass_ = 0;
    begin_chain();
    return true;
}

void Window::begin_chain() {
    at_ = {};
    seen_ = 0;
    outside_ = 0;
    total_.reset();
    counting_ = false;
}

Window::Next Window::finish() {
    new_floor_ =
        floor_text(hi_, deep_at_, halved_ ? std::optional{Rest{hi_ - lo_, until_}} : std::nullopt);
    return halved_ ? Next::later_half : Next::done;
}

Window::Next Window::end_of_pass() {
    begin_chain();
    walk_ = 0;
    return ++pass_ < traits_.passes ? Next::page : finish();
}

/// That a pass finds nothing new proves nothing of a CRM that tells one page for ever: where it
/// counts, all that it counts must have been told.
Window::Next Window::walk_again(std::optional<std::uint64_t> last_total, SeenRows& seen) {
    const bool is_all = seen.records() >= last_total.value_or(0);
    const bool is_proof = walk_ > 0 && seen.is_whole() && seen.new_rows() == 0 && is_all;
    if (is_proof) return end_of_pass();
    if (++walk_ > max_walks) return Next::incomplete;
    begin_chain();
    if (seen.is_whole())
        seen.begin_again();
    else
        walk_ = 0;  // the pass began in an earlier process: what it saw is not known here
    return Next::page;
}

/// Pages by id pass over nothing, so the count only tells of rows that an index was late with.
Window::Next Window::end_of_ordered_chain() {
    if (!total_ || seen_ >= *total_) return end_of_pass();
    counting_ = true;
    at_ = {};
    return Next::count_again;
}

Window::Next Window::end_of_chain(std::optional<std::uint64_t> last_total, SeenRows& seen) {
    if (!may_pass_over()) return end_of_ordered_chain();
    const bool is_only_page = at_.is_first() && walk_ == 0 && seen_ >= total_.value_or(0);
    // As many rows, each counted once, as there were in the beginning and are at the end.
    const bool comes_out_even =
        walk_ == 0 && total_ && seen.is_whole() && seen_ == *total_ && last_total == total_;
    return is_only_page || comes_out_even ? end_of_pass() : walk_again(last_total, seen);
}

bool Window::is_beyond(const Tally& tally) const {
    switch (traits_.order) {
    case Order::oldest_first: return tally.newest && *tally.newest >= hi_;
    case Order::newest_first: return tally.oldest && *tally.oldest < lo_;
    case Order::any: return false;
    }
    return false;
}

Window::Next Window::take(WindowPage page, SeenRows& seen) {
    if (counting_) {
        // Rows that changed since the walk began have left the window: what counts is what is still
        // there, and each of those was there all the time.
        if (page.total && seen_ >= *page.total) return end_of_pass();
        if (walk_ > 0) return Next::incomplete;
        ++walk_;
        begin_chain();
    }
    if (at_.is_first()) total_ = page.total;
    note(page.tally, seen);
    if (!page.next || is_beyond(page.tally)) return end_of_chain(page.total, seen);
    at_ = *page.next;
    const bool can_be_cut = traits_.bounded || traits_.order == Order::oldest_first;
    // Half of a window holds as many that are outside: a CRM that does not heed the filter would be
    // asked for all it has again and again.
    if (may_pass_over() && can_be_cut && seen_ - outside_ > max_rows_) halve();
    return Next::page;
}

/// Records count once, however often and in however many versions they are told: where some are
/// told twice, others are passed over.
/// One that lies outside of the window by the time that is filtered on was not to be told at all.
void Window::note(const Tally& tally, SeenRows& seen) {
    if (!may_pass_over()) {
        seen_ += tally.rows;
        return;
    }
    if (at_.is_first() && walk_ == 0) seen.begin();
    for (const auto& row : tally.keys) {
        const bool is_inside =
            !by_modified_ || !row.modified || (*row.modified >= lo_ && *row.modified < hi_);
        if (!seen.note(row, is_inside)) continue;
        ++seen_;
        if (!is_inside) ++outside_;
    }
}

model::Cursor Window::cursor() const {
    if (new_floor_) return {.floor = *new_floor_, .position = {}};
    std::string total;
    if (total_) total = fmt::format(R"(,"total":{})", *total_);
    const auto outside = outside_ > 0 ? fmt::format(R"(,"outside":{})", outside_) : "";
    return {.floor = old_floor_,
            .position = fmt::format(
                R"({{"lo":{},"hi":{},"until":{},"deep":{},"pass":{},{},"seen":{}{}{},"walk":{}}})",
                to_millis(lo_), to_millis(hi_), to_millis(until_), to_millis(deep_at_), pass_,
                page_text(at_), seen_, outside, total, walk_)};
}

std::optional<double> Window::share_seen() const {
    if (!total_ || *total_ == 0) return std::nullopt;
    return std::min(1.0, static_cast<double>(seen_) / static_cast<double>(*total_));
}

}  // namespace nudged::sources
