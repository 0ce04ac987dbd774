// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/renewal.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/touch_book.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::checks {
namespace {

using warehouse::OwnedAccount;

struct Gap {
    std::optional<Instant> since;  // empty: not known
    std::string summary;
};

/// Since when the account has been without a step that is still to come.
std::optional<Instant> without_any_since(const Scene& scene, const OwnedAccount& account) {
    std::optional<Instant> since = account.created_at;
    const auto keep_later = [&](const std::optional<Instant>& moment) {
        if (moment && (!since || *moment > *since)) since = moment;
    };
    const auto keep_signs = [&](const warehouse::LastSigns& signs) {
        if (const auto* touch = signs.touches.latest()) keep_later(touch->at);
        keep_later(signs.task_end);
    };
    keep_signs(last_signs(scene, account));
    keep_later(renewals_open_at(scene, account));
    const auto& book = book_of(scene);
    const auto deals = book.opportunities_of_account.find(account.key);
    if (deals == book.opportunities_of_account.end()) return since;
    for (const std::size_t index : deals->second)
        keep_signs(last_signs(scene, book.opportunities[index]));
    return since;
}

Gap describe_gap(const Scene& scene, const OwnedAccount& account, const Owner& owner,
                 const StepFacts& step) {
    if (step.state == NextStep::overdue)
        return {owner.zone.instant(LocalTime{*step.due}),
                fmt::format("The last step was due on {}, {} ago.", format_date(*step.due),
                            days_text(owner.age(*step.due)))};
    if (step.state == NextStep::undated)
        return {step.activity->created_at, "1 step is open for this customer, without a date."};
    const auto since = without_any_since(scene, account);
    if (!since)
        return {since, fmt::format("0 tasks, calls or meetings are planned after {}.",
                                   format_date(owner.today))};
    return {since, fmt::format("No next step for {}, since {}.", days_text(owner.age(*since)),
                               day_text(owner, *since))};
}

std::size_t open_deals(const Scene& scene, const OwnedAccount& account) {
    const auto& deals = book_of(scene).opportunities_of_account;
    const auto found = deals.find(account.key);
    return found == deals.end() ? 0 : found->second.size();
}

}  // namespace

void acct_no_next_step(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "acct.no_next_step", next_step_feed(), held);
    for (const auto& account : book_of(scene).accounts) {
        const Owner owner = owner_of(scene, account.owner);
        if (!is_in_scope(scene, account, owner)) {
            quiet(scene, "acct.no_next_step", account,
                  "it is not in a present rep's book, or its type \"{}\" needs no next step",
                  account.type);
            continue;
        }
        if (is_asleep(scene, account)) {
            quiet(scene, "acct.no_next_step", account,
                  "its open deals are renewals whose clocks have not opened yet");
            continue;
        }
        if (!proof.holds(account)) continue;
        const auto& rule = options_for(scene, owner).acct_no_next_step;
        const auto step = account_step(scene, account, owner, rule.horizon);
        if (step.state != NextStep::none && step.state != NextStep::undated &&
            step.state != NextStep::overdue) {
            quiet(scene, "acct.no_next_step", account, "it has a next step: {}", step_text(step));
            continue;
        }
        auto gap = describe_gap(scene, account, owner, step);
        if (gap.since && owner.age(*gap.since) <= rule.grace) {
            quiet(scene, "acct.no_next_step", account,
                  "it is without a next step since {}, {} working days of the {} of grace",
                  day_text(owner, *gap.since), owner.age(*gap.since), rule.grace);
            continue;
        }

        Finding finding;
        finding.check = "acct.no_next_step";
        finding.subject = {"account", account.key.source, account.key.id,
                           account.name.empty() ? account.key.id : account.name, account.url};
        finding.owner = owner.id;
        finding.team = owner.team;
        finding.since = gap.since.value_or(scene.as_of);
        finding.summary = std::move(gap.summary);
        finding.question = "When should this customer hear from us next, and about what?";
        add_touch_evidence(scene, finding, owner, last_signs(scene, account).touches);
        finding.evidence.push_back(
            {"open opportunities", fmt::format("{}", open_deals(scene, account)), account.url});
        if (step.activity)
            finding.evidence.push_back({"task", step.activity->subject, step.activity->url});
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
