// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

namespace nudged::checks {

void opp_amount_missing(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.amount_missing", opportunity_feed(), held);
    for (const auto& deal : book_of(scene).opportunities) {
        const bool has_amount =
            deal.amount && !deal.amount->is_zero() && !deal.amount->is_negative();
        if (has_amount) {
            quiet(scene, "opp.amount_missing", deal, "its amount is {}", deal.amount->str());
            continue;
        }
        const Owner owner = owner_of(scene, deal.owner);
        const auto& rule = options_for(scene, deal, owner).opp_amount_missing;
        if (deal.stage_rank == 0 || deal.stage_rank < rule.from_stage) {
            quiet(scene, "opp.amount_missing", deal,
                  "it is in stage {} of {} (0: not known); an amount is asked for from stage {}",
                  deal.stage_rank, deal.stage_count, rule.from_stage);
            continue;
        }
        if (!proof.holds(deal)) continue;
        Finding finding = finding_about("opp.amount_missing", deal, owner);
        finding.since = deal.stage_since.value_or(scene.as_of);
        finding.summary = fmt::format("In stage {} of {}, {}.", deal.stage_rank, deal.stage_count,
                                      deal.amount ? "with an amount of " + deal.amount->str()
                                                  : "without an amount");
        finding.question = "What is this worth to the customer, and how do we know?";
        finding.evidence.push_back({"amount", deal.amount ? deal.amount->str() : "none", deal.url});
        if (!deal.stage.empty()) finding.evidence.push_back({"stage", deal.stage, ""});
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
