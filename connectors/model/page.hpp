// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/cursor.hpp"
#include "connectors/model/record.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::model {

/// A value that did not fit its field: told and counted, never fatal to its page.
struct Malformed {
    std::string where;  // "calls.csv:17: due" or "call 301: duration_s"; no CRM text beyond ids
    std::string what;   // "expected a date like 2026-11-20"
};

/// Records of one or several entities, plus the cursor that covers them. Owns all text its records
/// point to. Made by a source, moved to the writer; one owner at a time.
class Page {
public:
    Page() = default;
    Page(Page&&) = default;
    Page& operator=(Page&&) = default;

    /// For as long as the page lives: a copy, unless `text` stands in the body adopted last.
    std::string_view keep(std::string_view text);
    /// Takes a body over, for parsing in place; records may point into it.
    std::string& adopt(std::string body);
    /// The same of one that was parsed already, and does not move.
    void adopt(std::unique_ptr<std::string> body) { bodies_.push_back(std::move(body)); }
    /// Bytes of all bodies, for those who watch memory.
    std::size_t adopted_bytes() const;

    std::vector<Record> records;
    Cursor cursor;             // where the stream stands once these records are stored
    std::vector<Entity> also;  // whose records come with this stream's, on the same lane
    bool more = false;         // false: the stream has nothing newer now
    Instant fetched_at{};      // when the fetch of these records began
    /// Share of this turn that is told with this page, 0 to 1, where the source knows.
    std::optional<double> progress;
    /// Set for sources that can only tell everything: the records of an entity that no page from
    /// `begins` to `ends` told have vanished, and become tombstones.
    struct Snapshot {
        bool begins = false;
        bool ends = false;
        std::vector<std::string_view> present{};  // ids that are there, told without their records
        std::optional<Entity> entity{};           // one of `also`; else the stream's own
        /// Values that a vanished record has from now on, by fields, instead of being a tombstone:
        /// a task that is gone from the list of open ones is done.
        struct Closing {
            std::size_t field = 0;
            Value value{};
            bool marks = true;  // whoever has it already has not vanished, but closed before
        };
        std::vector<Closing> closes{};
        bool is_reread = false;  // rather: vanished records stay until they are read by their ids
    };
    std::optional<Snapshot> snapshot;
    /// What tells one way to map the followed fields of an entity from another; empty: not said. A
    /// value that differs from one that was mapped otherwise is no change in the CRM.
    std::array<std::string_view, entity_count> mapping{};
    std::uint64_t malformed_count = 0;
    std::vector<Malformed> malformed;  // the first few, at most max_told

    static constexpr std::size_t max_told = 20;
    void add_malformed(std::string where, std::string what);

private:
    std::unique_ptr<std::pmr::monotonic_buffer_resource> text_;
    std::vector<std::unique_ptr<std::string>> bodies_;
};

}  // namespace nudged::model
