// SPDX-License-Identifier: Apache-2.0
#pragma once

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

/// A commitment becomes a row as a sheet would have it; one that is vague, or has a line that
/// cannot be read, a problem, with an example. Anything else is passed over.
void add_commitment(const MarkedText& text, SheetRows& rows);

/// Lines of plain text; bodies of tasks and notes are HTML in some CRMs.
std::string plain_lines(std::string_view text);

}  // namespace nudged::runtime
