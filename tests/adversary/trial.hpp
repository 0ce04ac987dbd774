// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/adversary/crm.hpp"
#include "tests/connectors/sources/http/bench.hpp"

#include <cstdint>
#include <string>

namespace nudged::adversary {

struct Verdict {
    std::string problems;  // empty: the warehouse is what the CRM holds
    std::string log;       // of the last steps
};

/// One seed against one CRM: edits, faults, clocks and kills in an order of chance while its lanes
/// are pulled; then peace, and the comparison.
Verdict run_trial(tests::HttpBench& bench, const Crm& crm, std::uint64_t seed);

}  // namespace nudged::adversary
