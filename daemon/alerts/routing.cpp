// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/routing.hpp"

#include "connectors/base/text.hpp"
#include "daemon/alerts/news.hpp"
#include "daemon/checks/departed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace nudged::alerts {
namespace {

using std::chrono::local_days;
using warehouse::Finding;
using warehouse::FindingChange;
using warehouse::FindingTelling;
using warehouse::People;
using warehouse::StoredFinding;
using warehouse::Team;
using State = Stop::State;

bool has(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool fits(const Route& route, const People& people, const Finding& finding) {
    if (!route.teams.empty() && !has(route.teams, finding.team)) return false;
    if (!fits_check(finding.check, route.checks)) return false;
    if (route.severity_from && finding.severity < *route.severity_from) return false;
    if (route.amount_from && (!finding.amount || *finding.amount < *route.amount_from))
        return false;
    if (route.amount_below && (!finding.amount || *finding.amount >= *route.amount_below))
        return false;
    if (route.reps.empty()) return true;
    const auto* rep = people.rep(finding.owner);
    return rep != nullptr && has(route.reps, to_lower_ascii(rep->email));
}

std::string called(const Route& route, std::size_t number) {
    return route.name.empty() ? fmt::format("{}", number) : route.name;
}

/// Goes down among `routes`; true when one of them fits, and `found` then has where it leads.
bool descend(const std::vector<Route>& routes, const Destination& above, const People& people,
             const Finding& finding, std::vector<Destination>& found) {
    bool is_found = false;
    std::size_t number = 0;
    for (const auto& route : routes) {
        ++number;
        if (!fits(route, people, finding)) continue;
        is_found = true;
        auto here = above;
        if (!route.to.empty()) here.to = route.to;
        if (!route.channel.empty()) here.channel = route.channel;
        here.route += (here.route.empty() ? "" : " / ") + called(route, number);
        if (!descend(route.routes, here, people, finding, found)) found.push_back(std::move(here));
        if (!route.goes_on) break;
    }
    return is_found;
}

FindingChange change_of(News news, FindingChange first) {
    switch (news) {
    case News::worsened: return FindingChange::worsened;
    case News::repeated: return FindingChange::repeated;
    case News::woken: return FindingChange::woken;
    case News::none:
    case News::first: break;
    }
    return first;
}

std::string answer_text(const warehouse::Answer& answer) {
    auto text = fmt::format("{} on {}", to_string(answer.kind),
                            format_date(Zone::utc().local_day(answer.at)));
    return answer.by.empty() ? text : text + " by " + answer.by;
}

/// Decides the way of one finding.
class WayFinder {
public:
    WayFinder(const RoutingScene& scene, const StoredFinding& stored,
              const std::vector<FindingTelling>& tellings, const Team& team)
        : scene_(scene),
          stored_(stored),
          tellings_(tellings),
          team_(team),
          contacts_(contacts_of(scene.options.routing, team.name)),
          timing_(timing_of(scene.options, stored.finding.check, stored.finding.team)),
          today_(team.zone.local_day(scene.now)),
          // What the daemon has not taken up yet begins now.
          opened_at_(stored.episode.id == warehouse::FindingId{0} ? scene.now
                                                                  : stored.episode.opened_at) {}

    std::vector<Stop> find() {
        const bool team_in_shadow = scene_.shadow.has_team(team_.name);
        if (team_in_shadow || scene_.shadow.has_check(stored_.finding.check)) {
            add_shadow(team_in_shadow);
            return std::move(way_);
        }
        const bool of_roster = is_of_roster();
        bool is_first_to_manager = true;
        for (const auto& to :
             find_destinations(scene_.options.routing, scene_.people, stored_.finding)) {
            const bool to_manager = to.to == "manager";
            // Without a team there is no manager: a route's channel was meant for theirs.
            const bool is_line =
                to_manager && (!of_roster || to.channel.empty() || to.channel == team_.channel);
            if (to.to == "nobody")
                way_.push_back({.line = "nobody",
                                .recipient = "",
                                .channel = "",
                                .state = State::stopped,
                                .why = fmt::format("route {} says that nobody is told", to.route)});
            else if (!is_line)
                add_other(to);
            else if (!std::exchange(is_first_to_manager, false))
                continue;
            else if (of_roster)
                add_manager(to);
            else
                add_ops(to);
        }
        return std::move(way_);
    }

private:
    bool is_of_roster() const {
        const auto& teams = scene_.people.teams;
        return std::any_of(teams.begin(), teams.end(),
                           [&](const Team& one) { return one.name == team_.name; });
    }

    const FindingTelling* told(std::string_view line) const {
        const auto found = std::find_if(tellings_.begin(), tellings_.end(),
                                        [&](const auto& one) { return one.line == line; });
        return found == tellings_.end() ? nullptr : &*found;
    }

    int age_in_team(Instant since) const {
        return team_.calendar.working_age(team_.zone.local_day(since), today_);
    }

    /// Why nobody at all is told yet; empty: the grace is over.
    std::string in_grace() const {
        const int age = age_in_team(opened_at_);
        if (timing_.grace <= 0 || age >= timing_.grace) return {};
        return fmt::format("stands for {} working days, told from {} on", age, timing_.grace);
    }

    /// The state that follows from what has been told on the line; `repeat_after` 0: nothing is
    /// repeated there.
    void settle(Stop& stop, const LastTold& last, int repeat_after, FindingChange first) const {
        const Listener listener{team_.zone, team_.calendar, repeat_after};
        const auto news = decide_news(stored_, last, listener, scene_.now);
        if (news == News::none) {
            const bool is_answered = alerts::is_answered(stored_, scene_.now);
            stop.state = is_answered ? State::stopped : State::told;
            stop.why = is_answered ? answer_text(*stored_.answer)
                                   : "told on " + format_date(team_.zone.local_day(*last.at));
            return;
        }
        if (const auto grace = in_grace(); !grace.empty()) {
            stop.state = State::waits;
            stop.why = grace;
            return;
        }
        stop.state = State::due;
        stop.news = change_of(news, first);
        stop.why = last.at ? fmt::format("{} since it was told on {}", to_string(stop.news),
                                         format_date(team_.zone.local_day(*last.at)))
                           : "not told yet";
        // That nothing has happened since is no news of the hour.
        stop.at_once =
            timing_.at_once && stop.line != shadow_line && stop.news != FindingChange::repeated;
        if (stop.at_once) stop.why += ", and told at once";
    }

    void settle(Stop& stop, int repeat_after, FindingChange first) const {
        const auto* last = told(stop.line);
        settle(stop, last ? LastTold{last->last_at, last->severity} : LastTold{}, repeat_after,
               first);
    }

    void add_shadow(bool is_team) {
        Stop stop{.line = std::string{shadow_line},
                  .recipient = "",
                  .channel = scene_.admin_channel,
                  .why = ""};
        settle(stop, timing_.repeat_after, FindingChange::shadowed);
        const auto who = is_team ? fmt::format("team \"{}\"", team_.name)
                                 : fmt::format("check {}", stored_.finding.check);
        stop.why += fmt::format("; {} is in shadow, so that the admin alone is told", who);
        if (scene_.admin_channel.empty() && stop.state == State::due) {
            stop.state = State::stopped;
            stop.why += ", and there is no admin_channel";
        }
        way_.push_back(std::move(stop));
    }

    void add_ops(const Destination& to) {
        Stop stop{.line = std::string{ops_line},
                  .recipient = "",
                  .channel = scene_.admin_channel,
                  .why = ""};
        settle(stop, timing_.repeat_after, FindingChange::passed_on);
        stop.why += "; it is in no team of teams.toml";
        if (!to.route.empty()) stop.why += fmt::format("; route {}", to.route);
        if (stop.channel.empty() && stop.state == State::due) {
            stop.state = State::stopped;
            stop.why += ", and there is no admin_channel";
        }
        way_.push_back(std::move(stop));
    }

    void add_other(const Destination& to) {
        Stop stop;
        stop.recipient = to.to == "manager" ? team_.manager_email : to.to;
        stop.channel = to.channel.empty() ? team_.channel : to.channel;
        stop.line = fmt::format("{} by {}", to.to, stop.channel);
        settle(stop, timing_.repeat_after, FindingChange::passed_on);
        if (to.to == "manager") wait_for_successor(stop);
        stop.why += fmt::format("; route {}", to.route);
        way_.push_back(std::move(stop));
    }

    /// Whoever has left is told nothing more; what there is to tell waits.
    void wait_for_successor(Stop& stop) const {
        if (team_.has_manager(today_) || stop.state != State::due) return;
        stop.state = State::waits;
        stop.at_once = false;
        stop.why = fmt::format("the manager left on {}, and teams.toml names no successor",
                               format_date(*team_.manager_until));
    }

    void add_manager(const Destination& to) {
        const auto waits_for_rep = add_rep();
        const auto addressee = manager_addressee(scene_.options.routing, team_, today_);
        Stop stop{.line = std::string{manager_line},
                  .recipient = addressee ? addressee->recipient : team_.manager_email,
                  .channel = addressee ? addressee->channel : team_.channel,
                  .why = ""};
        const auto& episode = stored_.episode;
        settle(stop, {episode.notified_at, episode.notified_severity}, timing_.repeat_after,
               FindingChange::told);
        if (stop.state == State::due && !episode.notified_at && !waits_for_rep.empty()) {
            stop.state = State::waits;
            stop.why = waits_for_rep;
        }
        wait_for_successor(stop);
        if (!addressee && stop.state == State::due) {
            stop.state = State::waits;
            stop.why = "the manager is away, and has no cover";
        }
        if (stop.recipient != team_.manager_email)
            stop.why += "; the manager is away, this is their cover";
        if (!to.route.empty()) stop.why += fmt::format("; route {}", to.route);
        way_.push_back(std::move(stop));
        add_escalation();
    }

    /// Adds the rep, if they hear of it first; why the manager waits for that, or nothing.
    std::string add_rep() {
        const auto* rep = scene_.people.rep(stored_.finding.owner);
        if (contacts_.reps_channel.empty() || !timing_.rep_first || rep == nullptr ||
            checks::has_left(*rep, scene_.now) || rep->email.empty() ||
            rep->email == team_.manager_email || !is_for_rep(stored_.finding))
            return {};
        Stop stop{.line = std::string{rep_line},
                  .recipient = rep->email,
                  .channel = contacts_.reps_channel,
                  .why = ""};
        settle(stop, 0, FindingChange::heads_up);
        const auto* before = told(rep_line);
        const auto day = rep->zone.local_day(scene_.now);
        const auto off = rep->calendar.away.find(day);
        std::string waits;
        if (!before && off != rep->calendar.away.end() && off->second >= 1) {
            stop.state = State::waits;
            stop.why = "the rep is away, so that the manager does not wait for them";
        } else if (!before) {
            waits = "the rep hears of it first";
        } else if (rep->calendar.working_age(rep->zone.local_day(before->first_at), day) < 1) {
            waits = fmt::format("the rep was told on {}, and has a working day",
                                format_date(rep->zone.local_day(before->first_at)));
        }
        // A rep who cannot be reached keeps nothing from the manager.
        if (age_in_team(opened_at_) > timing_.grace + longest_wait_for_rep) waits.clear();
        way_.push_back(std::move(stop));
        return waits;
    }

    void add_escalation() {
        const auto& finding = stored_.finding;
        const auto& boss = contacts_.escalate_to;
        if (boss.email.empty() || finding.is_praise || timing_.escalate_after <= 0) return;
        if (finding.severity < scene_.options.escalate_from && !timing_.escalates_any_severity)
            return;
        Stop stop{.line = std::string{escalation_line},
                  .recipient = boss.email,
                  .channel = boss.channel.empty() ? team_.channel : boss.channel,
                  .why = ""};
        const auto* by_manager = told(manager_line);
        const auto since =
            by_manager ? std::optional{by_manager->first_at} : stored_.episode.notified_at;
        if (is_answered(stored_, scene_.now)) {
            stop.state = State::stopped;
            stop.why = answer_text(*stored_.answer);
        } else if (!since) {
            stop.why = "the manager has not been told yet";
        } else if (const int age = age_in_team(last_start(*since)); age < timing_.escalate_after) {
            stop.why =
                fmt::format("{} of {} working days without an answer", age, timing_.escalate_after);
        } else {
            settle(stop, 0, FindingChange::escalated);
        }
        way_.push_back(std::move(stop));
    }

    /// The days without an answer begin anew when a snooze ends.
    Instant last_start(Instant since) const {
        const auto& answer = stored_.answer;
        if (!answer) return since;
        return std::max(since, answer->until.value_or(answer->at));
    }

    static constexpr int longest_wait_for_rep = 2;  // working days

    const RoutingScene& scene_;
    const StoredFinding& stored_;
    const std::vector<FindingTelling>& tellings_;
    const Team& team_;
    const TeamContacts& contacts_;
    Timing timing_;
    local_days today_;
    Instant opened_at_;
    std::vector<Stop> way_;
};

}  // namespace

bool is_for_rep(const Finding& finding) {
    constexpr std::array of_manager{"cadence.", "coach.", "plan.", "esc.", "rep.no_data"};
    return !finding.is_praise && finding.owner != warehouse::PersonId::nobody &&
           std::none_of(of_manager.begin(), of_manager.end(),
                        [&](const char* family) { return finding.check.starts_with(family); });
}

std::vector<Destination> find_destinations(const RoutingOptions& routing, const People& people,
                                           const Finding& finding) {
    const Destination root{"manager", "", ""};
    std::vector<Destination> found;
    if (!descend(routing.routes, root, people, finding, found)) found.push_back(root);
    return found;
}

std::optional<warehouse::Addressee> manager_addressee(const RoutingOptions& routing,
                                                      const Team& team, local_days day) {
    if (!team.has_manager(day)) return std::nullopt;
    const auto off = team.calendar.away.find(day);
    const bool is_away = off != team.calendar.away.end() && off->second >= 1;
    if (!is_away)
        return warehouse::Addressee{std::string{manager_line}, team.channel, team.manager_email};
    const auto& cover = contacts_of(routing, team.name).cover;
    if (cover.email.empty()) return std::nullopt;
    return warehouse::Addressee{std::string{manager_line},
                                cover.channel.empty() ? team.channel : cover.channel, cover.email};
}

warehouse::Team team_or_ops(const RoutingScene& scene, const std::string& name) {
    const auto& teams = scene.people.teams;
    const auto team =
        std::find_if(teams.begin(), teams.end(), [&](const Team& one) { return one.name == name; });
    if (team != teams.end()) return *team;
    Team ops;
    ops.name = name;
    ops.channel = scene.admin_channel;
    if (!teams.empty()) ops.zone = teams.front().zone;  // nobody says where the admin is
    return ops;
}

std::vector<Stop> decide_way(const RoutingScene& scene, const StoredFinding& stored,
                             const std::vector<FindingTelling>& tellings) {
    const auto& teams = scene.people.teams;
    const auto team = std::find_if(teams.begin(), teams.end(), [&](const Team& one) {
        return one.name == stored.finding.team;
    });
    if (team != teams.end()) return WayFinder{scene, stored, tellings, *team}.find();
    const auto ops = team_or_ops(scene, stored.finding.team);
    return WayFinder{scene, stored, tellings, ops}.find();
}

}  // namespace nudged::alerts
