// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/model/cursor.hpp"
#include "connectors/sources/http/paging.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace nudged::sources {

/// A walk through a whole list, page by page, and through several lists in turn ("passes"). Its
/// floor says when the last one was complete, and, of a feed, where its news go on: each round of a
/// feed begins at the mark that the last one ended with. Pure: knows no network.
class ListWalk {
public:
    /// Goes on where the cursor stands. Throws Failure(corrupt) for a cursor that it did not write.
    ListWalk(const model::Cursor& cursor, std::size_t passes);

    std::size_t pass() const { return pass_; }
    const PageAt& at() const { return at_; }
    bool at_beginning() const { return pass_ == 0 && at_.is_first(); }

    /// `next` is the page that follows; nullopt when this was the pass's last. False when the walk
    /// is at its end.
    bool take(std::optional<PageAt> next, Instant now);
    /// No other reading of the same lists is needed after this one; before the last take().
    void is_last_reading() { pass_ = passes_ - 1; }
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
        mark_.clear();
    }

    model::Cursor cursor() const;

private:
    std::string floor_;
    std::string mark_;
    std::size_t passes_;
    std::size_t pass_ = 0;
    PageAt at_;
    std::optional<Instant> begun_;
    bool ended_ = false;
};

}  // namespace nudged::sources
