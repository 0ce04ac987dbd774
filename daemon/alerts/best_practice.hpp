// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/texts.hpp"
#include "daemon/warehouse/finding.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace nudged::alerts {

/// That somebody's way of doing well in a KPI has been noted. What it says stays in the note, which
/// knows who may read it; a message only points there.
struct BestPractice {
    std::int64_t note = 0;
    std::string kpi;
    warehouse::PersonId rep{};
    std::string rep_name;
    std::chrono::local_days held_on{};
    std::string reader;  // the manager who may read it, by address
};

/// "what works for Ben Okafor, noted on 12 Oct 2026: nudged note show 12 --as …"
std::string practice_text(const BestPractice& practice, const Texts& texts);

}  // namespace nudged::alerts
