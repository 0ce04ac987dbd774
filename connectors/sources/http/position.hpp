// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/sources/http/paging.hpp"
#include "connectors/sources/mapping/json.hpp"

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
    /// The members that page_text() wrote; the first page when there are none.
    PageAt page() const;

private:
    std::string body_;
    std::unique_ptr<json::Document> object_;
};

/// A page as members of a position.
std::string page_text(const PageAt& at);

/// A text between quotes, as JSON writes it.
std::string quoted(std::string_view text);

}  // namespace nudged::sources
