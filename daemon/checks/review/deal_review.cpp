// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/review/deal_review.hpp"

#include "connectors/base/text.hpp"
#include "daemon/checks/hygiene/contacts.hpp"
#include "daemon/checks/touch_book.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::checks {
namespace {

using warehouse::OpenOpportunity;

std::string since_text(const Owner& owner, const std::optional<Instant>& moment) {
    if (!moment) return "not known";
    return fmt::format("{} ({} ago)", day_text(owner, *moment), days_text(owner.age(*moment)));
}

void add_overview(const Scene& scene, const OpenOpportunity& deal, const Owner& owner,
                  DealReview& review) {
    Finding facts = finding_about("", deal, owner);
    add_deal_evidence(facts, deal);
    if (!deal.forecast_category.empty())
        facts.evidence.push_back({"forecast category", deal.forecast_category, ""});
    facts.evidence.push_back({"created", since_text(owner, deal.created_at), ""});
    facts.evidence.push_back({"in stage since", since_text(owner, deal.stage_since), ""});
    if (deal.owner_since)
        facts.evidence.push_back({"yours since", since_text(owner, deal.owner_since), ""});
    add_touch_evidence(scene, facts, owner, last_touches(scene, deal));
    facts.evidence.push_back({"contacts", roles_text(scene, deal), ""});
    if (!deal.next_step.empty()) facts.evidence.push_back({"next step", deal.next_step, ""});
    review.overview = std::move(facts.evidence);
}

/// What the facts leave open, before anybody argues about the rest.
void add_questions(const OpenOpportunity& deal, DealReview& review) {
    review.questions.push_back("What happens at the customer if they do nothing?");
    if (!deal.close_date)
        review.questions.push_back("When does the customer need this, and why then?");
    else
        review.questions.push_back(fmt::format("What happens at the customer on {}, and what if it "
                                               "slips?",
                                               format_date(*deal.close_date)));
    if (!deal.amount) review.questions.push_back("What is this worth to them, and to us?");
    for (const auto& judged : review.reality.criteria)
        if (judged.is_true != true)
            review.questions.push_back(fmt::format("How do we know: {}?", judged.criterion->name));
}

void add_risks(const Scene& scene, const OpenOpportunity& deal, DealReview& review) {
    for (const auto& check : catalog()) {
        if (!check.is_enabled(scene.options)) continue;
        auto evaluation = evaluate(scene, check.id);
        for (auto& finding : evaluation.findings)
            if (finding.subject.type == "opportunity" &&
                finding.subject.source == deal.key.source && finding.subject.id == deal.key.id)
                review.risks.push_back(std::move(finding));
    }
    std::stable_sort(
        review.risks.begin(), review.risks.end(),
        [](const auto& one, const auto& other) { return one.severity > other.severity; });
}

void add_planned(const Scene& scene, const OpenOpportunity& deal, const Owner& owner,
                 DealReview& review) {
    const auto& book = book_of(scene);
    const auto linked = book.activities_of_opportunity.find(deal.key);
    if (linked == book.activities_of_opportunity.end()) return;
    for (const std::size_t index : linked->second) {
        const auto& activity = book.activities[index];
        const auto due = activity.due_day(owner.zone);
        review.planned.push_back(
            {std::string{to_string(activity.kind)},
             fmt::format("{}: {}, {}", due ? format_date(*due) : "no date",
                         activity.subject.empty() ? activity.key.id : activity.subject,
                         owner_name(scene, owner_of(scene, activity.owner))),
             activity.url});
    }
    std::stable_sort(review.planned.begin(), review.planned.end(),
                     [](const auto& one, const auto& other) { return one.value < other.value; });
}

}  // namespace

std::vector<const OpenOpportunity*> find_deals(const Scene& scene, std::string_view text) {
    const auto& book = book_of(scene);
    const auto slash = text.find('/');
    if (slash != text.npos) {
        const warehouse::RecordKey key{std::string{text.substr(0, slash)},
                                       std::string{text.substr(slash + 1)}};
        const auto found = book.opportunity_of.find(key);
        if (found != book.opportunity_of.end()) return {&book.opportunities[found->second]};
    }
    const auto wanted = to_lower_ascii(text);
    std::vector<const OpenOpportunity*> deals;
    for (const auto& deal : book.opportunities)
        if (to_lower_ascii(deal.name).starts_with(wanted)) deals.push_back(&deal);
    return deals;
}

DealReview make_deal_review(const Scene& scene, const OpenOpportunity& deal) {
    const Owner owner = owner_of(scene, deal.owner);
    DealReview review;
    review.deal = &deal;
    review.owner = owner_name(scene, owner);
    review.team = owner.team;
    review.reality = judge_reality(scene, deal);
    add_overview(scene, deal, owner, review);
    add_questions(deal, review);
    add_risks(scene, deal, review);
    add_planned(scene, deal, owner, review);
    if (owner.rep) review.coverage = coverage_of(scene, *owner.rep);
    return review;
}

}  // namespace nudged::checks
