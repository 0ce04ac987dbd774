// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/sources/mapping/json.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources::singer {

/// One line of a tap's output, as the Singer specification 0.2.0 has it. ACTIVATE_VERSION and the
/// `version` of a RECORD are not in its text; every target reads them as singer-python writes them.
struct Message {
    enum class Kind { record, schema, state, activate_version, other };
    Kind kind = Kind::other;
    std::string stream;
    std::string version;  // "" without one
    std::optional<Instant> time_extracted;
    std::vector<std::string> key_properties;  // of a schema
    std::string state;                        // the value's JSON, letter by letter
    std::string body;                         // what the document's texts point into
    std::unique_ptr<json::Document> document;
    const json::Value* record = nullptr;  // an object
};

/// nullopt when the line is no such message; `complaint` then says what was expected.
std::optional<Message> parse_message(std::string_view line, std::string_view& complaint);

}  // namespace nudged::sources::singer
