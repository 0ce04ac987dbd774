// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/marked_text.hpp"
#include "tests/fuzz/targets.hpp"

#include <string>

namespace nudged::fuzz {

/// The first line is the subject, the rest the body.
void fuzz_marked_text(std::string_view input) {
    runtime::MarkedText text;
    text.of = "task crm/17";
    text.rep = "ana@example.com";
    text.created = "2026-11-19";
    text.subject = take_line(input);
    text.body = input;
    promise(runtime::plain_lines(text.body).size() <= 4 * text.body.size() + 16,
            "plain text is not much longer than what it was made of");
    runtime::SheetRows rows;
    runtime::add_marked(text, rows);
}

}  // namespace nudged::fuzz
