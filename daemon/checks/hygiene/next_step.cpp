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

using warehouse::OpenActivity;
using warehouse::OpenOpportunity;

/// The later of two moments that may not be known.
void keep_later(std::optional<Instant>& moment, const std::optional<Instant>& other) {
    if (other && (!moment || *other > *moment)) moment = other;
}

/// Within how many days a next step counts, in the rule that asks.
using Horizon = int (*)(const CheckOptions& options);
int horizon_of_none(const CheckOptions& options) {
    return options.opp_no_next_step.horizon;
}
int horizon_of_others(const CheckOptions& options) {
    return options.opp_next_step_other.horizon;
}

/// Calls `judge(deal, owner, step)` for each open opportunity that stands at `state`, of sources
/// that prove it.
template <typename Judge>
void for_each_at(const Scene& scene, std::string_view check, NextStep state, Horizon horizon,
                 std::vector<Held>& held, Judge judge) {
    Proof proof(scene, check, next_step_feed(), held);
    for (const auto& deal : book_of(scene).opportunities) {
        if (!proof.holds(deal)) continue;
        const Owner owner = owner_of(scene, deal.owner);
        if (is_asleep(scene, deal, owner, check)) continue;
        const auto& options = options_for(scene, deal, owner);
        const auto step = opportunity_step(scene, deal, owner, horizon(options));
        if (step.state == state)
            judge(deal, owner, step);
        else
            quiet(scene, check, deal, "its next step is not \"{}\" but {}", to_string(state),
                  step_text(step));
    }
}

warehouse::Evidence activity_evidence(const Scene& scene, const OpenActivity& activity) {
    const auto name = owner_name(scene, owner_of(scene, activity.owner));
    return {
        std::string{to_string(activity.kind)},
        fmt::format("{} ({})", activity.subject.empty() ? activity.key.id : activity.subject, name),
        activity.url};
}

/// Since when the activity has stood as it does; `as_of` where the CRM does not say.
Instant known_since(const Scene& scene, const std::optional<Instant>& moment) {
    return moment.value_or(scene.as_of);
}

/// A day's beginning where the owner lives.
Instant start_of(const Owner& owner, std::chrono::local_days day) {
    return owner.zone.instant(LocalTime{day});
}

bool closes_within(const OpenOpportunity& deal, const Owner& owner, int days) {
    return deal.close_date && *deal.close_date >= owner.today &&
           *deal.close_date <= owner.today + std::chrono::days{days};
}

/// The finding of a state that one planned activity decides.
Finding about_activity(const Scene& scene, std::string_view check, const OpenOpportunity& deal,
                       const Owner& owner, const StepFacts& step) {
    Finding finding = finding_about(check, deal, owner);
    finding.since = known_since(scene, step.activity->created_at);
    finding.evidence.push_back(activity_evidence(scene, *step.activity));
    if (step.due) finding.evidence.push_back({"due", format_date(*step.due), ""});
    add_deal_evidence(finding, deal);
    return finding;
}

}  // namespace

void opp_no_next_step(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    const auto judge = [&](const OpenOpportunity& deal, const Owner& owner, const StepFacts&) {
        const auto& rule = options_for(scene, deal, owner).opp_no_next_step;
        if (is_newly_owned(scene, deal, owner, "opp.no_next_step")) return;
        const auto touches = last_touches(scene, deal);
        // Without a step since the last thing that happened: a call of yesterday is still fresh.
        std::optional<Instant> since = deal.created_at;
        keep_later(since, deal.owner_since);
        keep_later(since, renewal_opens_at(scene, deal, owner));
        if (const auto* touch = touches.latest()) keep_later(since, touch->at);
        keep_later(since, last_signs(scene, deal).task_end);
        if (since && owner.age(*since) <= rule.grace) {
            quiet(scene, "opp.no_next_step", deal,
                  "it is without a next step since {}, {} working days of the {} of grace",
                  day_text(owner, *since), owner.age(*since), rule.grace);
            return;
        }

        Finding finding = finding_about("opp.no_next_step", deal, owner);
        if (closes_within(deal, owner, rule.urgent_close)) finding.severity = Severity::high;
        finding.since = known_since(scene, since);
        finding.summary = since ? fmt::format("No next step for {}, since {}.",
                                              days_text(owner.age(*since)), day_text(owner, *since))
                                : fmt::format("0 tasks, calls or meetings are planned after {}.",
                                              format_date(owner.today));
        if (finding.severity == Severity::high)
            finding.summary +=
                fmt::format(" It is expected to close on {}, in {}.", format_date(*deal.close_date),
                            days_text(static_cast<int>((*deal.close_date - owner.today).count()),
                                      Days::calendar));
        finding.question = "What is the next thing that the customer agreed to, and when?";
        add_touch_evidence(scene, finding, owner, touches);
        finding.evidence.push_back({"owner", owner_name(scene, owner), ""});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    };
    for_each_at(scene, "opp.no_next_step", NextStep::none, horizon_of_none, held, judge);
}

