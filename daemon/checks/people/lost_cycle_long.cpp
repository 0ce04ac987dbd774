// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/kpi/trend.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/closed_deals.hpp"

#include <fmt/format.h>

namespace nudged::checks {
namespace {

/// Working days from creation to the end.
struct Cycles {
    std::vector<double> won, lost;
};
using CyclesOf = std::map<warehouse::PersonId, Cycles>;

/// Up to the beginning of the month, so that the verdict of a month stays what it is.
Instant month_start(Instant moment) {
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(moment)};
    return std::chrono::sys_days{date.year() / date.month() / 1};
}

CyclesOf read_cycles(const Scene& scene, int months) {
    const Instant until = month_start(scene.as_of);
    CyclesOf cycles;
    for (const auto& cycle :
         warehouse::read_deal_cycles(scene.reader, months_before(until, months), until)) {
        auto& of_person = cycles[cycle.owner];
        (cycle.is_won ? of_person.won : of_person.lost)
            .push_back(days_between(cycle.created, cycle.closed, Days::working));
    }
    return cycles;
}

std::string cycle_text(const std::vector<double>& days) {
    return fmt::format("median of {} working days of {}", number_text(median(days)),
                       count_text(days.size(), "deal"));
}

}  // namespace

void rep_lost_cycle_long(const Scene& scene, Findings& findings, std::vector<Held>&) {
    std::map<int, CyclesOf> histories;  // by months
    for (const auto& rep : scene.people.reps) {
        if (rep.id == warehouse::PersonId::nobody) continue;
        const Owner owner = owner_of(scene, rep.id);
        if (owner.rep != &rep || (rep.until && owner.today >= *rep.until)) continue;
        const auto& rule = options_for(scene, owner).rep_lost_cycle_long;
        if (!histories.contains(rule.history_months))
            histories[rule.history_months] = read_cycles(scene, rule.history_months);
        const auto& cycles = histories[rule.history_months][rep.id];
        const auto minimum = static_cast<std::size_t>(rule.minimum_deals);
        if (cycles.won.size() < minimum || cycles.lost.size() < minimum) {
            quiet(scene, "rep.lost_cycle_long", rep.id,
                  "they won {} and lost {} deals in {} months, of {} each that it takes",
                  cycles.won.size(), cycles.lost.size(), rule.history_months, minimum);
            continue;
        }
        const double won = median(cycles.won);
        const double lost = median(cycles.lost);
        if (won <= 0 || lost <= rule.multiple * won) {
            quiet(scene, "rep.lost_cycle_long", rep.id,
                  "what they lost took {} working days; the limit is {} × {}, what they won took",
                  number_text(lost), number_text(rule.multiple), number_text(won));
            continue;
        }
        Finding finding;
        finding.check = "rep.lost_cycle_long";
        finding.severity = Severity::info;
        finding.subject = {"person", "", fmt::format("{}", static_cast<std::int64_t>(rep.id)),
                           owner_name(scene, owner), ""};
        finding.owner = rep.id;
        finding.team = owner.team;
        finding.since = month_start(scene.as_of);
        finding.summary = fmt::format("What was lost took {} working days, {} × what was won.",
                                      number_text(lost), number_text(lost / won));
        finding.question = "What would show earlier that a deal is not going to happen?";
        finding.evidence.push_back({"lost", cycle_text(cycles.lost), ""});
        finding.evidence.push_back({"won", cycle_text(cycles.won), ""});
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
