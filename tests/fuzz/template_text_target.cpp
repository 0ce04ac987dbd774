// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/texts.hpp"
#include "tests/fuzz/targets.hpp"

#include <string>

namespace nudged::fuzz {

/// The first line is what a CRM says, the rest an admin's template.
void fuzz_template_text(std::string_view input) {
    const std::string told{take_line(input)};
    const std::string text{input};
    std::string why;
    if (!alerts::names_in(text, why)) return;  // `config check` refuses it
    static alerts::Texts texts;
    texts.set("fuzz.text", text);
    const auto filled = texts.find("fuzz.text", {{"deal", told}, {"count", "1"}, {"none", ""}});
    promise(filled.has_value(), "a text that is there is filled");
}

}  // namespace nudged::fuzz
