// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/scope.hpp"

#include "daemon/checks/book.hpp"

#include <algorithm>

namespace nudged::checks {
namespace {

bool is_either(const std::string& wanted, const std::string& name, const std::string& id) {
    return wanted.empty() || wanted == name || wanted == id;
}

bool fits_team(const Scope& scope, const std::string& team) {
    return scope.team.empty() || scope.team == team;
}

bool fits(const Scope& scope, const warehouse::OpenOpportunity& deal, const Owner& owner) {
    if (!fits_team(scope, owner.team)) return false;
    if (!is_either(scope.pipeline, deal.pipeline, deal.pipeline_id)) return false;
    if (!is_either(scope.stage, deal.stage, deal.stage_id)) return false;
    if (scope.amount_from && (!deal.amount || *deal.amount < *scope.amount_from)) return false;
    return !scope.amount_below || (deal.amount && *deal.amount < *scope.amount_below);
}

/// Few combinations occur, however many deals there are: each is made once.
const CheckOptions& with(const Scene& scene, const std::vector<bool>& fitting) {
    if (std::find(fitting.begin(), fitting.end(), true) == fitting.end()) return scene.options;
    auto& made = scene.scoped[fitting];
    if (!made) {
        auto options = std::make_shared<CheckOptions>(scene.options);
        for (std::size_t i = 0; i < fitting.size(); ++i)
            if (fitting[i]) scene.options.overrides[i].apply(*options);
        made = std::move(options);
    }
    return *made;
}

/// Which overrides hold for a deal.
std::vector<bool> fitting_for(const Scene& scene, const warehouse::OpenOpportunity& deal,
                              const Owner& owner) {
    const auto& overrides = scene.options.overrides;
    std::vector<bool> fitting(overrides.size());
    for (std::size_t i = 0; i < overrides.size(); ++i)
        fitting[i] = fits(overrides[i].scope, deal, owner);
    return fitting;
}

/// Which hold for what is no deal.
std::vector<bool> fitting_for(const Scene& scene, const Owner& owner) {
    const auto& overrides = scene.options.overrides;
    std::vector<bool> fitting(overrides.size());
    for (std::size_t i = 0; i < overrides.size(); ++i)
        fitting[i] =
            !overrides[i].scope.is_about_deals() && fits_team(overrides[i].scope, owner.team);
    return fitting;
}

std::vector<bool> fitting_of(const Scene& scene, const Finding& finding) {
    if (finding.subject.type == "opportunity") {
        const auto& book = book_of(scene);
        const auto found = book.opportunity_of.find({finding.subject.source, finding.subject.id});
        if (found != book.opportunity_of.end()) {
            const auto& deal = book.opportunities[found->second];
            return fitting_for(scene, deal, owner_of(scene, deal.owner));
        }
    }
    Owner owner = owner_of(scene, finding.owner);
    owner.team = finding.team;
    return fitting_for(scene, owner);
}

}  // namespace

const CheckOptions& options_for(const Scene& scene, const warehouse::OpenOpportunity& deal,
                                const Owner& owner) {
    if (scene.options.overrides.empty()) return scene.options;
    return with(scene, fitting_for(scene, deal, owner));
}

const CheckOptions& options_for(const Scene& scene, const Owner& owner) {
    if (scene.options.overrides.empty()) return scene.options;
    return with(scene, fitting_for(scene, owner));
}

const CheckOptions& options_of(const Scene& scene, const Finding& finding) {
    if (scene.options.overrides.empty()) return scene.options;
    return with(scene, fitting_of(scene, finding));
}

std::vector<const Override*> overrides_of(const Scene& scene, const Finding& finding) {
    std::vector<const Override*> chosen;
    if (scene.options.overrides.empty()) return chosen;
    const auto fitting = fitting_of(scene, finding);
    for (std::size_t i = 0; i < fitting.size(); ++i)
        if (fitting[i]) chosen.push_back(&scene.options.overrides[i]);
    return chosen;
}

bool is_enabled_somewhere(const CheckOptions& options, const Check& check) {
    if (check.is_enabled(options)) return true;
    return std::any_of(options.overrides.begin(), options.overrides.end(),
                       [&](const Override& one) {
                           CheckOptions with_it = options;
                           one.apply(with_it);
                           return check.is_enabled(with_it);
                       });
}

bool is_enabled_for(const Scene& scene, const Check& check, const Finding& finding) {
    return check.is_enabled(options_of(scene, finding));
}

}  // namespace nudged::checks
