// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/codec.hpp"
#include "daemon/warehouse/finding.hpp"

namespace nudged::config {

template <>
inline constexpr auto names<warehouse::Severity> =
    std::to_array<std::pair<std::string_view, warehouse::Severity>>({
        {"info", warehouse::Severity::info},
        {"attention", warehouse::Severity::attention},
        {"high", warehouse::Severity::high},
    });

}  // namespace nudged::config