void opp_next_step_overdue(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    const auto judge = [&](const OpenOpportunity& deal, const Owner& owner, const StepFacts& step) {
        const auto& rule = options_for(scene, deal, owner).opp_next_step_overdue;
        const int late = owner.age(*step.due);
        if (late <= rule.grace) {
            quiet(scene, "opp.next_step_overdue", deal,
                  "its next step was due on {}, {} working days of the {} of grace",
                  format_date(*step.due), late, rule.grace);
            return;
        }
        if (is_newly_owned(scene, deal, owner, "opp.next_step_overdue")) return;
        Finding finding = about_activity(scene, "opp.next_step_overdue", deal, owner, step);
        finding.since = start_of(owner, *step.due + std::chrono::days{1});
        finding.summary = fmt::format("The next step was due on {}, {} ago, and none is planned "
                                      "after it.",
                                      format_date(*step.due), days_text(late));
        finding.question = "What stands in the way of this step, and what is a real date for it?";
        findings.push_back(std::move(finding));
    };
    for_each_at(scene, "opp.next_step_overdue", NextStep::overdue, horizon_of_none, held, judge);
}

void opp_next_step_text_only(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    const auto judge = [&](const OpenOpportunity& deal, const Owner& owner, const StepFacts&) {
        Finding finding = finding_about("opp.next_step_text_only", deal, owner);
        finding.severity = Severity::info;
        finding.since = scene.as_of;
        finding.summary = "A next step is written down, but 0 tasks or meetings will remind "
                          "anybody of it.";
        finding.question = "When will this be done, and what will remind you of it?";
        finding.evidence.push_back({"next step", deal.next_step, deal.url});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    };
    for_each_at(scene, "opp.next_step_text_only", NextStep::text_only, horizon_of_others, held,
                judge);
}

void opp_next_step_undated(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    const auto judge = [&](const OpenOpportunity& deal, const Owner& owner, const StepFacts& step) {
        Finding finding = about_activity(scene, "opp.next_step_undated", deal, owner, step);
        finding.severity = Severity::info;
        const auto count = book_of(scene).activities_of_opportunity.at(deal.key).size();
        finding.summary =
            fmt::format("{} open here, without a date.",
                        count == 1 ? "1 step is" : fmt::format("{} steps are", count));
        finding.question = "When is this to happen?";
        findings.push_back(std::move(finding));
    };
    for_each_at(scene, "opp.next_step_undated", NextStep::undated, horizon_of_others, held, judge);
}

void opp_next_step_far(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    const auto judge = [&](const OpenOpportunity& deal, const Owner& owner, const StepFacts& step) {
        const int horizon = horizon_of_others(options_for(scene, deal, owner));
        Finding finding = about_activity(scene, "opp.next_step_far", deal, owner, step);
        finding.severity = Severity::info;
        finding.summary =
            fmt::format("The next step is on {}, in {} days; within {} days nothing "
                        "is planned.",
                        format_date(*step.due), (*step.due - owner.today).count(), horizon);
        finding.question = "What could the customer do before then?";
        findings.push_back(std::move(finding));
    };
    for_each_at(scene, "opp.next_step_far", NextStep::far, horizon_of_others, held, judge);
}

void opp_next_step_orphan(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    const auto judge = [&](const OpenOpportunity& deal, const Owner& owner, const StepFacts& step) {
        Finding finding = about_activity(scene, "opp.next_step_orphan", deal, owner, step);
        finding.summary = fmt::format("The next step, on {}, belongs to somebody who has left.",
                                      format_date(*step.due));
        finding.question = "Who takes this step over?";
        findings.push_back(std::move(finding));
    };
    for_each_at(scene, "opp.next_step_orphan", NextStep::orphan, horizon_of_others, held, judge);
}

}  // namespace nudged::checks
