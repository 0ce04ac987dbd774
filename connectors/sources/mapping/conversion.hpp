// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/mapping/field_rule.hpp"

#include <optional>
#include <string_view>

namespace nudged::sources {

/// What is fixed about a conversion.
struct ConversionRow {
    Conversion as;
    std::string_view name;
    unsigned gives;  // which types of field it can fill, one bit each
    std::string_view expectation;

    bool can_fill(model::FieldType type) const {
        return (gives >> static_cast<unsigned>(type) & 1u) != 0;
    }
};
const ConversionRow& row_of(Conversion as);

/// What is fixed about a type of field.
struct TypeRow {
    model::FieldType type;
    std::string_view name;  // with its article
    Conversion usual;       // when `as` is left out
};
const TypeRow& row_of(model::FieldType type);

/// Whether numbers of that conversion may be given a format.
bool reads_numbers(Conversion as);

/// The conversion alone, of text that is trimmed and not empty; nullopt: malformed. Numbers are
/// plain here: only the CRM's own are written in a format.
std::optional<model::Value> convert_text(const FieldRule& rule, std::string_view text,
                                         model::Page& page);

}  // namespace nudged::sources
