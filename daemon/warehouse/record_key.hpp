// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>

namespace nudged::warehouse {

/// A record as its CRM knows it: the source's name, and the CRM's id there.
struct RecordKey {
    std::string source;
    std::string id;
    friend auto operator<=>(const RecordKey&, const RecordKey&) = default;
};

}  // namespace nudged::warehouse
