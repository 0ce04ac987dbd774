// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nudged {

/// Writes a manual page, as man(7) reads it. Text is given as it is to be read.
class Roff {
public:
    /// "nudged", 1, "what it does in a few words"
    Roff(std::string_view name, int section, std::string_view about);

    void section(std::string_view title);
    void subsection(std::string_view title);
    void paragraph(std::string_view text);
    /// Lines as they are, in a fixed width.
    void example(std::string_view lines);
    /// A term in bold, and what it means, set in.
    void item(std::string_view term, std::string_view meaning);
    const std::string& str() const { return text_; }

private:
    std::string text_;
};

}  // namespace nudged
