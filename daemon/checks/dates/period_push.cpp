// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "daemon/checks/book.hpp"
#include "daemon/checks/dates/fiscal.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

namespace nudged::checks {

std::chrono::local_days period_end(std::chrono::local_days day, FiscalPeriod period,
                                   int year_starts) {
    const std::chrono::year_month_day date{day};
    const int month = static_cast<int>(static_cast<unsigned>(date.month()));
    const int into_quarter = period == FiscalPeriod::month ? 2 : (month - year_starts + 12) % 3;
    const auto last = date.year() / date.month() + std::chrono::months{2 - into_quarter};
    return std::chrono::local_days{last / std::chrono::last};
}

void opp_period_push(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    hold_without_history(scene, "opp.period_push",
                         calendar_days(scene.options.opp_period_push.told_for), held);
    for (const auto& deal : book_of(scene).opportunities) {
        const auto pushes = pushes_of(scene, deal.key);
        if (pushes.empty() || !deal.close_date) {
            quiet(scene, "opp.period_push", deal,
                  "no move of its close date to a later day is known");
            continue;
        }
        const Owner owner = owner_of(scene, deal.owner);
        const auto& rule = options_for(scene, deal, owner).opp_period_push;
        for (auto push = pushes.rbegin(); push != pushes.rend(); ++push) {
            if (owner.age(push->at) > rule.told_for) {
                quiet(scene, "opp.period_push", deal,
                      "its close date moved {} working days ago; it is told for {}",
                      owner.age(push->at), rule.told_for);
                break;
            }
            const auto end = period_end(push->from, rule.period, scene.options.fiscal_year_starts);
            if (push->to <= end || *deal.close_date <= end) {
                quiet(scene, "opp.period_push", deal,
                      "its move from {} to {} stays within what ends on {}, or was taken back",
                      format_date(push->from), format_date(push->to), format_date(end));
                continue;
            }
            const std::string_view word = rule.period == FiscalPeriod::month ? "month" : "quarter";
            Finding finding = finding_about("opp.period_push", deal, owner);
            if (to_lower_ascii(deal.forecast_category) == "commit")
                finding.severity = Severity::high;
            // Out of each period once.
            finding.aspect = format_date(end);
            finding.since = push->at;
            finding.summary =
                fmt::format("The close date has moved out of the {} that ends on {}: {} → {}.",
                            word, format_date(end), format_date(push->from), format_date(push->to));
            finding.question = "What has changed at the customer since the earlier date was set?";
            auto moved = fmt::format("{} → {} on {}", format_date(push->from),
                                     format_date(push->to), day_text(owner, push->at));
            if (!push->by.empty()) moved += " by " + push->by;
            finding.evidence.push_back({"moved", std::move(moved), deal.url});
            add_deal_evidence(finding, deal);
            if (!deal.forecast_category.empty())
                finding.evidence.push_back({"forecast category", deal.forecast_category, ""});
            findings.push_back(std::move(finding));
            break;
        }
    }
}

}  // namespace nudged::checks
