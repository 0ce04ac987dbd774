// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/card.hpp"

#include "daemon/alerts/conversation.hpp"
#include "daemon/alerts/parts.hpp"
#include "daemon/alerts/spark.hpp"
#include "daemon/alerts/team_table.hpp"

#include <algorithm>

namespace nudged::alerts {
namespace {

using checks::JudgedCommitment;
using checks::KpiWeek;
using checks::ScorecardKpi;
using checks::ScorecardRep;
using model::Message;
using warehouse::StoredFinding;

constexpr int weeks_back = 3;           // of agreements
constexpr std::size_t weeks_drawn = 8;  // of a KPI's course
constexpr std::size_t on_target_weeks = 4;

class Card {
public:
    Card(const CoachingScene& scene, const warehouse::Rep& rep, const AlertOptions& options)
        : scene_(scene),
          rep_(rep),
          options_(options),
          texts_(options.texts.in(scene.team().language)),
          week_(IsoWeek::of(scene.digest.due.day)) {
        for (const auto& row : scene.digest.scorecard.reps)
            if (row.id == rep.id && row.team == scene.team().name) row_ = &row;
    }

    Digest compose() {
        Digest digest;
        auto& message = digest.message;
        message.kind = Message::Kind::card;
        message.title = texts_.fill("card.title", {{"rep", rep_.name}});
        message.subtitle = subtitle();
        message.recipient = scene_.team().manager_email;
        message.reference = scene_.digest.due.key.substr(0, 8);
        digest.has_news = !scene_.digest.shared;
        if (scene_.digest.shared) return digest;
        for (auto section : {praise(), agreed(), figures(), talk(), plan()})
            if (!section.text.empty() || !section.items.empty() || !section.rows.empty())
                message.sections.push_back(std::move(section));
        message.footer = texts_.fill("card.footer", {{"rep", name_to_type()}}) + "\n" +
                         texts_.fill("footer.how");
        return digest;
    }

private:
    std::string name_to_type() const { return rep_.email.empty() ? rep_.name : rep_.email; }

    std::string subtitle() const {
        const auto last = scene_.last_one_on_one.find(rep_.id);
        return dated(scene_.digest, texts_, false) + "\n" +
               texts_.fill("card.last", {{"date", last == scene_.last_one_on_one.end()
                                                      ? ""
                                                      : texts_.date(last->second)}});
    }

    bool is_theirs(const StoredFinding& stored) const {
        return stored.finding.owner == rep_.id && stored.finding.team == scene_.team().name;
    }

    Message::Section praise() const {
        std::vector<StoredFinding> praised;
        for (const auto& stored : scene_.digest.findings)
            if (is_theirs(stored) && stored.finding.is_praise) praised.push_back(stored);
        auto section = praise_section(praised, texts_);
        for (auto& item : section.items) item.title.clear();  // the card says whose it is
        if (!row_) return section;
        for (const auto& kpi : row_->kpis)
            if (is_on_target(kpi))
                section.items.push_back(
                    {"★",
                     "",
                     "",
                     texts_.fill("card.on_target", {{"kpi", kpi.label},
                                                    {"weeks", texts_.number(on_target_weeks)},
                                                    {"name", kpi.name},
                                                    {"rep", name_to_type()}}),
                     "",
                     {}});
        return section;
    }

    static bool is_on_target(const ScorecardKpi& kpi) {
        std::size_t reached = 0;
        for (auto week = kpi.weeks.rbegin(); week != kpi.weeks.rend(); ++week) {
            if (week->provisional || !week->is_usable()) continue;
            if (!week->attainment || *week->attainment < 1) return false;
            if (++reached == on_target_weeks) return true;
        }
        return false;
    }

