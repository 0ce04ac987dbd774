// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/coaching/judgement.hpp"

#include <span>
#include <string>

namespace nudged::cli {

/// A table: what was agreed and what came of it, a line each.
std::string commitments_text(std::span<const checks::JudgedCommitment> commitments);
std::string commitments_json(std::span<const checks::JudgedCommitment> commitments);

/// "Dials: 60 next, from 50. Then 70, 80, 90." and, after two misses, the question.
std::string proposal_text(const checks::Kpi& kpi, const checks::Proposal& proposal);

}  // namespace nudged::cli
