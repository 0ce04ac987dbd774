// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/book.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/review/criteria.hpp"
#include "daemon/checks/rules.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/checks/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace nudged::checks {
namespace {

using warehouse::DealChange;
using warehouse::StageInfo;

/// A move between two open stages of one pipeline whose places are known.
struct Move {
    const DealChange* change = nullptr;
    const StageInfo* from = nullptr;
    const StageInfo* to = nullptr;
    bool is_back() const { return *to->position < *from->position; }
};

std::optional<Move> move_of(const Scene& scene, const DealChange& change) {
    const auto& source = change.opportunity.source;
    const Move move{&change, stage_of(scene, source, change.before),
                    stage_of(scene, source, change.after)};
    const bool is_known = move.from && move.to && move.from->position && move.to->position;
    if (!is_known || move.from->is_closed || move.to->is_closed ||
        move.from->pipeline_id != move.to->pipeline_id)
        return std::nullopt;
    return move;
}

/// The last meaningful move of the kind that is not longer ago than it is told for.
template <typename Fits>
std::optional<Move> last_move(const Scene& scene, const warehouse::OpenOpportunity& deal,
                              const Owner& owner, int told_for, Fits fits) {
    const auto& changes = changes_of(scene, deal.key, warehouse::DealField::stage);
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
        if (owner.age(change->at) > told_for) break;
        const auto move = move_of(scene, *change);
        if (move && fits(*move) && is_meaningful(scene, *change)) return move;
    }
    return std::nullopt;
}

std::optional<std::int64_t> position_of(const Scene& scene,
                                        const warehouse::OpenOpportunity& deal) {
    const auto* stage = stage_of(scene, deal.key.source, deal.stage_id);
    return stage ? stage->position : std::nullopt;
}

/// The open stages that a move passed by and in which the deal has never been.
std::vector<std::string> skipped_by(const Scene& scene, const warehouse::OpenOpportunity& deal,
                                    const Move& move) {
    std::set<std::string> visited;
    for (const auto& change : changes_of(scene, deal.key, warehouse::DealField::stage)) {
        if (change.at > move.change->at) break;
        visited.insert({change.before, change.after});
    }
    std::vector<std::pair<std::int64_t, std::string>> skipped;
    for (const auto& [id, stage] : stages_of(scene, deal.key.source, move.from->pipeline_id))
        if (!stage->is_closed && stage->position && *stage->position > *move.from->position &&
            *stage->position < *move.to->position && !visited.contains(id))
            skipped.emplace_back(*stage->position, stage->name);
    std::sort(skipped.begin(), skipped.end());
    std::vector<std::string> names;
    for (auto& [position, name] : skipped) names.push_back(std::move(name));
    return names;
}

/// The n-th open stage of its pipeline, from 1.
int rank_of(const Scene& scene, const std::string& source, const StageInfo& stage) {
    int rank = 0;
    for (const auto& [id, other] : stages_of(scene, source, stage.pipeline_id))
        rank += !other->is_closed && other->position && *other->position <= *stage.position;
    return rank;
}

/// What the stages that were passed by are there to show: criteria of the stages behind the one
/// that was left, up to the one that was reached.
std::vector<Judged> exit_evidence(const Scene& scene, const warehouse::OpenOpportunity& deal,
                                  const Move& move) {
    if (scene.options.criteria.empty()) return {};
    const int from = rank_of(scene, deal.key.source, *move.from);
    const int to = rank_of(scene, deal.key.source, *move.to);
    auto judged = judge_reality(scene, deal).criteria;
    std::erase_if(judged, [&](const Judged& one) {
        return one.criterion->from_stage <= from || one.criterion->from_stage > to;
    });
    return judged;
}

void add_move(const Scene& scene, Finding& finding, const Owner& owner, const Move& move) {
    finding.since = move.change->at;
    finding.evidence.push_back(
        {"moved",
         fmt::format("{} → {} on {} by {}", move.from->name, move.to->name,
                     day_text(owner, move.change->at),
                     move.change->by.empty()
                         ? "somebody whom the CRM does not tell"
                         : user_name(scene, move.change->opportunity.source, move.change->by)),
         ""});
}

}  // namespace

void opp_stage_back(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    hold_without_history(scene, "opp.stage_back",
                         calendar_days(scene.options.opp_stage_back.told_for), held);
    for (const auto& deal : book_of(scene).opportunities) {
        const Owner owner = owner_of(scene, deal.owner);
        const auto& rule = options_for(scene, deal, owner).opp_stage_back;
        const auto move = last_move(scene, deal, owner, rule.told_for,
                                    [](const Move& one) { return one.is_back(); });
        const auto now = position_of(scene, deal);
        if (!move || !now || *now >= *move->from->position) {
            quiet(scene, "opp.stage_back", deal,
                  "no step back within {} working days is known, or it has caught up since",
                  rule.told_for);
            continue;
        }
        Finding finding = finding_about("opp.stage_back", deal, owner);
        finding.severity = Severity::info;
        finding.summary = fmt::format("Went back from {} to {} on {}.", move->from->name,
                                      move->to->name, day_text(owner, move->change->at));
        finding.question = "What did you learn that changed the stage, and what does it mean for "
                           "the close date?";
        add_move(scene, finding, owner, *move);
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

void opp_stage_skipped(const Scene& scene, Findings& findings, std::vector<Held>& held) {
    hold_without_history(scene, "opp.stage_skipped",
                         calendar_days(scene.options.opp_stage_skipped.told_for), held);
    for (const auto& deal : book_of(scene).opportunities) {
        const Owner owner = owner_of(scene, deal.owner);
        const auto& rule = options_for(scene, deal, owner).opp_stage_skipped;
        std::vector<std::string> skipped;
        const auto move = last_move(scene, deal, owner, rule.told_for, [&](const Move& one) {
            skipped = one.is_back() ? std::vector<std::string>{} : skipped_by(scene, deal, one);
            return !skipped.empty();
        });
        const auto now = position_of(scene, deal);
        if (!move || !now || *now < *move->to->position) {
            quiet(scene, "opp.stage_skipped", deal,
                  "no move past a stage within {} working days is known, or it went back since",
                  rule.told_for);
            continue;
        }
        const auto evidence = exit_evidence(scene, deal, *move);
        const auto lacks = [](const Judged& one) { return one.is_true == false; };
        if (!evidence.empty() && std::none_of(evidence.begin(), evidence.end(), lacks)) {
            quiet(scene, "opp.stage_skipped", deal,
                  "nothing shows that what the skipped stages ask for is missing");
            continue;
        }
        Finding finding = finding_about("opp.stage_skipped", deal, owner);
        finding.severity = Severity::info;
        finding.summary = fmt::format("Went from {} to {} past {}.", move->from->name,
                                      move->to->name, count_text(skipped.size(), "stage"));
        finding.question = "What do we know already that those stages are there to find out?";
        finding.evidence.push_back(
            {"skipped", fmt::format("{}", fmt::join(skipped, ", ")), deal.url});
        for (const auto& one : evidence)
            if (lacks(one)) finding.evidence.push_back({one.criterion->name, one.looked, one.url});
        add_move(scene, finding, owner, *move);
        add_deal_evidence(finding, deal);
        findings.push_back(std::move(finding));
    }
}

}  // namespace nudged::checks
