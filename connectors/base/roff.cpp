// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/roff.hpp"

#include "connectors/base/text.hpp"

#include <fmt/format.h>

namespace nudged {
namespace {

/// A hyphen that is typed must stay one, and no line may begin like a request.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else if (c == '\'')
            out += "\\(aq";
        else if (c == '"')
            out += "\\(dq";
        else if (c == '`')
            out += "\\(ga";
        else
            out += c;
    }
    return out.starts_with('.') ? "\\&" + out : out;
}

/// `words` between backquotes stand in bold.
std::string with_bold(std::string_view text) {
    std::string out;
    bool is_bold = false;
    for (const auto part : split(text, '`')) {
        out += is_bold ? "\\fB" + escaped(part) + "\\fR" : escaped(part);
        is_bold = !is_bold;
    }
    return out.starts_with("\\fB") ? "\\&" + out : out;
}

}  // namespace

Roff::Roff(std::string_view name, int section, std::string_view about)
    : text_(fmt::format(".TH {} {} \"\" \"nudged {}\" \"nudged\"\n.SH NAME\n{} \\- {}\n",
                        escaped(name), section, NUDGED_VERSION, escaped(name), escaped(about))) {}

void Roff::section(std::string_view title) {
    text_ += fmt::format(".SH \"{}\"\n", escaped(title));
}

void Roff::subsection(std::string_view title) {
    text_ += fmt::format(".SS \"{}\"\n", escaped(title));
}

void Roff::paragraph(std::string_view text) {
    text_ += fmt::format(".PP\n{}\n", with_bold(text));
}

void Roff::example(std::string_view lines) {
    text_ += ".PP\n.RS 4\n.nf\n";
    for (const auto line : split(lines, '\n')) text_ += escaped(line) + "\n";
    text_ += ".fi\n.RE\n";
}

void Roff::item(std::string_view term, std::string_view meaning) {
    text_ += fmt::format(".TP\n\\fB{}\\fR\n{}\n", escaped(term), with_bold(meaning));
}

}  // namespace nudged