    /// Of the last weeks, this one and those to come; what is not settled asks the two questions.
    Message::Section agreed() const {
        Message::Section section;
        section.heading = texts_.fill("card.agreed_heading");
        std::string due;
        for (const auto& judged : scene_.judgement.commitments) {
            const auto& commitment = judged.commitment;
            if (!judged.is_agreed() || !judged.kpi || commitment.person != rep_.id ||
                commitment.week < week_.plus(-weeks_back))
                continue;
            section.rows.push_back(
                {commitment.week.str(), judged.kpi->label,
                 texts_.number(commitment.baseline) + " → " + texts_.number(commitment.promised),
                 agreed_text(judged, texts_), texts_.number(static_cast<double>(commitment.id))});
            const bool is_asked =
                judged.is_over && commitment.worked.empty() && commitment.hard.empty();
            if (is_asked) due = std::to_string(commitment.id);
        }
        if (section.rows.empty()) {
            section.text = texts_.fill("card.nothing_agreed", {{"rep", name_to_type()}});
            return section;
        }
        section.columns = {texts_.fill("card.week"), texts_.fill("card.kpi"),
                           texts_.fill("card.agreed"), texts_.fill("card.came_to"),
                           texts_.fill("card.number")};
        if (!due.empty()) section.more = texts_.fill("card.two_questions", {{"number", due}});
        return section;
    }

    std::string trend_text(const ScorecardKpi& kpi, const KpiWeek* last) const {
        if (!last || last->provisional) return texts_.fill("trend.open");
        const auto name = checks::to_string(kpi.trend.kind);
        return mark_of(kpi.trend.kind) + " " + texts_.fill("trend." + std::string{name});
    }

    Message::Section figures() const {
        Message::Section section;
        section.heading = texts_.fill("card.figures_heading");
        if (!row_) return section;
        if (row_->no_data) {
            section.text = texts_.fill("card.no_data");
            return section;
        }
        bool is_open = false;
        for (const auto& kpi : row_->kpis) {
            const auto* last = week_of(kpi, ShownWeek::last);
            is_open = is_open || (last && last->provisional);
            section.rows.push_back({kpi.label, kpi_cell(*row_, kpi, last, texts_),
                                    spark_of(kpi, weeks_drawn), trend_text(kpi, last)});
        }
        if (row_->opportunities && row_->opportunities->in_scope > 0)
            section.rows.push_back(
                {texts_.fill("team.deals"), coverage_cell(row_->opportunities, texts_), "", ""});
        if (row_->accounts && row_->accounts->in_scope > 0)
            section.rows.push_back(
                {texts_.fill("team.accounts"), coverage_cell(row_->accounts, texts_), "", ""});
        if (section.rows.empty()) return section;
        section.columns = {texts_.fill("card.kpi"),
                           texts_.fill("card.week_of", {{"week", week_.plus(-1).str()}}),
                           texts_.fill("card.course", {{"n", texts_.number(weeks_drawn)}}),
                           texts_.fill("card.trend")};
        if (is_open) section.more = texts_.fill("team.open_week");
        return section;
    }

    Message::Section talk() const {
        std::vector<StoredFinding> points;
        for (const auto& stored : scene_.digest.findings) {
            const bool is_silent =
                stored.answer && stored.answer->kind != warehouse::AnswerKind::acknowledged;
            if (is_theirs(stored) && !stored.finding.is_praise && !is_silent)
                points.push_back(stored);
        }
        auto section = conversation_section(
            scene_.digest, points,
            {.max_items = options_.card.max_items, .max_per_rep = options_.card.max_items}, texts_);
        section.heading = texts_.fill("card.talk_heading");
        if (points.empty()) section.text = texts_.fill("card.nothing_open");
        return section;
    }

    Message::Section plan() const {
        Message::Section section;
        section.heading = texts_.fill("card.plan_heading");
        for (const auto& plan : scene_.plans) {
            if (plan.rep != rep_.id) continue;
            for (std::size_t i = 0; i < plan.goals.size(); ++i) {
                const auto& goal = plan.goals[i];
                std::string now;
                if (!plan.checked.empty() && i < plan.checked.back().values.size())
                    if (const auto& value = plan.checked.back().values[i])
                        now = texts_.number(*value);
                if (!section.text.empty()) section.text += '\n';
                section.text += texts_.fill("card.goal", {{"kpi", goal.kpi},
                                                          {"from", texts_.number(goal.from)},
                                                          {"to", texts_.number(goal.to)},
                                                          {"until", texts_.date(plan.until)},
                                                          {"now", now}});
            }
        }
        return section;
    }

    const CoachingScene& scene_;
    const warehouse::Rep& rep_;
    const AlertOptions& options_;
    const Texts& texts_;
    IsoWeek week_;
    const ScorecardRep* row_ = nullptr;
};

}  // namespace

Digest compose_card(const CoachingScene& scene, const warehouse::Rep& rep,
                    const AlertOptions& options) {
    return Card{scene, rep, options}.compose();
}

}  // namespace nudged::alerts
