// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "daemon/checks/baselines.hpp"
#include "daemon/checks/holds.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/touch_book.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::checks {
namespace {

using warehouse::OpenOpportunity;
using warehouse::Touch;

std::vector<const OpenOpportunity*> committed(const Scene& scene) {
    std::vector<const OpenOpportunity*> deals;
    for (const auto& deal : book_of(scene).opportunities)
        if (to_lower_ascii(deal.forecast_category) == "commit") deals.push_back(&deal);
    return deals;
}

/// The last time that the customer spoke, or may have.
std::optional<Instant> last_answer(const Scene& scene, const OpenOpportunity& deal) {
    std::optional<Instant> last;
    for (const auto& one : recent_touches(scene, deal))
        if (one.touch->direction != Touch::Direction::outbound) last = one.touch->at;
    return last;
}

std::string moment_text(const Owner& owner, const std::optional<Instant>& moment) {
    return moment ? fmt::format("{} ({} ago)", day_text(owner, *moment),
                                days_text(owner.age(*moment, Days::calendar), Days::calendar))
                  : "none known";
}

}  // namespace

void opp_commit_cold(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.commit_cold", commit_feed(), held);
    const auto watched = warehouse::read_watched_since(scene.reader);
    std::set<std::string> unwatched;
    for (const auto* deal : committed(scene)) {
        const auto& source = deal->key.source;
        const Owner owner = owner_of(scene, deal->owner);
        const auto& rule = options_for(scene, *deal, owner).opp_commit_cold;
        const Instant window = day_start(scene.as_of) - std::chrono::days{rule.days};
        if (!proof.holds(*deal)) continue;
        if (auto reason = without_history(scene, source, window, watched)) {
            // Of this deal: another one's days may lie within what was watched.
            const Held hold{"opp.commit_cold", source, std::move(*reason)};
            if (unwatched.insert(source).second) held.push_back(hold);
            note_hold(scene, hold, {HeldFor::What::opportunity, deal->key});
            continue;
        }
        if (is_newly_owned(scene, *deal, owner, "opp.commit_cold")) continue;
        std::optional<Instant> changed = deal->created_at;
        const auto keep_later = [](std::optional<Instant>& one,
                                   const std::optional<Instant>& other) {
            if (other && (!one || *other > *one)) one = other;
        };
        if (const auto last = last_change_of(scene, deal->key)) keep_later(changed, last->at);
        const auto answered = last_answer(scene, *deal);
        auto last = changed;
        keep_later(last, answered);
        if (!last || owner.age(*last, Days::calendar) <= rule.days) {
            quiet(scene, "opp.commit_cold", *deal,
                  "its last change or word of the customer was on {}, within {} days",
                  last ? day_text(owner, *last) : "no known day", rule.days);
            continue;
        }

        Finding finding = finding_about("opp.commit_cold", *deal, owner);
        finding.severity = Severity::high;
        finding.since = *last;
        finding.summary = fmt::format("In the forecast as commit; no change and no word from the "
                                      "customer since {}, {} ago.",
                                      day_text(owner, *last),
                                      days_text(owner.age(*last, Days::calendar), Days::calendar));
        finding.question = "What has the customer said lately that makes this certain?";
        finding.evidence.push_back({"last change", moment_text(owner, changed), ""});
        finding.evidence.push_back({"last word of the customer", moment_text(owner, answered), ""});
        add_deal_evidence(finding, *deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
