// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/touch_book.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

namespace nudged::checks {
namespace {

using warehouse::LastTouches;

bool is_without_step(const StepFacts& step) {
    return step.state == NextStep::none || step.state == NextStep::overdue;
}

/// The meeting, where nothing came after it and nothing is planned; null where something did.
const warehouse::Touch* without_follow_up(const NoFollowUp& rule, const Owner& owner,
                                          const LastTouches& touches,
                                          const std::optional<Instant>& task_end,
                                          const StepFacts& step) {
    if (!touches.meeting || touches.latest() != &*touches.meeting) return nullptr;
    const Instant met = touches.meeting->at;
    // Whoever sends the minutes without logging the e-mail ticks the task off.
    if (task_end && *task_end > met) return nullptr;
    if (!is_without_step(step)) return nullptr;
    if (owner.age(met) <= rule.after) return nullptr;
    if (owner.age(met, Days::calendar) > rule.look_back) return nullptr;
    return &*touches.meeting;
}

void tell(const Scene& scene, Finding finding, const Owner& owner, const LastTouches& touches,
          const StepFacts& step, Findings& findings) {
    const auto& meeting = *touches.meeting;
    finding.check = "mtg.no_follow_up";
    finding.since = meeting.at;
    finding.summary = fmt::format("Met on {}, {} ago; no call, no e-mail and no next step since.",
                                  day_text(owner, meeting.at), days_text(owner.age(meeting.at)));
    finding.question = "What came out of the meeting, and who does what by when?";
    finding.evidence.push_back(touch_evidence(owner, meeting));
    finding.evidence.push_back({"next step", std::string{to_string(step.state)}, ""});
    add_touch_evidence(scene, finding, owner, touches);
    findings.push_back(std::move(finding));
}

}  // namespace

// A meeting of the account that names no deal is the account's where it has no open deal, and the
// deal's where it has one; with several nobody knows which.
void mtg_no_follow_up(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "mtg.no_follow_up", follow_up_feed(), held);
    const auto& book = book_of(scene);
    for (const auto& deal : book.opportunities) {
        if (!proof.holds(deal)) continue;
        const Owner owner = owner_of(scene, deal.owner);
        if (is_newly_owned(scene, deal, owner, "mtg.no_follow_up")) continue;
        const auto deals = book.opportunities_of_account.find({deal.key.source, deal.account_id});
        const bool is_only =
            deals != book.opportunities_of_account.end() && deals->second.size() == 1;
        auto touches = last_touches(scene, deal);
        const auto& own = last_signs(scene, deal);
        if (!is_only && (!own.touches.meeting ||
                         (touches.meeting && touches.meeting->at > own.touches.meeting->at)))
            continue;
        const auto& options = options_for(scene, deal, owner);
        const auto step = opportunity_step(scene, deal, owner, options.opp_no_next_step.horizon);
        if (!without_follow_up(options.mtg_no_follow_up, owner, touches, own.task_end, step)) {
            quiet(scene, "mtg.no_follow_up", deal,
                  "no meeting of the last {} days stands {} working days without a touch or a step "
                  "after it; its next step is {}",
                  options.mtg_no_follow_up.look_back, options.mtg_no_follow_up.after,
                  step_text(step));
            continue;
        }
        Finding finding = finding_about("mtg.no_follow_up", deal, owner);
        tell(scene, std::move(finding), owner, touches, step, findings);
    }
    for (const auto& account : book.accounts) {
        if (book.opportunities_of_account.contains(account.key)) continue;
        const Owner owner = owner_of(scene, account.owner);
        if (!is_in_scope(scene, account, owner) || !proof.holds(account)) continue;
        const auto& options = options_for(scene, owner);
        const auto step = account_step(scene, account, owner, options.acct_no_next_step.horizon);
        if (!is_without_step(step)) continue;
        const auto& signs = last_signs(scene, account);
        if (!without_follow_up(options.mtg_no_follow_up, owner, signs.touches, signs.task_end,
                               step))
            continue;
        Finding finding;
        finding.subject = {"account", account.key.source, account.key.id,
                           account.name.empty() ? account.key.id : account.name, account.url};
        finding.owner = owner.id;
        finding.team = owner.team;
        tell(scene, std::move(finding), owner, signs.touches, step, findings);
    }
}

}  // namespace nudged::checks
