// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/touch_book.hpp"

#include "daemon/checks/proof.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::checks {
namespace {

using warehouse::LastSigns;
using warehouse::OpenOpportunity;
using warehouse::OwnedAccount;
using warehouse::RecordKey;
using warehouse::Touch;
using warehouse::TouchLink;

/// What a rule looks back at least, so that an unanswered row of touches is seen from its first.
constexpr int least_days = 60;

TouchBook& touch_book(const Scene& scene) {
    if (!scene.touches) scene.touches = std::make_shared<TouchBook>();
    return *scene.touches;
}

std::vector<RecordKey> deal_keys(const Scene& scene) {
    std::vector<RecordKey> keys;
    for (const auto& deal : book_of(scene).opportunities) keys.push_back(deal.key);
    return keys;
}

/// The accounts of open deals.
std::vector<RecordKey> customer_keys(const Scene& scene) {
    std::vector<RecordKey> keys;
    for (const auto& [account, deals] : book_of(scene).opportunities_of_account)
        keys.push_back(account);
    return keys;
}

TouchBook::Signs read_signs(const Scene& scene, TouchLink link,
                            const std::vector<RecordKey>& keys) {
    return warehouse::read_last_signs(scene.reader, link, keys, noise_of(scene), scene.as_of);
}

Instant recent_begin(const Scene& scene) {
    const auto& options = scene.options;
    int days = std::max({least_days, options.opp_single_thread.days, options.opp_no_power.days,
                         options.opp_commit_cold.days, options.mtg_no_follow_up.look_back});
    for (const auto& criterion : options.criteria) days = std::max(days, criterion.days);
    // Any zone's day is whole, and all of a day looks at the same touches.
    return std::chrono::floor<std::chrono::days>(scene.as_of) - std::chrono::days{days + 1};
}

TouchBook::Lists read_recent(const Scene& scene, TouchLink link,
                             const std::vector<RecordKey>& keys) {
    return warehouse::read_touches(scene.reader, link, keys, noise_of(scene), recent_begin(scene),
                                   scene.as_of);
}

template <typename Map>
const typename Map::mapped_type& at_or_none(const Map& map, const RecordKey& key) {
    static const typename Map::mapped_type none{};
    const auto found = map.find(key);
    return found == map.end() ? none : found->second;
}

bool lacks_step(const Scene& scene, const OwnedAccount& account) {
    const Owner owner = owner_of(scene, account.owner);
    if (!is_in_scope(scene, account, owner)) return false;
    const int horizon = options_for(scene, owner).acct_no_next_step.horizon;
    const auto state = account_step(scene, account, owner, horizon).state;
    return state == NextStep::none || state == NextStep::undated || state == NextStep::overdue;
}

const LastSigns& account_alone(const Scene& scene, const RecordKey& account) {
    auto& book = touch_book(scene);
    if (!book.of_accounts_alone)
        book.of_accounts_alone = read_signs(scene, TouchLink::account_alone, customer_keys(scene));
    return at_or_none(*book.of_accounts_alone, account);
}

bool has(const std::vector<std::string>& list, const std::string& name) {
    return !name.empty() && std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

warehouse::Noise noise_of(const Scene& scene) {
    auto noise = scene.options.noise;
    noise.integration_users = scene.options.integration_users;
    return noise;
}

const LastSigns& last_signs(const Scene& scene, const OpenOpportunity& deal) {
    auto& book = touch_book(scene);
    if (!book.of_deals) book.of_deals = read_signs(scene, TouchLink::opportunity, deal_keys(scene));
    return at_or_none(*book.of_deals, deal.key);
}

const LastSigns& last_signs(const Scene& scene, const OwnedAccount& account) {
    auto& book = touch_book(scene);
    if (!book.of_accounts) {
        // Rules ask of customers without a step, and most have one: theirs are left alone.
        std::vector<RecordKey> keys;
        for (const auto& one : book_of(scene).accounts)
            if (lacks_step(scene, one)) keys.push_back(one.key);
        book.of_accounts = read_signs(scene, TouchLink::account, keys);
    }
    auto found = book.of_accounts->find(account.key);
    if (found == book.of_accounts->end()) {
        auto alone = read_signs(scene, TouchLink::account, {account.key});
        found = book.of_accounts->emplace(account.key, alone[account.key]).first;
    }
    return found->second;
}

warehouse::LastTouches last_touches(const Scene& scene, const OpenOpportunity& deal) {
    auto touches = last_signs(scene, deal).touches;
    if (!deal.account_id.empty())
        touches.add(account_alone(scene, {deal.key.source, deal.account_id}).touches);
    return touches;
}

std::vector<DealTouch> recent_touches(const Scene& scene, const OpenOpportunity& deal) {
    auto& book = touch_book(scene);
    if (!book.recent_of_deals)
        book.recent_of_deals = read_recent(scene, TouchLink::opportunity, deal_keys(scene));
    if (!book.recent_of_accounts_alone)
        book.recent_of_accounts_alone =
            read_recent(scene, TouchLink::account_alone, customer_keys(scene));
    std::vector<DealTouch> touches;
    for (const auto& touch : at_or_none(*book.recent_of_deals, deal.key))
        touches.push_back({&touch, true});
    for (const auto& touch :
         at_or_none(*book.recent_of_accounts_alone, {deal.key.source, deal.account_id}))
        touches.push_back({&touch, false});
    std::stable_sort(touches.begin(), touches.end(), [](const auto& one, const auto& other) {
        return one.touch->at < other.touch->at;
    });
    return touches;
}

std::vector<DealTouch> touches_since(const Scene& scene, const OpenOpportunity& deal,
                                     const Owner& owner, std::chrono::local_days first) {
    auto touches = recent_touches(scene, deal);
    std::erase_if(
        touches, [&](const DealTouch& one) { return owner.zone.local_day(one.touch->at) < first; });
    return touches;
}

const std::vector<warehouse::ContactRole>& contact_roles(const Scene& scene,
                                                         const OpenOpportunity& deal) {
    auto& book = touch_book(scene);
    if (!book.roles)
        book.roles = warehouse::read_contact_roles(scene.reader, deal_keys(scene), scene.as_of);
    return at_or_none(*book.roles, deal.key);
}

const std::string& field_of(const Scene& scene, const OpenOpportunity& deal,
                            const std::string& field) {
    auto& fields = touch_book(scene).fields;
    auto read = fields.find(field);
    if (read == fields.end())
        read = fields
                   .emplace(field, warehouse::read_opportunity_field(scene.reader, deal_keys(scene),
                                                                     field))
                   .first;
    return at_or_none(read->second, deal.key);
}

bool names_pipeline(const Scene& scene, const std::vector<std::string>& list,
                    const OpenOpportunity& deal) {
    if (list.empty()) return false;
    auto& book = touch_book(scene);
    if (!book.pipeline_names) book.pipeline_names = warehouse::read_pipeline_names(scene.reader);
    return has(list, deal.pipeline_id) ||
           has(list, at_or_none(*book.pipeline_names, {deal.key.source, deal.pipeline_id}));
}

bool names_stage(const std::vector<std::string>& list, const OpenOpportunity& deal) {
    return has(list, deal.stage) || has(list, deal.stage_id);
}

bool is_late_stage(const OpenOpportunity& deal) {
    return deal.stage_rank > 0 && deal.stage_count > 1 &&
           3 * deal.stage_rank > 2 * deal.stage_count;
}

warehouse::Evidence touch_evidence(const Owner& owner, const Touch& touch) {
    auto value = day_text(owner, touch.at);
    if (!touch.subject.empty()) value += ": " + touch.subject;
    return {std::string{to_string(touch.kind)}, std::move(value), touch.url};
}

void add_touch_evidence(const Scene& scene, Finding& finding, const Owner& owner,
                        const warehouse::LastTouches& touches) {
    finding.evidence.push_back(touch_evidence(owner, "last call", touches.call));
    finding.evidence.push_back(touch_evidence(owner, "last meeting", touches.meeting));
    if (touches.email || tells(scene, finding.subject.source, model::Entity::email))
        finding.evidence.push_back(touch_evidence(owner, "last e-mail", touches.email));
}

}  // namespace nudged::checks
