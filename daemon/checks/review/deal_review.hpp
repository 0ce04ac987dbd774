// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/review/coverage.hpp"
#include "daemon/checks/review/criteria.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::checks {

/// What a manager and a rep go through, always in this order (sales practice §11).
struct DealReview {
    const warehouse::OpenOpportunity* deal = nullptr;  // of the scene's book
    std::string owner;
    std::string team;
    std::vector<warehouse::Evidence> overview;  // facts
    std::vector<std::string> questions;         // to clarify first
    Reality reality;                            // evidence, per criterion
    Findings risks;                             // every finding about the deal, none folded
    std::vector<warehouse::Evidence> planned;   // open steps: kind, what with whom by when
    std::optional<QuarterCoverage> coverage;    // of its owner; empty without a quota
};

inline constexpr std::string_view top_reasons =
    "If we lost this, what would be the top three reasons?";
inline constexpr std::string_view buyers_view = "Would I buy from us, as the customer?";

/// The open deals that `text` means: "SOURCE/ID", else those whose name begins so, case aside.
std::vector<const warehouse::OpenOpportunity*> find_deals(const Scene& scene,
                                                          std::string_view text);

/// Runs every check that is switched on.
DealReview make_deal_review(const Scene& scene, const warehouse::OpenOpportunity& deal);

}  // namespace nudged::checks
