// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/json.hpp"
#include "tests/crmsim/tables/table.hpp"

#include <string>
#include <string_view>

namespace nudged::crmsim::zoho {

using loopback::JsonWriter;

/// The envelope of every error; `details` is JSON.
Refusal refuse(int status, std::string_view code, std::string_view message,
               std::string_view details = "{}");
/// With one detail, a text.
Refusal refuse_about(int status, std::string_view code, std::string_view message,
                     std::string_view detail, std::string_view value);
Refusal invalid_data(std::string_view parameter);  // 400, a parameter that cannot be read
loopback::Reply no_content();                      // 204
loopback::Reply reply_with(const JsonWriter& json);

/// "2026-03-02T20:34:05+05:30": the organisation's clock and its offset, whole seconds.
std::string format_time(Instant instant, const Zone& zone);

/// Where a lookup's members come from; lists and queries show different ones.
enum class LookupForm { with_name, id_only };
void write_cell(JsonWriter& json, const tables::Cell& cell, const tables::Facts& facts,
                LookupForm form);

/// A positive whole number, `fallback` when absent.
std::size_t number_parameter(const loopback::Request& request, const char* name,
                             std::size_t fallback, std::size_t most);

}  // namespace nudged::crmsim::zoho
