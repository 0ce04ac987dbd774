// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/dialect.hpp"
#include "tests/crmsim/json.hpp"

#include <string>
#include <string_view>

namespace nudged::crmsim::dynamics365 {

using loopback::JsonWriter;

// The codes of the Web API's errors.
inline constexpr std::string_view bad_query = "0x80060888";  // a column, an option, a segment
inline constexpr std::string_view no_privilege = "0x80040220";
inline constexpr std::string_view no_such_row = "0x80040217";
inline constexpr std::string_view stale_version = "0x80044352";
inline constexpr std::string_view too_many = "0x80072322";

Refusal refuse(int status, std::string_view code, std::string_view message);
/// 401 with nothing but a header.
Refusal unauthorized(std::string_view host);
/// What the login host says; `number` is the AADSTS code.
loopback::Reply login_error(int status, std::string_view error, int number,
                            std::string_view description, Instant now);
loopback::Reply reply_with(const JsonWriter& json);

/// Percent-encodes all but unreserved characters, as the paging cookie is.
std::string encode(std::string_view text);

}  // namespace nudged::crmsim::dynamics365
