// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/sources/http/json.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace nudged::sources {

/// A floor or position that was stored: a JSON object of whole numbers and texts. Throws
/// Failure(corrupt) for anything else.
class Position {
public:
    explicit Position(const std::string& text);

    std::optional<std::string> text(const char* name) const;
    std::optional<std::int64_t> number(const char* name) const;
    std::int64_t number(const char* name, std::int64_t otherwise) const {
        return number(name).value_or(otherwise);
    }
    /// One that must be there.
    Instant instant(const char* name) const;

private:
    std::string body_;
    std::unique_ptr<json::Document> object_;
};

/// A text between quotes, as JSON writes it.
std::string quoted(std::string_view text);

}  // namespace nudged::sources
