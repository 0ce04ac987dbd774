// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "daemon/checks/book.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

namespace nudged::checks {

void opp_past_close(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.past_close", opportunity_feed(), held);
    for (const auto& deal : book_of(scene).opportunities) {
        if (!deal.close_date) {
            quiet(scene, "opp.past_close", deal, "it has no close date");
            continue;
        }
        const Owner owner = owner_of(scene, deal.owner);
        const auto& rule = options_for(scene, deal, owner).opp_past_close;
        const int late = owner.age(*deal.close_date);
        if (late <= rule.grace) {
            quiet(scene, "opp.past_close", deal,
                  "it closes on {}, which is {} working days back; it may be {}",
                  format_date(*deal.close_date), late, rule.grace);
            continue;
        }
        if (is_newly_owned(scene, deal, owner, "opp.past_close")) continue;
        if (!proof.holds(deal)) continue;
        Finding finding = finding_about("opp.past_close", deal, owner);
        if (to_lower_ascii(deal.forecast_category) == "commit") finding.severity = Severity::high;
        finding.since = owner.zone.instant(LocalTime{*deal.close_date + std::chrono::days{1}});
        finding.summary = fmt::format("Still open {} after its close date, {}.", days_text(late),
                                      format_date(*deal.close_date));
        finding.question = "What has to happen at the customer before a new date is real?";
        add_deal_evidence(finding, deal);
        finding.evidence.push_back(
            {"moved later so far", count_text(pushes_of(scene, deal.key).size(), "time"), ""});
        if (!deal.forecast_category.empty())
            finding.evidence.push_back({"forecast category", deal.forecast_category, ""});
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
