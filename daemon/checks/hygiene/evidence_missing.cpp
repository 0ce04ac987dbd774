// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/holds.hpp"
#include "daemon/checks/review/criteria.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace nudged::checks {

void opp_evidence_missing(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    const auto& criteria = scene.options.criteria;
    if (std::none_of(criteria.begin(), criteria.end(),
                     [](const Criterion& one) { return one.is_mandatory; }))
        return;
    std::set<std::pair<std::string, std::string>> told;
    for (const auto& deal : book_of(scene).opportunities) {
        const auto reality = judge_reality(scene, deal);
        std::vector<const Judged*> missing;
        std::size_t mandatory = 0;
        for (const auto& judged : reality.criteria) {
            if (!judged.criterion->is_mandatory) continue;
            ++mandatory;
            if (judged.is_true == false) missing.push_back(&judged);
            if (judged.is_true) continue;
            const Held hold{"opp.evidence_missing", deal.key.source, judged.looked,
                            judged.is_given};
            note_hold(scene, hold, {HeldFor::What::opportunity, deal.key});
            if (told.emplace(deal.key.source, judged.looked).second) held.push_back(hold);
        }
        const Owner owner = owner_of(scene, deal.owner);
        if (missing.empty()) {
            quiet(scene, "opp.evidence_missing", deal,
                  "none of the {} mandatory criteria of its stage is known to be missing",
                  mandatory);
            continue;
        }
        if (is_newly_owned(scene, deal, owner, "opp.evidence_missing")) continue;
        Finding finding = finding_about("opp.evidence_missing", deal, owner);
        finding.since = deal.stage_since.value_or(scene.as_of);
        finding.summary =
            fmt::format("For this stage {} of {} mandatory criteria show no evidence.",
                        missing.size(), mandatory);
        finding.question =
            "What has the customer done that shows it, and where is it written down?";
        for (const auto* judged : missing)
            finding.evidence.push_back({judged->criterion->name, judged->looked, judged->url});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
