// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

/// Overwrites what SQLite leaves of removed rows in the file, in short steps between which others
/// may write. What is deleted is overwritten at once (every connection that writes does:
/// Database), but where a page of a table was rearranged before, copies of its rows lie between
/// its pointers and its content. They are no part of any row, so they are overwritten in place,
/// around SQLite: nobody reads these bytes, so neither a reader beside it nor a power cut in
/// between finds anything wrong. A file that was written anew (VACUUM) would have none either, but
/// all of it would go through the write-ahead log while everybody waits.
///
/// On the connection that writes, outside any transaction; one use.
class Scrub {
public:
    enum class Step {
        more,
        held,  // a reader keeps the log from being emptied: the same step is to be tried again
        done,  // and flushed; the log has nothing of it either
    };
    /// The next `pages_a_step` pages. Throws FileFailure; Failure(refused) for a file in which the
    /// kind of a page cannot be told, which nudged makes none of.
    Step step(Database& database);

private:
    std::int64_t next_page_ = 0;
};

/// Moves what the write-ahead log has into the file, and empties it. Outside any transaction. False
/// while a reader needs it.
bool empty_log(Database& database);

/// Bytes of a page from `begin` to before `end`.
struct PagePart {
    std::size_t begin;
    std::size_t end;
};
/// The parts of a page of a table or index that no row uses; none for a page of another kind, or
/// one that contradicts itself. The file's first page begins with its header.
std::vector<PagePart> unused_parts(std::string_view page, bool is_first);

}  // namespace nudged::warehouse
