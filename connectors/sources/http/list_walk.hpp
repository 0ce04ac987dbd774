// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/model/cursor.hpp"

#include <cstddef>
#include <string>

namespace nudged::sources {

/// A walk through a whole list, page by page, and through several lists in turn ("passes"). Its
/// floor says when the last one was complete. Pure: knows no network.
class ListWalk {
public:
    /// Goes on where the cursor stands. Throws Failure(corrupt) for a cursor that it did not write.
    ListWalk(const model::Cursor& cursor, std::size_t passes);

    std::size_t pass() const { return pass_; }
    const std::string& token() const { return token_; }  // "" for a first page
    bool at_beginning() const { return pass_ == 0 && token_.empty(); }

    /// `next` is the token of the page that follows; "" when this was the pass's last. False when
    /// the walk is at its end. Throws Failure(refused) when a page names itself as the next.
    bool take(const std::string& next, Instant now);

    model::Cursor cursor() const;

private:
    std::string floor_;
    std::size_t passes_;
    std::size_t pass_ = 0;
    std::string token_;
    bool ended_ = false;
};

}  // namespace nudged::sources
