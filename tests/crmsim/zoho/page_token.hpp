// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "tests/crmsim/loopback.hpp"

#include <string>

namespace nudged::crmsim::zoho {

/// Where a list goes on. Whoever asks with other parameters than before, or a day later, is
/// refused.
struct PageToken {
    std::string parameters;  // a fingerprint of all others
    Instant issued;
    std::size_t served = 0;  // rows before it
    std::string last_value;  // of the column that sorts
    std::string last_id;

    std::string str() const;
};

inline constexpr std::chrono::hours page_token_life{24};

std::string fingerprint_of_parameters(const loopback::Request& request);
/// Throws Refusal (400).
PageToken parse_page_token(const loopback::Request& request, Instant tokens_from, Instant now);

}  // namespace nudged::crmsim::zoho
