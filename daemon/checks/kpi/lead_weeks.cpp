// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/lead_weeks.hpp"

#include "daemon/checks/book.hpp"
#include "daemon/checks/kpi/trend.hpp"
#include "daemon/checks/leads/reaching_out.hpp"
#include "daemon/checks/leads/working_minutes.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/touch_book.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/deal_changes.hpp"
#include "daemon/warehouse/new_deals.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::checks {
namespace {

using warehouse::NewDeal;
using warehouse::PersonId;
using warehouse::RecordKey;
using warehouse::Tenure;
using warehouse::Touch;
using warehouse::TouchLink;

/// For so long a lead may lie in a queue before somebody gets it.
constexpr std::chrono::days longest_queue{60};

using Waits = std::map<PersonId, std::map<IsoWeek, std::vector<double>>>;
using Touches = std::map<RecordKey, std::vector<Touch>>;

/// Which deals were leads when they came in.
class LeadFilter {
public:
    explicit LeadFilter(const Scene& scene)
        : scene_(scene), watched_(warehouse::read_watch_begins(scene.reader)) {}

    bool passes(const NewDeal& deal) const {
        const auto& leads = scene_.options.leads;
        if (has(leads.pipelines, deal.pipeline_id) || has(leads.pipelines, deal.pipeline))
            return true;
        const bool began_as_one = has(leads.stages, deal.stage_id) || has(leads.stages, deal.stage);
        return began_as_one && is_start_known(deal);
    }

private:
    static bool has(const std::vector<std::string>& list, const std::string& name) {
        return !name.empty() && std::ranges::find(list, name) != list.end();
    }

    /// Of what came before anybody watched, only the leads that nobody moved on would be seen, and
    /// those are the slow ones.
    bool is_start_known(const NewDeal& deal) const {
        if (tells(scene_, deal.key.source, model::Entity::opportunity_change)) return true;
        const auto begin = watched_.find(deal.key.source);
        return begin != watched_.end() && deal.created > begin->second;
    }

    const Scene& scene_;
    std::map<std::string, Instant> watched_;
};

std::vector<NewDeal> read_leads(const Scene& scene, Instant from) {
    auto deals = warehouse::read_new_deals(scene.reader, from, scene.as_of);
    const LeadFilter filter{scene};
    std::erase_if(deals, [&](const NewDeal& deal) { return !filter.passes(deal); });
    return deals;
}

/// What happened with the leads and, without naming another deal, with their accounts.
class TouchesOfLeads {
public:
    TouchesOfLeads(const Scene& scene, const std::vector<NewDeal>& leads, Instant from) {
        std::vector<RecordKey> deals, accounts;
        for (const auto& lead : leads) {
            deals.push_back(lead.key);
            if (!lead.account_id.empty()) accounts.push_back({lead.key.source, lead.account_id});
        }
        const auto read = [&](TouchLink link, const std::vector<RecordKey>& keys) {
            return warehouse::read_touches(scene.reader, link, keys, noise_of(scene), from,
                                           scene.as_of);
        };
        of_deals_ = read(TouchLink::opportunity, deals);
        of_accounts_ = read(TouchLink::account_alone, accounts);
    }

    std::optional<Instant> first(const NewDeal& lead) const {
        const auto own = first_since(of_deals_, lead.key, lead.created);
        const auto of_account =
            first_since(of_accounts_, {lead.key.source, lead.account_id}, lead.created);
        return own && of_account ? std::min(*own, *of_account) : own ? own : of_account;
    }

private:
    static std::optional<Instant> first_since(const Touches& touches, const RecordKey& key,
                                              Instant since) {
        const auto known = touches.find(key);
        if (known == touches.end()) return std::nullopt;
        const auto found = std::ranges::find_if(known->second, [&](const Touch& touch) {
            return touch.at >= since && reaches_out(touch);
        });
        return found == known->second.end() ? std::nullopt : std::optional{found->at};
    }

    Touches of_deals_, of_accounts_;
};

/// Who had it at that moment, or last.
const Tenure& tenure_at(const NewDeal& lead, Instant moment) {
    const Tenure* found = &lead.had.front();
    for (const auto& one : lead.had)
        if (one.since <= moment) found = &one;
    return *found;
}

/// What was closed within the time that a lead may stay untouched has been sorted out.
bool was_sorted_out(const Scene& scene, const NewDeal& lead, const Owner& owner, Instant since) {
    if (!lead.closed) return false;
    const auto& zone = owner.zone;
    return owner.calendar->working_age(zone.local_day(since), zone.local_day(*lead.closed)) <=
           scene.options.lead_untouched.after;
}

Waits read_waits(const Scene& scene, const std::vector<NewDeal>& leads,
                 const TouchesOfLeads& touches) {
    const WorkingHours hours{scene.options.leads.opens, scene.options.leads.closes};
    Waits waits;
    for (const auto& lead : leads) {
        const auto first = touches.first(lead);
        const Instant until = first.value_or(lead.closed.value_or(scene.as_of));
        const auto& tenure = tenure_at(lead, until);
        const Owner owner = owner_of(scene, tenure.owner);
        if (!owner.rep || (!first && was_sorted_out(scene, lead, owner, tenure.since))) continue;
        const auto waited =
            working_minutes(owner.zone, *owner.calendar, hours, tenure.since, until);
        waits[owner.id][IsoWeek::of(owner.zone.local_day(tenure.since))].push_back(
            static_cast<double>(waited.count()));
    }
    return waits;
}

/// Whose leads come from a source that does not tell what would show the first touch.
std::map<PersonId, std::string> find_unproven(const Scene& scene,
                                              const std::vector<NewDeal>& leads) {
    std::map<std::string, std::optional<std::string>> decided;
    std::map<PersonId, std::string> unproven;
    for (const auto& lead : leads) {
        auto [reason, is_new] = decided.try_emplace(lead.key.source);
        if (is_new) reason->second = untold(scene, lead.key.source, first_touch_feed());
        if (!reason->second) continue;
        for (const auto& tenure : lead.had) unproven.emplace(tenure.owner, *reason->second);
    }
    return unproven;
}

}  // namespace

QueryWeeks read_lead_weeks(const Scene& scene, IsoWeek from) {
    QueryWeeks weeks;
    if (scene.options.leads.pipelines.empty() && scene.options.leads.stages.empty()) {
        weeks.failure = "nothing says what a lead is: [leads] in checks.toml names no pipeline and "
                        "no stage";
        return weeks;
    }
    // A day more: it may be Monday already where somebody lives.
    const Instant begin =
        Zone::utc().instant(LocalTime{from.monday() - longest_queue - std::chrono::days{1}});
    const auto leads = read_leads(scene, begin);
    weeks.rests_on = first_touch_feed().fresh;
    weeks.unproven = find_unproven(scene, leads);
    const TouchesOfLeads touches{scene, leads, begin};
    for (const auto& [person, of_person] : read_waits(scene, leads, touches))
        for (const auto& [week, waited] : of_person) {
            if (week < from) continue;
            weeks.values[person][week] = median(waited);
            if (waited.size() < leads_for_median)
                weeks.too_few[person][week] =
                    fmt::format("the median of {}; {} make one", count_text(waited.size(), "lead"),
                                leads_for_median);
        }
    return weeks;
}

}  // namespace nudged::checks
