// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/cursor.hpp"
#include "connectors/model/record.hpp"

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

    /// Keeps a copy of `text` for as long as the page lives.
    std::string_view keep(std::string_view text);
    /// Takes a body over, for parsing in place; records may point into it.
    std::string& adopt(std::string body);

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
    };
    std::optional<Snapshot> snapshot;
    std::uint64_t malformed_count = 0;
    std::vector<Malformed> malformed;  // the first few, at most max_told

    static constexpr std::size_t max_told = 20;
    void add_malformed(std::string where, std::string what);

private:
    std::unique_ptr<std::pmr::monotonic_buffer_resource> text_;
    std::vector<std::unique_ptr<std::string>> bodies_;
};

}  // namespace nudged::model
