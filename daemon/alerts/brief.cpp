// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/brief.hpp"

#include "daemon/alerts/conversation.hpp"
#include "daemon/alerts/parts.hpp"
#include "daemon/alerts/team_table.hpp"

#include <algorithm>
#include <array>

namespace nudged::alerts {
namespace {

using model::Message;

/// Who won how much, in one item: "Ana Duarte 19,500 EUR, Ben Okafor 2 deals, 28,000 EUR".
Message::Item wins_item(const CoachingScene& scene, const Texts& texts) {
    std::vector<std::string> won;
    for (const auto& [person, wins] : scene.wins) {
        const auto* rep = scene.digest.people.rep(person);
        if (!rep || &scene.digest.people.team_of(*rep) != &scene.team()) continue;
        std::vector<std::string> amounts;
        for (const auto& [currency, amount] : wins.amounts)
            amounts.push_back(
                texts.fill("brief.amount",
                           {{"amount", texts.number(amount.to_double())}, {"currency", currency}}));
        won.push_back(texts.fill("brief.won", {{"rep", rep->name},
                                               {"n", texts.number(wins.deals)},
                                               {"amounts", texts.list(amounts)}}));
    }
    std::sort(won.begin(), won.end());
    Message::Item item;
    item.mark = "★";
    item.title = texts.fill("brief.won_heading");
    for (const auto& one : won) item.text += (item.text.empty() ? "" : " · ") + one;
    return item;
}

Message::Section praise_of(const CoachingScene& scene, const Pile& pile, const Texts& texts) {
    auto section = praise_section(pile.praise, texts);
    if (auto wins = wins_item(scene, texts); !wins.text.empty())
        section.items.insert(section.items.begin(), std::move(wins));
    return section;
}

/// What is agreed for the running week, a line a rep and KPI.
Message::Section agreed_section(const CoachingScene& scene, const Texts& texts) {
    const auto week = IsoWeek::of(scene.digest.due.day);
    Message::Section section;
    section.heading = texts.fill("brief.agreed_heading");
    for (const auto& judged : scene.judgement.commitments) {
        if (!judged.is_agreed() || !judged.rep || !judged.kpi || judged.commitment.week != week ||
            &scene.digest.people.team_of(*judged.rep) != &scene.team())
            continue;
        const auto& commitment = judged.commitment;
        if (!section.text.empty()) section.text += '\n';
        section.text +=
            texts.fill("brief.agreed", {{"rep", judged.rep->name},
                                        {"kpi", judged.kpi->label},
                                        {"promised", texts.number(commitment.promised)},
                                        {"from", commitment.promised == commitment.baseline
                                                     ? ""
                                                     : texts.number(commitment.baseline)}});
    }
    return section;
}

Message::Section cadence_section(const CoachingScene& scene, const Texts& texts) {
    struct Row {
        const char* key;
        checks::Kept checks::Cadence::*kept;
    };
    constexpr std::array rows{Row{"cadence.one_on_one", &checks::Cadence::one_on_one},
                              Row{"cadence.logged", &checks::Cadence::logged},
                              Row{"cadence.specific", &checks::Cadence::specific},
                              Row{"cadence.followed_up", &checks::Cadence::followed_up},
                              Row{"cadence.scrum", &checks::Cadence::scrum},
                              Row{"cadence.praise", &checks::Cadence::praise}};
    Message::Section section;
    section.heading = texts.fill("cadence.heading");
    for (const auto& [key, kept] : rows) {
        const auto& share = scene.cadence.*kept;
        if (!share.share()) continue;
        section.rows.push_back({texts.fill(key),
                                texts.number(static_cast<std::size_t>(share.done)) + " / " +
                                    texts.number(static_cast<std::size_t>(share.of)),
                                texts.percent(*share.share()), texts.percent(share.goal)});
    }
    if (section.rows.empty()) {
        section.text = texts.fill("cadence.nothing");
        return section;
    }
    section.columns = {
        texts.fill("cadence.weeks",
                   {{"n", texts.number(static_cast<std::size_t>(scene.cadence_weeks))}}),
        texts.fill("cadence.done"), texts.fill("cadence.share"), texts.fill("cadence.goal")};
    const auto gap = std::find_if(scene.cadence.gaps.begin(), scene.cadence.gaps.end(),
                                  [](const auto& one) { return one.working_days > one.limit; });
    if (gap != scene.cadence.gaps.end())
        section.more = texts.fill(
            "cadence.gap", {{"rep", gap->rep},
                            {"days", texts.number(static_cast<std::size_t>(gap->working_days))}});
    return section;
}

Digest begin(const CoachingScene& scene, Message::Kind kind, std::string title,
             const Texts& texts) {
    Digest digest;
    auto& message = digest.message;
    message.kind = kind;
    message.title = std::move(title);
    message.subtitle = dated(scene.digest, texts, kind == Message::Kind::brief);
    message.recipient = scene.team().manager_email;
    message.reference = scene.digest.due.key.substr(0, 8);
    digest.has_news = true;
    return digest;
}

}  // namespace

Digest compose_brief(const CoachingScene& scene, const AlertOptions& options) {
    const auto& texts = options.texts.in(scene.team().language);
    auto pile = sort_out(scene.digest, options);
    auto digest =
        begin(scene, Message::Kind::brief,
              texts.fill("brief.title", {{"team", scene.team().name},
                                         {"week", IsoWeek::of(scene.digest.due.day).str()}}),
              texts);
    auto& message = digest.message;
    message.footer = footer(scene.digest, pile, texts);
    digest.told = std::move(pile.told);
    if (scene.digest.shared) {
        message.sections.push_back(shared_section(pile, texts));
        return digest;
    }
    if (auto praise = praise_of(scene, pile, texts); !praise.items.empty())
        message.sections.push_back(std::move(praise));
    message.sections.push_back(team_table(scene.digest.scorecard, scene.team().name, texts,
                                          {ShownWeek::last, &scene.judgement}));
    const DigestOptions limits{.max_items = options.brief.max_items,
                               .max_per_rep = options.brief.max_per_rep};
    message.sections.push_back(conversation_section(scene.digest, pile.news, limits, texts));
    if (auto agreed = agreed_section(scene, texts); !agreed.text.empty())
        message.sections.push_back(std::move(agreed));
    message.sections.push_back(cadence_section(scene, texts));
    return digest;
}

Digest compose_scrum(const CoachingScene& scene, const AlertOptions& options) {
    const auto& texts = options.texts.in(scene.team().language);
    auto digest = begin(scene, Message::Kind::scrum,
                        texts.fill("scrum.title", {{"team", scene.team().name}}), texts);
    auto& message = digest.message;
    message.footer = texts.fill("scrum.footer", {{"team", scene.team().name}});
    if (scene.digest.shared) {
        digest.has_news = false;
        return digest;
    }
    // Before anything can have been done of a week, the one before it is what there is to look at.
    const auto today = scene.digest.due.day;
    const auto week = IsoWeek::of(today);
    const bool has_begun = scene.team().calendar.working_days(week.monday(), today) > 0;
    const TeamTable table{has_begun ? ShownWeek::running : ShownWeek::last, &scene.judgement, week};
    auto& section = message.sections.emplace_back(
        team_table(scene.digest.scorecard, scene.team().name, texts, table));
    section.heading = texts.fill("scrum.heading");
    return digest;
}

}  // namespace nudged::alerts
