// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/reader.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nudged::warehouse {

/// Records of one kind whose owner no source told as a user: they count for nobody until it does,
/// or until the roster says whose they are.
struct UnknownOwner {
    std::string source;
    std::string owner;   // the CRM's id; empty: the records have no owner
    std::string entity;  // call, task, meeting, email or opportunity
    std::int64_t records = 0;
};

/// Those with the most records first.
std::vector<UnknownOwner> read_unknown_owners(const Reader& reader);

}  // namespace nudged::warehouse
