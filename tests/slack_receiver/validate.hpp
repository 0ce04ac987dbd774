// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <rapidjson/document.h>
#include <string>

namespace nudged::slack_receiver {

struct Objection {
    std::string code;    // what Slack answers: "invalid_blocks"
    std::string reason;  // what it keeps to itself; for the terminal and the tests
};

/// What Slack's incoming webhooks refuse of a message, by its documented limits. Stricter in one
/// point: `text` must be there beside blocks too, since notifications show nothing else.
std::optional<Objection> find_objection(const rapidjson::Value& message);

}  // namespace nudged::slack_receiver
