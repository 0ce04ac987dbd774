// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/next_step_coverage.hpp"

#include "daemon/checks/proof.hpp"
#include "daemon/checks/renewal.hpp"
#include "daemon/checks/scope.hpp"

namespace nudged::checks {

void CoverageCount::count(const Owner& owner, const std::string& source, bool is_good) {
    if (!proves(source)) {
        made_.unproven.insert(owner.id);
        return;
    }
    auto& coverage = made_.counted[owner.id];
    ++coverage.in_scope;
    if (is_good) ++coverage.covered;
}

bool CoverageCount::proves(const std::string& source) {
    const auto known = proven_.find(source);
    if (known != proven_.end()) return known->second;
    return proven_[source] = !unproven(scene_, source, next_step_feed());
}

void each_open_deal(const Scene& scene, const CoverageSink& sink) {
    for (const auto& deal : book_of(scene).opportunities) {
        const Owner owner = owner_of(scene, deal.owner);
        if (is_asleep(scene, deal, owner)) continue;
        const int horizon = options_for(scene, deal, owner).opp_no_next_step.horizon;
        sink(owner, deal.key, is_covered(opportunity_step(scene, deal, owner, horizon).state));
    }
}

void each_account(const Scene& scene, const CoverageSink& sink) {
    for (const auto& account : book_of(scene).accounts) {
        const Owner owner = owner_of(scene, account.owner);
        if (!is_in_scope(scene, account, owner) || is_asleep(scene, account)) continue;
        const int horizon = options_for(scene, owner).acct_no_next_step.horizon;
        sink(owner, account.key, is_covered(account_step(scene, account, owner, horizon).state));
    }
}

}  // namespace nudged::checks
