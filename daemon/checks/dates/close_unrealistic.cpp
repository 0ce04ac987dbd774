// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/baselines.hpp"
#include "daemon/checks/book.hpp"
#include "daemon/checks/kpi/trend.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/closed_deals.hpp"

#include <fmt/format.h>

#include <tuple>

namespace nudged::checks {
namespace {

/// From this stage, of the deals that were won.
const UsualDays& usual_days(const Scene& scene, int months,
                            const warehouse::OpenOpportunity& deal) {
    static const UsualDays none;
    auto& wins = baselines_of(scene).wins;
    auto known = wins.find(months);
    if (known == wins.end()) known = wins.emplace(months, read_win_days(scene, months)).first;
    const auto found = known->second.find({deal.key.source, deal.pipeline_id, deal.stage_id});
    return found == known->second.end() ? none : found->second;
}

}  // namespace

WinDays read_win_days(const Scene& scene, int months) {
    const Instant until = day_start(scene.as_of);
    std::map<StageKey, std::vector<double>> days;
    for (const auto& win :
         warehouse::read_stages_to_win(scene.reader, months_before(until, months), until))
        days[{win.source, win.pipeline_id, win.stage_id}].push_back(
            days_between(win.entered, win.won, Days::working));
    WinDays usual;
    for (const auto& [stage, of_stage] : days) usual[stage] = {median(of_stage), of_stage.size()};
    return usual;
}

void opp_close_unrealistic(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.close_unrealistic", opportunity_feed(), held);
    for (const auto& deal : book_of(scene).opportunities) {
        if (!deal.close_date || deal.stage_id.empty()) continue;
        const Owner owner = owner_of(scene, deal.owner);
        if (*deal.close_date < owner.today) {
            quiet(scene, "opp.close_unrealistic", deal, "its close date is past: opp.past_close");
            continue;
        }
        const auto& rule = options_for(scene, deal, owner).opp_close_unrealistic;
        const auto& usual = usual_days(scene, rule.history_months, deal);
        if (usual.deals < static_cast<std::size_t>(rule.minimum_deals)) {
            quiet(scene, "opp.close_unrealistic", deal,
                  "{} deals were won from its stage in {} months, of the {} that it takes",
                  usual.deals, rule.history_months, rule.minimum_deals);
            continue;
        }
        const int left = owner.calendar->working_age(owner.today, *deal.close_date);
        if (left >= rule.share * usual.days) {
            quiet(scene, "opp.close_unrealistic", deal,
                  "it has {} working days left; the limit is {} of the usual {}", left,
                  number_text(rule.share), number_text(usual.days));
            continue;
        }
        if (!proof.holds(deal)) continue;
        Finding finding = finding_about("opp.close_unrealistic", deal, owner);
        finding.severity = Severity::info;
        finding.since = deal.stage_since.value_or(scene.as_of);
        finding.summary = fmt::format("Expected to close in {}; from this stage to the win it "
                                      "mostly took {}.",
                                      days_text(left), number_text(usual.days));
        finding.question = "What has to happen until then, and who at the customer has agreed "
                           "to it?";
        finding.evidence.push_back({"days to the close date", days_text(left), ""});
        finding.evidence.push_back({"from this stage to the win",
                                    fmt::format("median of {} working days of {} won deals",
                                                number_text(usual.days), usual.deals),
                                    ""});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
