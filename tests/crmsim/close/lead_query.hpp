// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crmsim/close/lists.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nudged::crmsim::close {

/// The part of the search language that a reader of leads needs: date_created and date_updated
/// compared with a day or a minute, sort:, and words that the name has to contain.
struct LeadQuery {
    std::vector<Condition> times{};
    std::vector<std::string> words{};
    std::string order{};

    bool matches(const RecordView& lead) const;
};

/// Throws Refusal for a comparison with something that is no time.
LeadQuery parse_lead_query(std::string_view query);

}  // namespace nudged::crmsim::close
