// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/store.hpp"

#include <cstdint>
#include <memory>

namespace nudged::warehouse {

/// Whether the indexes of a table that is empty yet are built with its rows, or after them.
enum class IndexTime : std::uint8_t { at_once, after_first_load };

class RecordStore;

/// Stores pages as store_page() does, many in one write transaction of the caller's, with finish()
/// before its commit.
///
/// A row that is told unchanged is not written: `fetched_at` is when what it holds was told first.
/// That is all the rules need while pages come in the order of their fetches. A page that a later
/// fetch of its entity has overtaken cannot know which rows that one told, and takes it that it
/// told all: wherever the fetch decides, it loses. Where nothing says when an entity was last told
/// (records by id), and while a snapshot goes by the rows, unchanged ones do get a new
/// `fetched_at`.
class PageStore {
public:
    /// `rules` say what is kept out; none: nothing. `wanted` are the measures that
    /// are kept; none: those of the warehouse.
    explicit PageStore(Database& database, IndexTime indexes = IndexTime::at_once,
                       StoreRules* rules = nullptr, std::span<const Measure> wanted = {});
    ~PageStore();

    /// All of it or, when it throws, nothing; what was stored before stays. `now`: by the clock
    /// that timed the fetch; none: when that began.
    Stored store(SourceId source, model::Stream stream, const model::Page& page, bool full,
                 std::optional<Instant> now = std::nullopt);
    /// The same for records fetched by id, which move no cursor.
    Stored store_records(SourceId source, const model::Page& page);
    /// Writes what is summed up over the pages.
    void finish();

private:
    void store_snapshot(SourceId source, model::Stream stream, const model::Page& page, bool full,
                        Stored& stored);

    Database& database_;
    std::unique_ptr<RecordStore> records_;
};

}  // namespace nudged::warehouse
