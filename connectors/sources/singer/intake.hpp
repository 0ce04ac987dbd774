// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/page.hpp"
#include "connectors/sources/singer/lines.hpp"
#include "connectors/sources/singer/message.hpp"
#include "connectors/sources/singer/plan.hpp"
#include "connectors/sources/singer/progress.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources::singer {

inline constexpr std::size_t max_line = 16u << 20;
inline constexpr std::uint64_t max_bad_lines = 100;

/// Turns the output of one run of a tap into pages. Records go into a page of their entity; the
/// last page of each batch moves the cursor to the last STATE before the batch's end, so a STATE is
/// never stored before the records that it covers. Records after it are stored as well, and come
/// again with the next run if this one breaks off. Used by one thread at a time.
class Intake {
public:
    /// `plan` outlives it. `told` are the unmapped streams that were told before.
    Intake(const Plan& plan, model::Cursor from, std::string run, Instant started,
           std::set<std::string>& told);

    /// Throws Failure(refused) for output that is not Singer's.
    void take(std::string_view bytes);
    /// The tap has ended well: what is left becomes pages, the last of which is the stream's last.
    void finish();
    /// The tap has not: what is left becomes pages.
    void flush();

    bool has_page() const { return !ready_.empty(); }
    model::Page next_page();

private:
    struct Schema {
        std::vector<std::string> keys;
    };

    void take_line(std::string_view line, bool is_cut);
    void take_record(Message& message, std::string_view line);
    void take_version(const Message& message, const std::vector<RecordPlan>& plans);
    void activate(const Message& message, const std::vector<RecordPlan>& plans);
    bool has_keys(const Message& message, std::string_view stream);
    const std::vector<RecordPlan>* plans_of(const std::string& stream);
    void bad_line(std::string_view what);

    model::Page& page_of(model::Entity entity);
    /// What is known of an entity so far becomes a page of its own.
    void cut(model::Entity entity);
    void emit(model::Page page, const Progress& progress);

    const Plan& plan_;
    model::Cursor from_;
    std::string run_;
    Instant started_;
    std::set<std::string>& told_;
    LineCutter cutter_{max_line};
    Progress progress_;   // at the last line
    Progress committed_;  // with the last page that moved the cursor
    std::map<std::string, Schema, std::less<>> schemas_;
    std::map<model::Entity, model::Page> pages_;
    /// Entities whose full table is being told; those whose telling began are in no page yet.
    std::set<model::Entity> in_snapshot_;
    std::deque<model::Page> ready_;
    std::uint64_t lines_ = 0;
    std::uint64_t bad_lines_ = 0;
    std::uint64_t pages_made_ = 0;
    std::size_t pending_bytes_ = 0;
    std::size_t pending_records_ = 0;
};

}  // namespace nudged::sources::singer
