// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/holds.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace nudged::checks {
namespace {

using warehouse::OpenOpportunity;

std::chrono::local_days month_end(std::chrono::local_days day) {
    const std::chrono::year_month_day date{day};
    return std::chrono::local_days{date.year() / date.month() / std::chrono::last};
}

/// The first value that a deal gets is no edit of it.
bool was_edited(const Scene& scene, const OpenOpportunity& deal) {
    const auto& changes = changes_of(scene, deal.key, warehouse::DealField::close_date);
    return std::any_of(changes.begin(), changes.end(),
                       [](const auto& change) { return !change.before.empty(); });
}

/// Whether every edit of a deal's close date would be known: the CRM tells its history, or the deal
/// has been watched for all of its life.
class EditProof {
public:
    EditProof(const Scene& scene, std::vector<Held>& held)
        : scene_(scene), held_(held), begins_(warehouse::read_watch_begins(scene.reader)) {}

    bool holds(const OpenOpportunity& deal) {
        const auto& source = deal.key.source;
        const auto fresh_since = scene_.as_of - scene_.options.freshness.max_age;
        if (tells(scene_, source, model::Entity::opportunity_change))
            return !incomplete(scene_, source, model::Entity::opportunity_change, fresh_since);
        const auto begin = begins_.find(source);
        if (begin != begins_.end() && *deal.created_at > begin->second) return true;
        const Held hold{"opp.close_default", source,
                        source + " tells no history of close dates, and has deals from before it "
                                 "was first read"};
        if (told_.insert(source).second) held_.push_back(hold);
        note_hold(scene_, hold, {HeldFor::What::opportunity, deal.key});
        return false;
    }

private:
    const Scene& scene_;
    std::vector<Held>& held_;
    std::map<std::string, Instant> begins_;
    std::set<std::string> told_;
};

}  // namespace

void opp_close_default(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    EditProof edits(scene, held);
    Proof proof(scene, "opp.close_default", opportunity_feed(), held);
    for (const auto& deal : book_of(scene).opportunities) {
        if (!deal.close_date || !deal.created_at) continue;
        const Owner owner = owner_of(scene, deal.owner);
        const auto& sources = options_for(scene, deal, owner).opp_close_default.sources;
        if (std::find(sources.begin(), sources.end(), deal.key.source) == sources.end()) {
            quiet(scene, "opp.close_default", deal, "opp.close_default.sources does not name {}",
                  deal.key.source);
            continue;
        }
        if (*deal.close_date != month_end(owner.zone.local_day(*deal.created_at))) {
            quiet(scene, "opp.close_default", deal, "{} is not the end of the month it came in",
                  format_date(*deal.close_date));
            continue;
        }
        if (was_edited(scene, deal)) {
            quiet(scene, "opp.close_default", deal, "somebody has set its close date");
            continue;
        }
        if (!edits.holds(deal)) continue;
        if (!proof.holds(deal)) continue;
        Finding finding = finding_about("opp.close_default", deal, owner);
        finding.severity = Severity::info;
        finding.since = *deal.created_at;
        finding.summary = fmt::format("The close date, {}, is the one that the CRM fills in.",
                                      format_date(*deal.close_date));
        finding.question = "When does the customer want to decide?";
        finding.evidence.push_back({"created", day_text(owner, *deal.created_at), ""});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
