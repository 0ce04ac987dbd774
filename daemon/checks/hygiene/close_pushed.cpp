// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

namespace nudged::checks {
namespace {

/// "2026-03-31 → 2026-04-30 → 2026-05-29"; the middle is left out of a long chain.
std::string chain(const std::vector<ClosePush>& pushes) {
    constexpr std::size_t most = 4;
    std::string text = format_date(pushes.front().from);
    const std::size_t first = pushes.size() > most ? pushes.size() - most : 0;
    if (first > 0) text += " → …";
    for (std::size_t i = first; i < pushes.size(); ++i) text += " → " + format_date(pushes[i].to);
    return text;
}

}  // namespace

void opp_close_pushed(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    hold_without_history(scene, "opp.close_pushed", std::chrono::days{0}, held);
    for (const auto& deal : book_of(scene).opportunities) {
        const auto pushes = pushes_of(scene, deal.key);
        const Owner owner = owner_of(scene, deal.owner);
        const auto& rule = options_for(scene, deal, owner).opp_close_pushed;
        const int count = static_cast<int>(pushes.size());
        if (count == 0 || count < rule.attention_at) {
            quiet(scene, "opp.close_pushed", deal,
                  "its close date moved to a later day {}; it is told from the {}. on",
                  count_text(pushes.size(), "time"), rule.attention_at);
            continue;
        }
        Finding finding = finding_about("opp.close_pushed", deal, owner);
        if (count >= rule.high_at) finding.severity = Severity::high;
        finding.since =
            pushes[static_cast<std::size_t>(rule.attention_at > 0 ? rule.attention_at - 1 : 0)].at;
        finding.summary = fmt::format("The close date has moved to a later day {}: {}.",
                                      count_text(pushes.size(), "time"), chain(pushes));
        finding.question = "What has to happen at the customer before that date is real, and how "
                           "do we know?";
        for (const auto& push : pushes) {
            auto value = fmt::format("{} → {} on {}", format_date(push.from), format_date(push.to),
                                     day_text(owner, push.at));
            if (!push.by.empty()) value += " by " + push.by;
            finding.evidence.push_back({"moved", std::move(value), ""});
        }
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
