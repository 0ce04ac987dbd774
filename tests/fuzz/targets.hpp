// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace nudged::fuzz {

// Each takes one input as the program does: what the program refuses in words is no finding; a
// crash, a report of a sanitizer, a failed promise(), a second without an end, or memory without a
// bound is.

void fuzz_config(std::string_view input);         // the files of one configuration
void fuzz_control(std::string_view input);        // a line on the control socket
void fuzz_csv(std::string_view input);            // a table
void fuzz_http(std::string_view input);           // what a client sends to our web server
void fuzz_icalendar(std::string_view input);      // a file of holidays or leave
void fuzz_manifest(std::string_view input);       // a manifest
void fuzz_marked_text(std::string_view input);    // a task or note of a CRM
void fuzz_pages(std::string_view input);          // an answer of a CRM that ships
void fuzz_singer(std::string_view input);         // what a tap prints
void fuzz_template_text(std::string_view input);  // a text of templates/, filled

struct Target {
    std::string_view name;  // and that of its folder of seeds
    void (*take)(std::string_view input);
};
std::span<const Target> targets();

/// Ends the program when `holds` does not: a finding.
void promise(bool holds, std::string_view what);

/// Takes the first line off `rest`: which way an input goes.
std::string_view take_line(std::string_view& rest);

}  // namespace nudged::fuzz
