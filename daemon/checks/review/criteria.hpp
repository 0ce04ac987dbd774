// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/book.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nudged::checks {

/// What became of one criterion of a deal (sales practice §11).
struct Judged {
    const Criterion* criterion = nullptr;
    std::optional<bool> is_true;  // empty: the source does not prove it either way
    std::string looked;           // where, and what was there; or why nobody knows
    std::string url;              // of what was found; may be empty
    bool is_given = true;         // false: the CRM tells nothing of the kind, whichever deal
};

/// Whether a deal is what its stage says. Criteria that nobody can judge count neither way.
struct Reality {
    std::vector<Judged> criteria;  // those of the deal's stage and of earlier ones
    std::optional<double> score;   // Σ weight·true / Σ weight, 0 to 1; empty: nothing was judged
    bool is_real = true;           // every mandatory criterion that was judged is true
};
Reality decide_reality(std::vector<Judged> criteria);

/// By the criteria of the scene's options. A deal without any is real.
Reality judge_reality(const Scene& scene, const warehouse::OpenOpportunity& deal);

}  // namespace nudged::checks
