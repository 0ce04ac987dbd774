// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/review/criteria.hpp"

#include "connectors/base/text.hpp"
#include "daemon/checks/baselines.hpp"
#include "daemon/checks/hygiene/contacts.hpp"
#include "daemon/checks/proof.hpp"
#include "daemon/checks/touch_book.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/deal_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nudged::checks {
namespace {

using model::Entity;
using warehouse::OpenOpportunity;
using warehouse::Touch;

/// What must be told and fresh before a criterion can be called false.
const Feed& feed_of(Evidence evidence) {
    static const std::array feeds{
        Feed{{{Entity::contact_role}}, {Entity::contact_role}},
        Feed{{{Entity::meeting}}, {Entity::meeting}},
        Feed{{}, {Entity::opportunity}},
        Feed{{{Entity::email}}, {Entity::call, Entity::meeting, Entity::email}},
    };
    return feeds[static_cast<std::size_t>(evidence)];
}

void judge_contact_role(const Scene& scene, const OpenOpportunity& deal, Judged& judged) {
    const auto& wanted = judged.criterion->roles;
    const auto& roles = contact_roles(scene, deal);
    judged.is_true = std::any_of(roles.begin(), roles.end(), [&](const auto& role) {
        return wanted.empty() || is_one_of(wanted, role.role);
    });
    judged.looked = "contacts with a part: " + roles_text(scene, deal);
    judged.url = deal.url;
}

void judge_touch(const Scene& scene, const OpenOpportunity& deal, const Owner& owner,
                 Judged& judged) {
    const auto& criterion = *judged.criterion;
    const bool is_meeting = criterion.evidence == Evidence::meeting;
    const Touch* last = nullptr;
    for (const auto& one :
         touches_since(scene, deal, owner, owner.today - std::chrono::days{criterion.days}))
        if (is_meeting ? one.touch->kind == Touch::Kind::meeting
                       : one.touch->direction == Touch::Direction::inbound)
            last = one.touch;
    judged.is_true = last != nullptr;
    const auto what = is_meeting ? "meetings held" : "calls, meetings and e-mails of the customer";
    judged.looked = fmt::format("{} within {} days: ", what, criterion.days);
    if (last) {
        const auto found = touch_evidence(owner, *last);
        judged.looked += fmt::format("{} of {}", found.label, found.value);
        judged.url = found.url;
    } else {
        judged.looked += "none";
    }
}

std::string field_text(const Scene& scene, const OpenOpportunity& deal, const std::string& field) {
    // As they were then, where history tells.
    if (field == "next_step") return deal.next_step;
    if (field == "forecast_category") return deal.forecast_category;
    if (field == "close_date") return deal.close_date ? format_date(*deal.close_date) : "";
    if (field == "amount") return deal.amount && !deal.amount->is_zero() ? deal.amount->str() : "";
    return field_of(scene, deal, field);
}

/// Whether the source gives the field at all; asked once a scene.
bool is_told(const Scene& scene, const std::string& source, const std::string& field) {
    const auto [known, is_new] = scene.told_fields.try_emplace({source, field}, true);
    // What is no field of ours is one of the admin's own.
    const auto name = warehouse::is_deal_field(field) ? field : "extra." + field;
    if (is_new)
        known->second = baselines_of(scene).told_fields[{source, name}] =
            warehouse::is_field_told(scene.reader, source, name);
    return known->second;
}

void judge_field(const Scene& scene, const OpenOpportunity& deal, Judged& judged) {
    const auto& field = judged.criterion->field;
    const auto text = field_text(scene, deal, field);
    judged.is_true = !is_placeholder(text);
    judged.looked = fmt::format("{}: {}", field, text.empty() ? "empty" : text);
    judged.url = deal.url;
    if (*judged.is_true || !text.empty() || is_told(scene, deal.key.source, field)) return;
    judged.is_true.reset();
    judged.looked = fmt::format("{} gives no {} of any opportunity", deal.key.source, field);
    judged.is_given = false;
}

bool applies(const Scene& scene, const Criterion& criterion, const OpenOpportunity& deal) {
    if (!criterion.pipeline.empty() && !names_pipeline(scene, {criterion.pipeline}, deal))
        return false;
    return criterion.from_stage <= std::max(1, deal.stage_rank);
}

Judged judge(const Scene& scene, const Criterion& criterion, const OpenOpportunity& deal,
             const Owner& owner) {
    Judged judged;
    judged.criterion = &criterion;
    switch (criterion.evidence) {
    case Evidence::contact_role: judge_contact_role(scene, deal, judged); break;
    case Evidence::field: judge_field(scene, deal, judged); break;
    default: judge_touch(scene, deal, owner, judged); break;
    }
    // What was found is there; that nothing is there must be proven.
    if (judged.is_true == false)
        if (auto reason = unproven(scene, deal.key.source, feed_of(criterion.evidence))) {
            judged.is_true.reset();
            judged.looked = std::move(*reason);
        }
    return judged;
}

}  // namespace

Reality decide_reality(std::vector<Judged> criteria) {
    Reality reality;
    double all = 0;
    double met = 0;
    for (const auto& judged : criteria) {
        if (!judged.is_true) continue;
        all += judged.criterion->weight;
        if (*judged.is_true)
            met += judged.criterion->weight;
        else if (judged.criterion->is_mandatory)
            reality.is_real = false;
    }
    if (all > 0) reality.score = met / all;
    reality.criteria = std::move(criteria);
    return reality;
}

Reality judge_reality(const Scene& scene, const OpenOpportunity& deal) {
    const Owner owner = owner_of(scene, deal.owner);
    std::vector<Judged> criteria;
    for (const auto& criterion : scene.options.criteria)
        if (applies(scene, criterion, deal))
            criteria.push_back(judge(scene, criterion, deal, owner));
    return decide_reality(std::move(criteria));
}

}  // namespace nudged::checks
