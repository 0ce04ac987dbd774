// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/baselines.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/touch_book.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace nudged::checks {
namespace {

using warehouse::OpenOpportunity;
using warehouse::Touch;

constexpr std::size_t shown = 5;  // touches

/// The sources whose e-mails never say who wrote them: an answer cannot be told from a question.
std::set<std::string> sources_without_direction(const Scene& scene) {
    auto& baselines = baselines_of(scene);
    for (const auto& deal : book_of(scene).opportunities) {
        auto& signs = baselines.mails[deal.key];
        signs = {};
        for (const auto& one : recent_touches(scene, deal))
            if (one.touch->kind == Touch::Kind::email)
                (one.touch->direction == Touch::Direction::unknown ? signs.bare : signs.directed) =
                    true;
    }
    std::set<std::string> with, without;
    for (const auto& [deal, signs] : baselines.mails) {
        if (signs.directed) with.insert(deal.source);
        if (signs.bare) without.insert(deal.source);
    }
    for (const auto& source : with) without.erase(source);
    return baselines.without_direction = without;
}

bool is_only_deal(const Scene& scene, const OpenOpportunity& deal) {
    const auto& deals = book_of(scene).opportunities_of_account;
    const auto found = deals.find({deal.key.source, deal.account_id});
    return found != deals.end() && found->second.size() == 1;
}

/// The outbound touches since the customer last spoke, the first one first. Of e-mails a thread
/// counts once a day; what may have been an answer is taken for one. A touch of the account that
/// names no deal counts as an attempt only where it can be about no other deal.
std::vector<const Touch*> unanswered(const Scene& scene, const OpenOpportunity& deal,
                                     const Owner& owner) {
    const bool is_only = is_only_deal(scene, deal);
    std::vector<const Touch*> attempts;
    std::set<std::tuple<std::chrono::local_days, std::string, std::string>> threads;
    for (const auto& one : recent_touches(scene, deal)) {
        if (one.touch->direction != Touch::Direction::outbound) {
            attempts.clear();
            threads.clear();
            continue;
        }
        if (!one.is_own && !is_only) continue;
        if (one.touch->kind == Touch::Kind::email &&
            !threads
                 .emplace(owner.zone.local_day(one.touch->at),
                          warehouse::thread_of(one.touch->subject), one.touch->contact)
                 .second)
            continue;
        attempts.push_back(one.touch);
    }
    return attempts;
}

/// A meeting to come is an answer, too.
bool has_meeting_ahead(const Scene& scene, const OpenOpportunity& deal) {
    const auto& book = book_of(scene);
    const auto has_one = [&](const auto& linked, const warehouse::RecordKey& key) {
        const auto found = linked.find(key);
        return found != linked.end() &&
               std::any_of(found->second.begin(), found->second.end(), [&](std::size_t index) {
                   return book.activities[index].kind == warehouse::OpenActivity::Kind::meeting;
               });
    };
    return has_one(book.activities_of_opportunity, deal.key) ||
           (!deal.account_id.empty() &&
            has_one(book.activities_of_account, {deal.key.source, deal.account_id}));
}

}  // namespace

void opp_ghosted(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.ghosted", answer_feed(), held);
    const auto silent = sources_without_direction(scene);
    for (const auto& deal : book_of(scene).opportunities) {
        const auto& source = deal.key.source;
        if (!proof.holds(deal)) continue;
        if (silent.contains(source)) {
            proof.hold(deal, fmt::format("{} does not say who wrote its e-mails", source));
            continue;
        }
        const Owner owner = owner_of(scene, deal.owner);
        const auto& rule = options_for(scene, deal, owner).opp_ghosted;
        if (is_newly_owned(scene, deal, owner, "opp.ghosted")) continue;
        if (has_meeting_ahead(scene, deal)) {
            quiet(scene, "opp.ghosted", deal, "a meeting with the customer is planned");
            continue;
        }
        const auto attempts = unanswered(scene, deal, owner);
        if (attempts.empty() || attempts.size() < static_cast<std::size_t>(rule.touches)) {
            quiet(scene, "opp.ghosted", deal, "{} touches are unanswered, of {}", attempts.size(),
                  rule.touches);
            continue;
        }
        const int waiting = owner.age(attempts.front()->at);
        const int after = is_late_stage(deal) ? rule.after_late : rule.after;
        if (waiting < after) {
            quiet(scene, "opp.ghosted", deal,
                  "the first unanswered touch was {} working days ago, of {}", waiting, after);
            continue;
        }

        Finding finding = finding_about("opp.ghosted", deal, owner);
        finding.since = attempts.front()->at;
        finding.summary =
            fmt::format("Calls and e-mails from us since {}, {} ago: {}; from the customer: 0.",
                        day_text(owner, finding.since), days_text(waiting), attempts.size());
        finding.question = "What would make an answer worth the customer's while, and who else "
                           "there could give one?";
        for (std::size_t i = attempts.size() - std::min(shown, attempts.size());
             i < attempts.size(); ++i)
            finding.evidence.push_back(touch_evidence(owner, *attempts[i]));
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
