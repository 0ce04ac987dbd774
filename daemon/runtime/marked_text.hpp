// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/coaching/convention.hpp"
#include "daemon/runtime/sheet.hpp"

#include <string>
#include <string_view>

namespace nudged::runtime {

/// A text of the CRM that may record something, by the mark that its subject begins with.
struct MarkedText {
    std::string of;       // "task crm/17", "note crm/4"
    std::string rep;      // whose it is: an address, or the CRM's user; empty: nobody's
    std::string created;  // the day, "2026-11-19"; may be empty
    std::string subject;
    std::string body;  // plain lines, or HTML
};

/// Becomes a row: of a commitment as a sheet would have it, of another record with a "mark"
/// (marked_records.hpp). One that is vague, or has a line that cannot be read, becomes a problem,
/// with an example and without a word of the text. What has no mark is passed over.
void add_marked(const MarkedText& text, SheetRows& rows);

/// The field that holds the text of a record of this kind, and switches it on.
std::string_view field_of(checks::RecordKind kind);

/// Lines of plain text; bodies of tasks and notes are HTML in some CRMs.
std::string plain_lines(std::string_view text);

}  // namespace nudged::runtime
