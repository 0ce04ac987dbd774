// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "connectors/net/exchange.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::sources::recording {

/// Stands in recordings for scheme and host of the CRM, which may name the account.
inline constexpr std::string_view origin_stand_in = "https://crm.invalid";

/// One exchange as it is kept in a file.
struct Recorded {
    std::string method{};
    std::string target{};  // path and query
    net::Headers request_headers{};
    std::string request_body{};
    int status = 0;
    net::Headers headers{};
    std::string body{};
};

/// What a recording was made with, and a replay must be made with again.
struct Terms {
    std::string source{};
    std::string manifest{};
    Instant at{};  // what the clock said, all the time
    int pages = 1;
    std::vector<std::string> streams{};  // empty: all
    bool raw = false;
};

/// A folder of exchanges: recording.json with the terms, and 0001.json, 0002.json, …
struct Recording {
    Terms terms;
    std::vector<Recorded> exchanges;
};

/// As the text of a file.
std::string to_text(const Recorded& exchange);
std::string to_text(const Terms& terms);
std::string file_name(std::size_t number);  // "0001.json"
inline constexpr std::string_view terms_file = "recording.json";

/// Throws Failure(needs_person) that names the file and what is wrong with it.
Recording read_recording(const std::filesystem::path& folder);

/// "/path?query" of an address.
std::string target_of(std::string_view url);

}  // namespace nudged::sources::recording
