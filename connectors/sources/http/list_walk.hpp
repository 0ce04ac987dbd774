// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/model/cursor.hpp"
#include "connectors/sources/http/paging.hpp"
#include "connectors/sources/mapping/decode.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace nudged::sources {

/// A walk through a whole list, page by page, and through several lists in turn ("passes"). Its
/// floor says when the last one was complete, and, of a feed, where its news go on: each round of a
/// feed begins at the mark that the last one ended with. Pure: knows no network.
///
/// Pages that are counted move up when a row before them goes or moves down, and the row that
/// crosses the edge is told by none. Whoever has to know all rows reads such a list again until two
/// readings in a row tell the same rows in the same order: what moved while the one was read is
/// told in another place by the next, or not at all. A list that never rests is read four times;
/// whatever any reading told is there.
class ListWalk {
public:
    enum class Pages { stay, move };

    /// Goes on where the cursor stands. Throws Failure(corrupt) for a cursor that it did not write.
    ListWalk(const model::Cursor& cursor, std::size_t passes, Pages pages = Pages::stay);

    /// Which of the lists is being read.
    std::size_t pass() const { return pass_ % passes_; }
    const PageAt& at() const { return at_; }
    bool at_beginning() const { return pass_ == 0 && at_.is_first(); }

    /// What the page told; before take().
    void note(const Tally& tally);
    /// `next` is the page that follows; nullopt when this was the pass's last. False when the walk
    /// is at its end.
    bool take(std::optional<PageAt> next, Instant now);
    /// For lists that can be asked for what is new alone: when this walk begins; with its first
    /// page.
    void begin(Instant now) { begun_ = now; }
    /// When the last walk that was complete began, where that was noted.
    std::optional<Instant> last_begun() const;
    /// Where a feed goes on; before the last take().
    void mark(std::string mark) { mark_ = std::move(mark); }
    /// The chain of pages is broken, or the mark forgotten: begins at the very beginning.
    void restart() {
        at_ = {};
        pass_ = 0;
        told_ = told_before_ = 0;
        mark_.clear();
    }

    model::Cursor cursor() const;

private:
    bool needs_another_reading() const;

    std::string floor_;
    std::string mark_;
    std::size_t passes_;
    Pages pages_;
    std::size_t pass_ = 0;           // of all readings
    std::uint64_t told_ = 0;         // stands for the rows of this reading, in their order …
    std::uint64_t told_before_ = 0;  // … and for those of the one before it
    PageAt at_;
    std::optional<Instant> begun_;
    bool ended_ = false;
};

}  // namespace nudged::sources
