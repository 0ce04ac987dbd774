// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources::csv {

/// Encodings whose first half is ASCII, so that a table can be split before its cells are decoded.
enum class Encoding : std::uint8_t { utf_8, latin_1, windows_1252 };

/// By name, in any case: "utf-8", "latin-1" or "iso-8859-1", "windows-1252" or "cp1252".
std::optional<Encoding> encoding_of(std::string_view name);
std::vector<std::string> encoding_names();

/// `bytes` as UTF-8: themselves where they are that already, else decoded into `scratch`. nullopt
/// when they are not in this encoding.
std::optional<std::string_view> to_utf8(std::string_view bytes, Encoding encoding,
                                        std::string& scratch);

}  // namespace nudged::sources::csv
