// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/trend.hpp"
#include "daemon/checks/leads/reaching_out.hpp"
#include "daemon/checks/leads/working_minutes.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/touch_book.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <map>

namespace nudged::checks {
namespace {

using warehouse::OpenOpportunity;
using warehouse::Touch;

/// A lead, when its clock began and how long it took to reach out.
struct Lead {
    const OpenOpportunity* deal = nullptr;
    Owner owner;
    Instant since;                 // created, or given to its owner
    const Touch* first = nullptr;  // null: none yet
    std::chrono::minutes waited{};
};

bool is_lead(const Scene& scene, const OpenOpportunity& deal) {
    const auto& leads = scene.options.leads;
    return names_stage(leads.stages, deal) || names_pipeline(scene, leads.pipelines, deal);
}

const Touch* first_touch(const Scene& scene, const OpenOpportunity& deal, Instant since) {
    for (const auto& one : recent_touches(scene, deal))
        if (one.touch->at >= since && reaches_out(*one.touch)) return one.touch;
    return nullptr;
}

/// Leads of which the touches are seen from the beginning, of sources that prove it.
std::vector<Lead> read_leads(const Scene& scene, std::string_view check, std::vector<Held>& held) {
    Proof proof(scene, check, first_touch_feed(), held);
    const WorkingHours hours{scene.options.leads.opens, scene.options.leads.closes};
    const Instant seen_from = scene.as_of - std::chrono::days{60};
    std::vector<Lead> leads;
    for (const auto& deal : book_of(scene).opportunities) {
        if (!deal.created_at || !is_lead(scene, deal)) {
            quiet(scene, check, deal, "its stage and pipeline are none of [leads]");
            continue;
        }
        if (!proof.holds(deal)) continue;
        Lead lead;
        lead.deal = &deal;
        lead.owner = owner_of(scene, deal.owner);
        lead.since = *deal.created_at;
        if (deal.owner_since && *deal.owner_since > lead.since) lead.since = *deal.owner_since;
        lead.first = first_touch(scene, deal, lead.since);
        // Of an old one the first touch may lie further back than we look.
        if (lead.since < seen_from && lead.first) continue;
        if (lead.since < seen_from && last_touches(scene, deal).latest()) continue;
        lead.waited = working_minutes(lead.owner.zone, *lead.owner.calendar, hours, lead.since,
                                      lead.first ? lead.first->at : scene.as_of);
        leads.push_back(std::move(lead));
    }
    return leads;
}

const CheckOptions& options_of(const Scene& scene, const Lead& lead) {
    return options_for(scene, *lead.deal, lead.owner);
}

bool is_untouched(const Scene& scene, const Lead& lead) {
    return !lead.first && lead.owner.age(lead.since) > options_of(scene, lead).lead_untouched.after;
}

std::string moment_text(const Owner& owner, Instant moment) {
    const auto local = owner.zone.local_time(moment);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto minutes = std::chrono::floor<std::chrono::minutes>(local - day).count();
    return fmt::format("{} {:02}:{:02}", format_date(day), minutes / 60, minutes % 60);
}

Finding about_lead(std::string_view check, const Lead& lead) {
    Finding finding = finding_about(check, *lead.deal, lead.owner);
    finding.since = lead.since;
    finding.evidence.push_back({"came in", moment_text(lead.owner, lead.since), lead.deal->url});
    if (lead.first)
        finding.evidence.push_back({fmt::format("first {}", to_string(lead.first->kind)),
                                    moment_text(lead.owner, lead.first->at), lead.first->url});
    return finding;
}

/// Of each owner, the working minutes of all leads that were reached.
std::map<warehouse::PersonId, std::vector<double>> waits_of_owners(const std::vector<Lead>& leads) {
    std::map<warehouse::PersonId, std::vector<double>> waits;
    for (const auto& lead : leads)
        if (lead.first) waits[lead.owner.id].push_back(static_cast<double>(lead.waited.count()));
    return waits;
}

}  // namespace

void lead_slow_first_touch(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    const auto leads = read_leads(scene, "lead.slow_first_touch", held);
    auto waits = waits_of_owners(leads);
    for (const auto& lead : leads) {
        const auto& options = options_of(scene, lead);
        const auto& rule = options.lead_slow_first_touch;
        if (lead.waited <= std::chrono::minutes{rule.minutes}) {
            quiet(scene, "lead.slow_first_touch", *lead.deal, "it waited {} working minutes, of {}",
                  lead.waited.count(), rule.minutes);
            continue;
        }
        if (options.lead_untouched.enabled && is_untouched(scene, lead)) {
            quiet(scene, "lead.slow_first_touch", *lead.deal, "lead.untouched tells it");
            continue;
        }
        if (lead.first && lead.owner.age(lead.first->at) > rule.shown) {
            quiet(scene, "lead.slow_first_touch", *lead.deal,
                  "its first touch was {} working days ago; it is shown for {}",
                  lead.owner.age(lead.first->at), rule.shown);
            continue;
        }
        Finding finding = about_lead("lead.slow_first_touch", lead);
        finding.summary =
            fmt::format("{} {} working minutes after it came in; the aim is {}.",
                        lead.first ? "First reached out to" : "Waiting for a first call or e-mail,",
                        lead.waited.count(), rule.minutes);
        finding.question = "What would let a lead like this be called within the hour?";
        const auto& reached = waits[lead.owner.id];
        if (!reached.empty())
            finding.evidence.push_back(
                {"median",
                 fmt::format("{} working minutes of {}", number_text(median(reached)),
                             count_text(reached.size(), "lead")),
                 ""});
        add_deal_evidence(finding, *lead.deal);
        findings.push_back(std::move(finding));
    }
}

void lead_untouched(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    for (const auto& lead : read_leads(scene, "lead.untouched", held)) {
        if (!is_untouched(scene, lead)) {
            quiet(scene, "lead.untouched", *lead.deal,
                  "it was reached, or has waited {} working days of {}", lead.owner.age(lead.since),
                  options_of(scene, lead).lead_untouched.after);
            continue;
        }
        Finding finding = about_lead("lead.untouched", lead);
        finding.summary =
            fmt::format("0 calls or e-mails to this lead since it came in on {}, {} "
                        "ago.",
                        day_text(lead.owner, lead.since), days_text(lead.owner.age(lead.since)));
        finding.question = "Who can take this lead today, and what is the first thing to offer?";
        add_deal_evidence(finding, *lead.deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
