// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/hygiene/stalled.hpp"

#include "daemon/checks/kpi/trend.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/renewal.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::checks {
StallLimit decide_stall_limit(const Stalled& rule, const std::vector<double>& stays,
                              const std::vector<double>& cycles, StagePlace place) {
    const auto minimum = static_cast<std::size_t>(std::max(1, rule.minimum_deals));
    const auto with_floor = [&](double days, std::string basis) {
        return StallLimit{std::max(static_cast<double>(rule.floor), days), std::move(basis)};
    };
    if (stays.size() >= minimum) {
        const double usual = median(stays);
        return with_floor(rule.multiple * usual,
                          fmt::format("{} × the median of {} days of {} deals that left this "
                                      "stage forwards",
                                      number_text(rule.multiple), number_text(usual),
                                      stays.size()));
    }
    if (cycles.size() >= minimum) {
        const double cycle = median(cycles);
        return with_floor(cycle / 3, fmt::format("a third of the median of {} days from creation "
                                                 "to the win of {} deals",
                                                 number_text(cycle), cycles.size()));
    }
    // Early, middle or late third of the open stages; the most patient where the place is unknown.
    double days = 14;
    std::string_view part = "an early stage";
    if (place.rank > 0 && 3 * place.rank > 2 * place.count && place.count > 1) {
        days = 7;
        part = "a late stage";
    } else if (place.rank > 0 && 3 * place.rank > place.count && place.count > 1) {
        days = 10;
        part = "a middle stage";
    }
    return with_floor(days, fmt::format("{} days for {}, as there is too little history",
                                        number_text(days), part));
}

StallDays read_stall_days(const Scene& scene, int months, Days counted) {
    const Instant until = day_start(scene.as_of);
    const Instant from = months_before(until, months);
    StallDays days;
    for (const auto& stay : warehouse::read_stage_stays(scene.reader, from, until))
        days.stays[{stay.source, stay.pipeline_id, stay.stage_id}].push_back(
            days_between(stay.entered, stay.left, counted));
    for (const auto& cycle : warehouse::read_won_cycles(scene.reader, from, until))
        days.cycles[{cycle.source, cycle.pipeline_id}].push_back(
            days_between(cycle.created, cycle.won, counted));
    return days;
}

namespace {

const StallDays& stall_days(const Scene& scene, const Stalled& rule) {
    auto& known = baselines_of(scene).stalls;
    const std::pair key{rule.history_months, rule.days};
    const auto found = known.find(key);
    if (found != known.end()) return found->second;
    return known.emplace(key, read_stall_days(scene, rule.history_months, rule.days)).first->second;
}

const std::vector<double>& at_or_none(const auto& days, const auto& key) {
    static const std::vector<double> none;
    const auto found = days.find(key);
    return found == days.end() ? none : found->second;
}

}  // namespace

const StallLimit& StallHistory::limit(const Stalled& rule, const warehouse::OpenOpportunity& deal) {
    const StageKey stage{deal.key.source, deal.pipeline_id, deal.stage_id};
    const LimitKey key{stage,     rule.multiple,       rule.floor,     rule.minimum_deals,
                       rule.days, rule.history_months, deal.stage_rank};
    const auto known = limits_.find(key);
    if (known != limits_.end()) return known->second;
    const auto& days = stall_days(scene_, rule);
    const std::pair pipeline{deal.key.source, deal.pipeline_id};
    return limits_[key] = decide_stall_limit(rule, at_or_none(days.stays, stage),
                                             at_or_none(days.cycles, pipeline),
                                             {deal.stage_rank, deal.stage_count});
}

bool is_exempt(const Stalled& rule, const warehouse::OpenOpportunity& deal) {
    const auto& exempt = rule.exempt_stages;
    return std::any_of(exempt.begin(), exempt.end(), [&](const std::string& stage) {
        return stage == deal.stage || stage == deal.stage_id;
    });
}

void opp_stalled(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    Proof proof(scene, "opp.stalled", stalled_feed(), held);
    StallHistory history(scene);
    for (const auto& deal : book_of(scene).opportunities) {
        if (!deal.stage_since) {
            quiet(scene, "opp.stalled", deal, "nobody knows since when it is in its stage");
            continue;
        }
        const Owner owner = owner_of(scene, deal.owner);
        const auto& rule = options_for(scene, deal, owner).opp_stalled;
        if (is_exempt(rule, deal)) {
            quiet(scene, "opp.stalled", deal, "its stage, {}, is one of exempt_stages", deal.stage);
            continue;
        }
        if (is_asleep(scene, deal, owner, "opp.stalled")) continue;
        const auto opened = renewal_opens_after(scene, deal, owner, *deal.stage_since);
        const auto since = opened.value_or(*deal.stage_since);
        const int in_stage = owner.age(since, rule.days);
        const auto& limit = history.limit(rule, deal);
        if (in_stage <= limit.days) {
            quiet(scene, "opp.stalled", deal, "it is in its stage for {}; the limit is {}: {}",
                  days_text(in_stage, rule.days), number_text(limit.days), limit.basis);
            continue;
        }
        if (is_newly_owned(scene, deal, owner, "opp.stalled")) continue;
        if (!proof.holds(deal)) continue;
        if (decide_moved(scene, deal) == Moved::never) {
            quiet(scene, "opp.stalled", deal,
                  "it has never changed stage: opp.never_moved tells it");
            continue;
        }
        Finding finding = finding_about("opp.stalled", deal, owner);
        finding.since = since;
        finding.summary =
            fmt::format("In this stage for {}{}; the limit is {}.", days_text(in_stage, rule.days),
                        opened ? " since its clock opened on " + day_text(owner, *opened) : "",
                        number_text(limit.days));
        finding.question = "What does the customer have to do for this to move on, and what would "
                           "help?";
        finding.evidence.push_back({"in stage since", day_text(owner, *deal.stage_since), ""});
        if (opened) finding.evidence.push_back({"clock opened", day_text(owner, *opened), ""});
        finding.evidence.push_back({"limit", limit.basis, ""});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
