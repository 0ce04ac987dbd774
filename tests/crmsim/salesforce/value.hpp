// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "tests/crmsim/json.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

namespace nudged::crmsim::salesforce {

/// A number as it stands in the answer: "48000.0".
struct Decimal {
    std::string text;
};

/// One cell; the first alternative is null. Instants know whole seconds only, as the CRM does.
using Value = std::variant<std::monostate, bool, std::int64_t, Decimal, std::string,
                           std::chrono::local_days, std::chrono::sys_seconds>;

bool is_null(const Value& value);
/// Below, equal, above: nulls first, texts without regard to case. The kinds must agree, but that
/// whole and decimal numbers can be compared.
int compare(const Value& a, const Value& b);

Value at_second(Instant instant);
/// Null for an empty text; with a fraction always, as currencies and percentages have it.
Value decimal(std::string_view text);

/// "2026-03-02T15:04:05.000+0000": no colon in the offset.
std::string json_time(std::chrono::sys_seconds instant);
void write_value(loopback::JsonWriter& json, const Value& value);
/// As the bulk interface writes it, before quoting: null is empty, instants end in Z.
std::string csv_text(const Value& value);

}  // namespace nudged::crmsim::salesforce
