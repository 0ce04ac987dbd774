// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/cli/context.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nudged::cli {

/// What a check says of one record or person, and why it may say nothing.
struct Silence {
    std::string check, meaning;
    std::string about;  // "opportunity crm/7", "person"
    std::string name;
    bool is_enabled = true;
    bool is_gone = false;                    // no check has to look at it: the one reason
    std::optional<std::string> finding;      // its id, where it fires after all
    std::string summary;                     // of that
    std::optional<std::string> folded_into;  // the finding that stands for it
    std::string folded_summary;
    std::vector<std::string> reasons;
};
/// How a moment is written: for people or for scripts.
using TimeText = std::string (*)(Instant);
/// Of a record ("SOURCE/ID"), a person (an address or a name). Ends the command when there is no
/// such check or subject.
Silence find_why_not(const View& view, const std::string& check, const std::string& subject,
                     TimeText time_text);

/// The same in lines for a terminal.
std::string why_not(const View& view, const std::string& check, const std::string& subject);
/// And as an object.
std::string why_not_json(const View& view, const std::string& check, const std::string& subject);

}  // namespace nudged::cli
