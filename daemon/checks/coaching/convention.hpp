// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::checks {

/// What a task or note of the CRM records, by the mark that its subject begins with (sales practice
/// §10): "[commit] Dials of next week".
enum class RecordKind {
    one_to_one,     // [1:1]
    commitment,     // [commit]
    plan,           // [plan]
    best_practice,  // [best]
    escalation,     // [esc]
    praise,         // [praise]
};
std::string_view to_string(RecordKind kind);  // "1:1", "commit", …

/// A line that means something by its key, and could not be read.
struct BadLine {
    int line = 0;      // of the body, from 1
    std::string text;  // as it stands there
    std::string why;   // what is wrong, and what a good one looks like
};

/// What the lines "key: value" of a body say; of a key that stands twice the last one counts.
/// Texts over several lines go on until the next key.
struct ConventionRecord {
    RecordKind kind = RecordKind::commitment;
    std::string title;  // of the subject, behind the mark
    std::string kpi;
    std::optional<double> from;
    std::optional<double> to;
    std::optional<IsoWeek> week;
    std::string worked;
    std::string hard;
    std::string next;
    std::string text;  // every line without a key that is known, as it stands
    std::vector<BadLine> bad_lines;

    /// What a commitment still lacks: "kpi", "to", "week"; empty when it is specific.
    std::vector<std::string> missing() const;
};

/// The kind that a subject says; nullopt when it begins with no mark. Letter case and blanks
/// aside.
std::optional<RecordKind> record_kind_of(std::string_view subject);

/// nullopt for a subject without a mark. Nothing of the body is dropped: each line is a value, part
/// of `text`, or among `bad_lines`.
std::optional<ConventionRecord> parse_convention(std::string_view subject, std::string_view body);

}  // namespace nudged::checks
