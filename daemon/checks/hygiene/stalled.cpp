// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/hygiene/stalled.hpp"

#include "daemon/checks/book.hpp"
#include "daemon/checks/kpi/trend.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace nudged::checks {
namespace {

using std::chrono::local_days;

// Past deals are counted by the plain week in UTC: their owners' calendars of then are not known.
double days_between(Instant from, Instant until, Days counted) {
    static const WorkCalendar plain;
    const local_days first = Zone::utc().local_day(from);
    const local_days last = Zone::utc().local_day(until);
    if (counted == Days::working) return plain.working_age(first, last);
    return static_cast<double>((last - first).count());
}

Instant months_before(Instant moment, int months) {
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    auto date = std::chrono::year_month_day{day} - std::chrono::months{months};
    if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
    return std::chrono::sys_days{date} + (moment - day);
}

/// What the past says about each stage and pipeline.
class History {
public:
    History(const Scene& scene, const Stalled& rule) {
        const Instant from = months_before(scene.as_of, rule.history_months);
        for (const auto& stay : warehouse::read_stage_stays(scene.reader, from, scene.as_of))
            stays_[{stay.source, stay.pipeline_id, stay.stage_id}].push_back(
                days_between(stay.entered, stay.left, rule.days));
        for (const auto& cycle : warehouse::read_won_cycles(scene.reader, from, scene.as_of))
            cycles_[{cycle.source, cycle.pipeline_id}].push_back(
                days_between(cycle.created, cycle.won, rule.days));
    }

    /// Many deals share a stage, so the limit of each stage is worked out once.
    const StallLimit& limit(const Stalled& rule, const warehouse::OpenOpportunity& deal) {
        const StageKey key{deal.key.source, deal.pipeline_id, deal.stage_id};
        const auto known = limits_.find(key);
        if (known != limits_.end()) return known->second;
        return limits_[key] = decide_stall_limit(rule, stays_[key],
                                                 cycles_[{deal.key.source, deal.pipeline_id}],
                                                 {deal.stage_rank, deal.stage_count});
    }

private:
    using StageKey = std::tuple<std::string, std::string, std::string>;
    std::map<StageKey, std::vector<double>> stays_;
    std::map<std::pair<std::string, std::string>, std::vector<double>> cycles_;
    std::map<StageKey, StallLimit> limits_;
};

bool is_exempt(const Stalled& rule, const warehouse::OpenOpportunity& deal) {
    const auto& exempt = rule.exempt_stages;
    return std::any_of(exempt.begin(), exempt.end(), [&](const std::string& stage) {
        return stage == deal.stage || stage == deal.stage_id;
    });
}

}  // namespace

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

void opp_stalled(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    const auto& rule = scene.options.opp_stalled;
    Proof proof(scene, "opp.stalled", stalled_feed(), held);
    History history(scene, rule);
    for (const auto& deal : book_of(scene).opportunities) {
        if (!deal.stage_since) {
            quiet(scene, "opp.stalled", deal, "nobody knows since when it is in its stage");
            continue;
        }
        if (is_exempt(rule, deal)) {
            quiet(scene, "opp.stalled", deal, "its stage, {}, is one of exempt_stages", deal.stage);
            continue;
        }
        const Owner owner = owner_of(scene, deal.owner);
        const int in_stage = owner.age(*deal.stage_since, rule.days);
        const auto& limit = history.limit(rule, deal);
        if (in_stage <= limit.days) {
            quiet(scene, "opp.stalled", deal, "it is in its stage for {}; the limit is {}: {}",
                  days_text(in_stage, rule.days), number_text(limit.days), limit.basis);
            continue;
        }
        if (is_newly_owned(scene, deal, owner, "opp.stalled")) continue;
        if (!proof.holds(deal.key.source)) continue;
        Finding finding = finding_about("opp.stalled", deal, owner);
        finding.since = *deal.stage_since;
        finding.summary = fmt::format("In this stage for {}; the limit is {}.",
                                      days_text(in_stage, rule.days), number_text(limit.days));
        finding.question = "What does the customer have to do for this to move on, and what would "
                           "help?";
        finding.evidence.push_back({"in stage since", day_text(owner, *deal.stage_since), ""});
        finding.evidence.push_back({"limit", limit.basis, ""});
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
