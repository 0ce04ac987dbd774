// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/book.hpp"
#include "daemon/warehouse/deal_facts.hpp"
#include "daemon/warehouse/touches.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nudged::checks {

/// What happened with the customers of the scene's open deals and owned accounts. Each part is read
/// at its first use, for all records at once.
struct TouchBook {
    using Signs = std::map<warehouse::RecordKey, warehouse::LastSigns>;
    using Lists = std::map<warehouse::RecordKey, std::vector<warehouse::Touch>>;
    std::optional<Signs> of_deals, of_accounts, of_accounts_alone;
    std::optional<Lists> recent_of_deals, recent_of_accounts_alone;
    std::optional<std::map<warehouse::RecordKey, std::vector<warehouse::ContactRole>>> roles;
    std::optional<std::map<warehouse::RecordKey, std::string>> pipeline_names;
    std::map<std::string, std::map<warehouse::RecordKey, std::string>> fields;  // of deals, by name
};

/// What is left out of touches.
warehouse::Noise noise_of(const Scene& scene);

/// The last touches of the deal itself, and of its account without naming another deal.
warehouse::LastTouches last_touches(const Scene& scene, const warehouse::OpenOpportunity& deal);
/// Touches and the end of the last task that name the deal.
const warehouse::LastSigns& last_signs(const Scene& scene, const warehouse::OpenOpportunity& deal);
/// The same of those that name the account, whatever else they name.
const warehouse::LastSigns& last_signs(const Scene& scene, const warehouse::OwnedAccount& account);

/// The touches of the deal itself and of its account without naming another deal, oldest first, as
/// far back as any rule looks. `is_own` is false for the account's.
struct DealTouch {
    const warehouse::Touch* touch = nullptr;
    bool is_own = true;
};
std::vector<DealTouch> recent_touches(const Scene& scene, const warehouse::OpenOpportunity& deal);
/// Those of the local day `first` and later.
std::vector<DealTouch> touches_since(const Scene& scene, const warehouse::OpenOpportunity& deal,
                                     const Owner& owner, std::chrono::local_days first);

const std::vector<warehouse::ContactRole>& contact_roles(const Scene& scene,
                                                         const warehouse::OpenOpportunity& deal);

/// What a field holds, whether a column or one of the CRM's own; empty where it holds nothing.
const std::string& field_of(const Scene& scene, const warehouse::OpenOpportunity& deal,
                            const std::string& field);

/// True when a list of names or ids has the deal's pipeline, or its stage.
bool names_pipeline(const Scene& scene, const std::vector<std::string>& list,
                    const warehouse::OpenOpportunity& deal);
bool names_stage(const std::vector<std::string>& list, const warehouse::OpenOpportunity& deal);

/// In the last third of the open stages of its pipeline, as opp.stalled counts.
bool is_late_stage(const warehouse::OpenOpportunity& deal);

/// "e-mail of 2026-11-18: Re: offer", with its link.
warehouse::Evidence touch_evidence(const Owner& owner, const warehouse::Touch& touch);
/// The last call, meeting and, where the source tells them, e-mail.
void add_touch_evidence(const Scene& scene, Finding& finding, const Owner& owner,
                        const warehouse::LastTouches& touches);

}  // namespace nudged::checks
