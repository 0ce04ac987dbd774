// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/warehouse/commitments.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::runtime {

/// What somebody typed, by the names of the options: "rep", "kpi", "from", "to", "week", "by",
/// "note", "acknowledged", … An absent one is not there.
using CommitmentWords = std::map<std::string, std::string>;

/// A commitment that may be stored, and how its baseline came about.
struct CommitmentEntry {
    warehouse::Commitment commitment;
    bool is_baseline_worked_out = false;  // nobody said one: the median of the last usable weeks
    std::string rep;                      // by name
    std::uint64_t line = 0;               // of a file
};

/// Understands what was typed, against roster and KPIs of the scene; `source` as in Commitment.
/// Throws Failure(refused) that says what is missing, with an example: words without a number and a
/// week are no commitment.
CommitmentEntry read_entry(const checks::Scene& scene, const CommitmentWords& words,
                           std::string_view source);

/// A rep by e-mail address, name, first name or the address's part before the @, letter case aside.
/// Throws Failure(refused) with whom it may have meant.
const warehouse::Rep& find_rep(const checks::Scene& scene, std::string_view name);
/// A KPI by name or label; throws likewise.
const checks::Kpi& find_kpi(const checks::Scene& scene, std::string_view name);
/// Throw Failure(refused) for anything else.
IsoWeek read_week(std::string_view text);
double read_value(std::string_view option, std::string_view text);

/// Comma, semicolon or tab: what a file's first line is made of.
char delimiter_of(std::string_view header);

/// Several lines of a file of comma- or semicolon-separated values.
struct CommitmentLines {
    std::vector<CommitmentEntry> entries;
    std::vector<std::string> problems;  // "line 3: …", each with its remedy
};
/// `header` names the columns: rep, kpi, to and week, and those of from, by, note, acknowledged
/// that there are. `first_line` is that of `text`. Throws Failure(refused) for a header that will
/// not do.
CommitmentLines read_lines(const checks::Scene& scene, std::string_view header,
                           std::string_view text, std::uint64_t first_line);

}  // namespace nudged::runtime
