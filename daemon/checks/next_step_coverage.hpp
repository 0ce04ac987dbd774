// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/book.hpp"
#include "daemon/checks/scorecard.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>

namespace nudged::checks {

/// Counts objects for their owners.
class CoverageCount {
public:
    explicit CoverageCount(const Scene& scene) : scene_(scene) {}

    void count(const Owner& owner, const std::string& source, bool is_good);
    CoverageOfOwners take() { return std::move(made_); }

private:
    bool proves(const std::string& source);

    const Scene& scene_;
    std::map<std::string, bool> proven_;
    CoverageOfOwners made_;
};

/// Whose a record is, which one, and whether it has a next step (sales practice §2).
using CoverageSink =
    std::function<void(const Owner&, const warehouse::RecordKey&, bool has_next_step)>;

void each_open_deal(const Scene& scene, const CoverageSink& sink);
/// Those in scope.
void each_account(const Scene& scene, const CoverageSink& sink);

}  // namespace nudged::checks
