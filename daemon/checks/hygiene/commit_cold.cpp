// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/touch_book.hpp"
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

/// Why the source does not prove that a deal has not changed since: its history must be told, or
/// have been watched.
std::optional<std::string> without_history(const Scene& scene, const std::string& source,
                                           Instant since,
                                           const std::map<std::string, Instant>& watched) {
    if (tells(scene, source, model::Entity::opportunity_change)) return std::nullopt;
    const auto begin = watched.find(source);
    if (begin == watched.end()) return fmt::format("{} tells no history of opportunities", source);
    if (begin->second <= since) return std::nullopt;
    return fmt::format("{} tells no history of opportunities, and has been watched since {}",
                       source, format_instant(begin->second));
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
    const auto& rule = scene.options.opp_commit_cold;
    Proof proof(scene, "opp.commit_cold", commit_feed(), held);
    const auto deals = committed(scene);
    std::vector<warehouse::RecordKey> keys;
    for (const auto* deal : deals) keys.push_back(deal->key);
    const auto changes = warehouse::read_changes(scene.reader, keys, scene.as_of);
    const auto watched = warehouse::read_watched_since(scene.reader);
    const Instant window = scene.as_of - std::chrono::days{rule.days};
    for (const auto* deal : deals) {
        const auto& source = deal->key.source;
        if (!proof.holds(source)) continue;
        if (auto reason = without_history(scene, source, window, watched)) {
            proof.hold(source, std::move(*reason));
            continue;
        }
        const Owner owner = owner_of(scene, deal->owner);
        if (is_newly_owned(scene, *deal, owner)) continue;
        std::optional<Instant> changed = deal->created_at;
        const auto keep_later = [](std::optional<Instant>& one,
                                   const std::optional<Instant>& other) {
            if (other && (!one || *other > *one)) one = other;
        };
        keep_later(changed, deal->stage_since);
        const auto known = changes.find(deal->key);
        if (known != changes.end()) keep_later(changed, known->second.back().at);
        const auto answered = last_answer(scene, *deal);
        auto last = changed;
        keep_later(last, answered);
        if (!last || owner.age(*last, Days::calendar) <= rule.days) continue;

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
