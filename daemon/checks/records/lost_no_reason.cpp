// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "daemon/checks/baselines.hpp"
#include "daemon/checks/book.hpp"
#include "daemon/checks/holds.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/closed_deals.hpp"

#include <fmt/format.h>

#include <set>

namespace nudged::checks {
namespace {

using warehouse::LostDeal;

/// As far as scopes and evidence look at an open one.
warehouse::OpenOpportunity as_deal(const LostDeal& lost) {
    warehouse::OpenOpportunity deal;
    deal.key = lost.key;
    deal.name = lost.name;
    deal.url = lost.url;
    deal.account = lost.account;
    deal.owner = lost.owner;
    deal.pipeline_id = lost.pipeline_id;
    deal.pipeline = lost.pipeline;
    deal.stage_id = lost.stage_id;
    deal.stage = lost.stage;
    deal.amount = lost.amount;
    deal.currency = lost.currency;
    return deal;
}

/// No source is asked for what it never tells.
class Reasons {
public:
    Reasons(const Scene& scene, std::vector<Held>& held)
        : scene_(scene), sources_(warehouse::read_sources_with_reasons(scene.reader)), held_(held) {
        baselines_of(scene).with_reasons = sources_;
    }
    bool are_told_of(const warehouse::RecordKey& deal) {
        const auto& source = deal.source;
        if (sources_.contains(source)) return true;
        const Held hold{"opp.lost_no_reason", source, source + " tells of no deal why it was lost"};
        if (told_.insert(source).second) held_.push_back(hold);
        note_hold(scene_, hold, {HeldFor::What::opportunity, deal});
        return false;
    }

private:
    const Scene& scene_;
    std::set<std::string> sources_, told_;
    std::vector<Held>& held_;
};

/// Long enough for any `told_for`, leave and holidays included.
constexpr std::chrono::days longest{400};

}  // namespace

void opp_lost_no_reason(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.lost_no_reason", opportunity_feed(), held);
    Reasons reasons(scene, held);
    for (const auto& lost :
         warehouse::read_lost_deals(scene.reader, day_start(scene.as_of) - longest, scene.as_of)) {
        if (!is_placeholder(lost.reason)) continue;
        const Owner owner = owner_of(scene, lost.owner);
        const auto deal = as_deal(lost);
        const auto& rule = options_for(scene, deal, owner).opp_lost_no_reason;
        // It is not open, so evaluate() goes by its owner alone.
        if (!rule.enabled && scene.options.opp_lost_no_reason.enabled) continue;
        const int ago = owner.age(lost.closed);
        if (ago <= rule.grace || ago > rule.told_for) continue;
        if (!reasons.are_told_of(lost.key) || !proof.holds(deal)) continue;
        Finding finding = finding_about("opp.lost_no_reason", deal, owner);
        finding.severity = Severity::info;
        finding.since = lost.closed;
        finding.summary = fmt::format("Lost on {}, {} ago, without a reason.",
                                      day_text(owner, lost.closed), days_text(ago));
        finding.question = "What would the customer say decided it?";
        finding.evidence.push_back(
            {"reason", lost.reason.empty() ? "none" : lost.reason, lost.url});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
