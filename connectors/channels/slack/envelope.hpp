// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nudged::channels::slack {

/// What somebody did in Slack. Every text is a stranger's.
struct Interaction {
    enum class Kind {
        answer,   // clicked a button, or chose from a menu
        form,     // sent a form that we had opened
        command,  // typed a slash command
    };
    Kind kind = Kind::answer;
    std::string user;   // a member's ID
    std::string value;  // of the button or choice; what the form was opened with; what was typed
    std::string text;   // what was written into the form
    std::string trigger;
    std::string response_url;  // a secret for half an hour; of a form there is none
};

/// One message of Socket Mode.
struct Envelope {
    std::string type;    // "hello", "disconnect", "interactive", "slash_commands", …
    std::string id;      // to be acknowledged by; empty: nothing is to be
    std::string reason;  // of a disconnect: "warning", "refresh_requested", "link_disabled", …
    std::optional<Interaction> interaction{};  // where it is one that we know
};

/// nullopt for what is no object with a type.
std::optional<Envelope> parse_envelope(std::string_view json);

/// What Slack has to get within 3 s.
std::string acknowledgement(const std::string& id);

}  // namespace nudged::channels::slack
