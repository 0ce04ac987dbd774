// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/precision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace nudged::alerts {
namespace {

using warehouse::Team;
using warehouse::ToldEpisode;

constexpr int days_to_act = 10;  // working days
constexpr int least_judged = 20;
constexpr double least_share = 0.5;
constexpr double most_wrong = 0.2;

const Team& team_of(const warehouse::People& people, const std::string& name) {
    static const Team unknown;
    const auto found = std::find_if(people.teams.begin(), people.teams.end(),
                                    [&](const Team& one) { return one.name == name; });
    return found == people.teams.end() ? unknown : *found;
}

bool is_within(const Team& team, Instant told, const std::optional<Instant>& moment) {
    return moment && team.calendar.working_age(team.zone.local_day(told),
                                               team.zone.local_day(*moment)) <= days_to_act;
}

void count(Precision& precision, const ToldEpisode& episode, const Team& team, Instant as_of) {
    ++precision.told;
    const bool is_wrong = episode.answer == "disputed" || episode.reason == "wrong_data";
    const bool is_answered_in_time = is_within(team, episode.told_at, episode.answered_at);
    if (is_wrong)
        ++precision.wrong_data;
    else if (episode.answer == "dismissed")
        ++precision.dismissed;
    else if (is_within(team, episode.told_at, episode.resolved_at) ||
             (episode.answer == "acknowledged" && is_answered_in_time))
        ++precision.acted_on;
    else if (is_within(team, episode.told_at, as_of))
        ++precision.open;
    else
        ++precision.ignored;
}

}  // namespace

std::optional<double> Precision::share() const {
    if (judged() == 0) return std::nullopt;
    return static_cast<double>(acted_on) / judged();
}

std::vector<Precision> measure_precision(const std::vector<ToldEpisode>& episodes,
                                         const warehouse::People& people, Instant as_of) {
    std::map<std::pair<std::string, std::string>, Precision> by_key;
    for (const auto& episode : episodes) {
        auto& precision = by_key[{episode.check, episode.team}];
        const auto& team = team_of(people, episode.team);
        precision.check = episode.check;
        precision.team = episode.team;
        precision.manager = team.manager_name.empty() ? team.manager_email : team.manager_name;
        count(precision, episode, team, as_of);
    }
    std::vector<Precision> all;
    for (auto& [key, precision] : by_key) all.push_back(std::move(precision));
    return all;
}

std::string propose_change(const Precision& precision) {
    const int judged = precision.judged();
    if (judged < least_judged) return {};
    const auto about = fmt::format("{} for {}", precision.check, precision.team);
    if (precision.wrong_data >= most_wrong * judged)
        return fmt::format("{}: {} of {} rested on wrong data. Look at the fields it reads, and "
                           "switch it off for this team until they are right.",
                           about, precision.wrong_data, judged);
    if (*precision.share() >= least_share) return {};
    return fmt::format(
        "{}: {} of {} were acted on, {} were dismissed and {} ignored. Loosen it, or "
        "switch it off for this team: nudged backtest --check {} --set KEY=VALUE "
        "shows what would be left.",
        about, precision.acted_on, judged, precision.dismissed, precision.ignored, precision.check);
}

std::vector<Notice> precision_notices(const warehouse::Database& database,
                                      const warehouse::People& people, const std::string& channel,
                                      Instant as_of) {
    std::vector<Notice> notices;
    const auto episodes = warehouse::read_told_episodes(database, as_of - precision_window, as_of);
    for (const auto& precision : measure_precision(episodes, people, as_of)) {
        Notice notice{.channel = channel,
                      .about = fmt::format("precision/{}/{}", precision.check, precision.team)};
        const auto proposal = propose_change(precision);
        notice.is_down = !proposal.empty();
        notice.title =
            notice.is_down
                ? fmt::format("nudged: {} may not be worth its messages", precision.check)
                : fmt::format("nudged: {} is worth its messages again", precision.check);
        notice.text = notice.is_down
                          ? proposal + " Nothing is changed by itself; this is told once."
                          : fmt::format("Its findings for {} are acted on.", precision.team);
        notices.push_back(std::move(notice));
    }
    return notices;
}

}  // namespace nudged::alerts
