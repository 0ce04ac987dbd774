// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/review/deal_review.hpp"

#include <string>

namespace nudged::cli {

/// The sheet as a terminal shows it, and as one JSON object.
std::string deal_review_text(const checks::DealReview& review);
std::string deal_review_json(const checks::DealReview& review);

}  // namespace nudged::cli
