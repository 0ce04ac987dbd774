// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/model/cursor.hpp"
#include "connectors/sources/http/paging.hpp"
#include "connectors/sources/mapping/decode.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>

namespace nudged::sources {

/// How a CRM's clock and index are to be trusted.
struct WindowRules {
    std::chrono::milliseconds lag{60'000};  // changes younger than this are not yet asked for
    std::chrono::milliseconds lookback{3'600'000};  // what each window asks for again
    std::chrono::milliseconds deep_lookback{0};     // the same, every `deep_every`; 0: never
    std::chrono::milliseconds deep_every{86'400'000};
    std::chrono::milliseconds precision{1};  // of the field that is filtered on
    std::chrono::milliseconds reach{0};      // changes further back are not told; 0: all are
    bool by_modified = true;          // what is filtered on is the records' own modified time
    std::uint64_t max_rows = 10'000;  // of a window that a second pass has to prove; then it is cut
};

/// The rows of a window that a pass through it has told: what a second pass is held against. Kept
/// in memory alone, and by the one who keeps the window's cursor.
class SeenRows {
public:
    void begin() { rows_.clear(), whole_ = true, new_ = records_ = nameless_ = 0; }
    /// Another pass: what it tells beyond the last one is new.
    void begin_again() { new_ = nameless_ = 0; }
    /// True for a record that was not told before, in whatever version; `counts`: a version that
    /// was not told before is news to this pass.
    bool note(const RowKey& row, bool counts) {
        if (row.id == 0) {  // rows without an id are alike: only their number is known
            ++nameless_;
            return true;
        }
        const bool is_new_record = rows_.insert(row.id).second;
        const bool is_new = rows_.insert(row.hash).second || is_new_record;
        if (is_new_record) ++records_;
        if (is_new && counts) ++new_;
        return is_new_record;
    }
    bool is_whole() const { return whole_; }
    std::uint64_t new_rows() const { return new_; }
    /// How many different records all passes have told.
    std::uint64_t records() const { return records_ + nameless_; }

private:
    std::unordered_set<std::uint64_t> rows_;  // ids, and ids with versions
    std::uint64_t new_ = 0;
    std::uint64_t records_ = 0;
    std::uint64_t nameless_ = 0;  // of this pass
    bool whole_ = false;  // nothing of the pass is missing, as after a restart of the program
};

/// How the request that reads a window behaves.
struct WindowTraits {
    bool by_id = false;    // pages by ascending id: no row is ever passed over
    bool stable = false;   // the CRM promises as much of its own paging
    bool bounded = false;  // it is asked for nothing beyond the window's end
    Order order = Order::any;
    std::size_t passes = 1;   // requests that each tell a part of the entity
    bool starts_now = false;  // what lies before the very first window is another walk's
    bool everything = false;  // the first window has no end: what is there is told, however new
    std::chrono::milliseconds back{0};  // the first window begins so long ago; 0: where time does
};

/// The walk that left this floor had nothing more to ask for then.
bool is_finished(const std::string& floor);

/// Up to where the walk that left this cursor has told everything; nullopt: it never began.
std::optional<Instant> told_until(const model::Cursor& cursor);

/// One page as the walk sees it.
struct WindowPage {
    const Tally& tally;
    std::optional<PageAt> next;
    std::optional<std::uint64_t> total;  // how many rows the request matches, where the CRM says
};

/// A walk through all records modified in [lo, hi), page by page.
///
/// Paged by id, ties of the modified time do no harm, however many. A record that changes while the
/// window is read leaves it and comes with the next; since no page is asked for by its number, the
/// rows behind it do not move up unseen. A row that the CRM returns although its time is beyond
/// `hi` (its index was late) is taken: it is newer than what was asked for, and the next window
/// tells it again.
///
/// Paged by id, a walk is believed when as many rows were seen as the first page promised, or, as
/// rows may have left since, as the CRM still counts now; where it does not count, it needs no
/// proof. Paged in any other way, rows may be told twice and others passed over: then a walk is
/// believed when it is a single page, or when as many different rows were seen as the CRM counts,
/// on its first page and on its last; else it is repeated until a pass finds nothing new, and,
/// where the CRM counts, all passes together have told as many as it counts in the end. Only then
/// does the floor move. Pure: knows no network.
class Window {
public:
    /// Goes on where the cursor stands, or begins behind its floor. nullopt: nothing to ask for
    /// yet. Throws Failure(corrupt) for a cursor that it did not write.
    static std::optional<Window> resume(const model::Cursor& cursor, const WindowRules& rules,
                                        const WindowTraits& traits, Instant server_now);

    Instant lo() const { return lo_; }
    /// The end that is asked for: of a filter that knows days alone, the end of the day.
    Instant hi() const;
    /// The last instant inside, for CRMs whose upper bound is inclusive.
    Instant last() const { return hi() - precision_; }
    const PageAt& at() const { return at_; }
    std::size_t pass() const { return pass_; }

    /// The server's clock turned out to be behind ours: ends the window earlier, though never
    /// before the floor; or, where a first load begins, far ahead: ends it later. True when that
    /// changes anything, so that what was read must be asked for again. Only at the very beginning.
    bool end_by(Instant latest_hi);
    /// Too many results: asks for the earlier half. False when it cannot be halved.
    bool halve();

    enum class Next {
        page,         // ask for the next page
        done,         // complete: the floor has moved
        later_half,   // complete, but the window had been halved: begin the next one
        count_again,  // at once: rows are missing, or have left; ask for the first page again
        incomplete,   // walked several times, and it never came out even
    };
    Next take(WindowPage page, SeenRows& seen);

    /// The CRM says how many rows there are.
    bool is_counted() const { return total_.has_value(); }
    model::Cursor cursor() const;
    /// Share of this walk's rows that have been seen, where the CRM counts them.
    std::optional<double> share_seen() const;

private:
    bool is_coarse() const;
    void go_on_at(const std::string& position);
    void begin_behind(const std::string& floor, const WindowRules& rules, Instant server_now);
    /// Rows may be passed over where pages are counted, or their tokens promise nothing.
    bool may_pass_over() const { return !traits_.by_id && !traits_.stable; }
    void note(const Tally& tally, SeenRows& seen);
    Next end_of_ordered_chain();
    Next end_of_chain(std::optional<std::uint64_t> last_total, SeenRows& seen);
    Next end_of_pass();
    Next walk_again(std::optional<std::uint64_t> last_total, SeenRows& seen);
    bool is_beyond(const Tally& tally) const;
    void begin_chain();
    Next finish();

    std::chrono::milliseconds precision_{1};
    std::uint64_t max_rows_ = 0;
    WindowTraits traits_;
    std::string old_floor_;
    std::optional<std::string> new_floor_;
    Instant floor_at_{};
    Instant lo_{};
    Instant hi_{};
    Instant until_{};  // where the whole ends of which this window is a part
    Instant deep_at_{};
    PageAt at_;
    std::size_t pass_ = 0;
    std::uint64_t seen_ = 0;
    std::uint64_t outside_ = 0;  // of these, by the time that is filtered on
    std::optional<std::uint64_t> total_;
    int walk_ = 0;
    std::chrono::milliseconds lookback_{};
    bool by_modified_ = true;
    bool halved_ = false;
    bool is_extended_ = false;
    bool counting_ = false;
};

}  // namespace nudged::sources
