// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/field.hpp"
#include "daemon/warehouse/people.hpp"

/// teams.toml.
namespace nudged::config {

using Days = std::set<std::chrono::local_days>;
using DaysOff = std::map<std::chrono::local_days, double>;

/// ["mon", "tue", …], or none of them
struct Weekdays {
    static bool read(const toml::node& node, std::bitset<7>& out, const Spot& spot);
    static std::optional<Value> write(const std::bitset<7>& week);
    static Shape shape();
};

/// The same, but at least one.
struct WeekPattern {
    static bool read(const toml::node& node, std::bitset<7>& out, const Spot& spot);
    static std::optional<Value> write(const std::bitset<7>& week);
    static Shape shape() { return Weekdays::shape(); }
};

struct DaySet {
    static bool read(const toml::node& node, Days& out, const Spot& spot);
    static std::optional<Value> write(const Days& days);
    static Shape shape() { return Codec<std::vector<std::chrono::local_days>>::shape(); }
};

/// `[{ from = 2026-12-21, to = 2026-12-31 }]`, the last day included.
struct TimeOff {
    static bool read(const toml::node& node, DaysOff& out, const Spot& spot);
    static std::optional<Value> write(const DaysOff& days);
    static Shape shape();
};

/// The path of an iCalendar file, beside the file that names it; read at once.
struct CalendarPath {
    static bool read(const toml::node& node, warehouse::CalendarFile& out, const Spot& spot);
    static std::optional<Value> write(const warehouse::CalendarFile& file);
    static Shape shape() { return Shape::text("a path, beginning at this file's folder"); }
};

/// One address, the main one, in lower case.
struct MainEmail {
    static bool read(const toml::node& node, std::vector<std::string>& out, const Spot& spot);
    static std::optional<Value> write(const std::vector<std::string>& emails);
    static Shape shape();
};

/// Several addresses of one person.
struct AllEmails {
    static bool read(const toml::node& node, std::vector<std::string>& out, const Spot& spot);
    static std::optional<Value> write(const std::vector<std::string>& emails);
    static Shape shape() { return Shape::list_of(MainEmail::shape()); }
};

/// One address of an alias, in lower case.
struct AliasEmail {
    static bool read(const toml::node& node, std::string& out, const Spot& spot);
    static std::optional<Value> write(const std::string& email);
    static Shape shape() { return MainEmail::shape(); }
};

/// An address, or a table like that of a member.
struct Manager {
    static bool read(const toml::node& node, warehouse::RosterPerson& out, const Spot& spot);
    static std::optional<Value> write(const warehouse::RosterPerson& manager);
    static Shape shape();
};

/// "source/user"
template <>
struct Codec<warehouse::UserLink> {
    static bool read(const toml::node& node, warehouse::UserLink& out, const Spot& spot);
    static std::optional<Value> write(const warehouse::UserLink& link);
    static Shape shape() { return Shape::text("\"SOURCE/USER ID\"", "^[^/]+/."); }
};

/// Days off as they are written.
struct AwayRange {
    std::chrono::local_days from, to;
    double share = 1;
};
struct HalfOrWhole {
    std::optional<Complaint> operator()(double share) const;
};
template <>
inline constexpr auto fields<AwayRange> = std::tuple{
    field("from", &AwayRange::from, "the first day off", required),
    field("to", &AwayRange::to, "the last day off", required),
    field("share", &AwayRange::share, "of each day: 1, or 0.5 for half days", HalfOrWhole{}),
};

template <>
inline constexpr auto fields<warehouse::Alias> = std::tuple{
    field<AliasEmail>("email", &warehouse::Alias::email, "an address that is theirs, or:"),
    field("user", &warehouse::Alias::user, "a user of a CRM that is theirs: \"source/user id\""),
    field("from", &warehouse::Alias::from, "the first day on which it is; default: ever since"),
    field("until", &warehouse::Alias::until, "the first day on which it no longer is"),
};

template <>
inline constexpr auto fields<warehouse::RosterPerson> = std::tuple{
    field("name", &warehouse::RosterPerson::name,
          "what people call them; empty: what the CRM says"),
    field<MainEmail>("email", &warehouse::RosterPerson::emails,
                     "the address that joins their users of all CRMs"),
    field<AllEmails>("emails", &warehouse::RosterPerson::emails,
                     "instead of email: several addresses, the main one first"),
    field("users", &warehouse::RosterPerson::users,
          "their users in CRMs that hold no address: \"source/user id\""),
    field("alias", &warehouse::RosterPerson::aliases,
          "what is theirs for some of the time: one table each"),
    field("zone", &warehouse::RosterPerson::zone, "their time zone; default: the team's"),
    field("from", &warehouse::RosterPerson::from, "first day in the team; default: always"),
    field("until", &warehouse::RosterPerson::until, "first day no longer in the team"),
    field<TimeOff>("away", &warehouse::RosterPerson::away, "time off"),
    field<DaySet>("holidays", &warehouse::RosterPerson::holidays, "holidays beside the team's"),
    field("team_holidays", &warehouse::RosterPerson::team_holidays,
          "false where the team's holidays are not theirs: then those named here are all"),
    field<Weekdays>("work_week", &warehouse::RosterPerson::work_week,
                    "the days that they work, where they are not the team's"),
    field<Weekdays>("half_days", &warehouse::RosterPerson::half_days,
                    "those of them that they work for half of the day"),
    field("role", &warehouse::RosterPerson::role,
          "what they do, as kpis.toml names it: decides targets, ramp and peers"),
    field("role_since", &warehouse::RosterPerson::role_since,
          "first day in that role; default: the first day in the team"),
    field<CalendarPath>("holiday_file", &warehouse::RosterPerson::holiday_file,
                        "an iCalendar file with holidays beside the team's"),
    field<CalendarPath>("away_file", &warehouse::RosterPerson::away_file,
                        "an iCalendar file with their time off"),
    field<Weekdays>("one_on_one", &warehouse::RosterPerson::one_on_one,
                    "weekdays of their 1:1s, where they are not the team's"),
};

template <>
inline constexpr auto fields<warehouse::CoachingRhythm> = std::tuple{
    field("one_on_one_days", &warehouse::CoachingRhythm::one_on_one_days,
          "calendar days from one 1:1 with a rep to the next", between(1, 92)),
    field<Weekdays>("one_on_one", &warehouse::CoachingRhythm::one_on_one,
                    "weekdays of 1:1s: in the morning the manager gets a card on each rep"),
    field<Weekdays>("scrum", &warehouse::CoachingRhythm::scrum,
                    "weekdays of the scrum: before it the manager gets a line on each rep"),
};

template <>
inline constexpr auto names<warehouse::PrivacyMode> =
    std::to_array<std::pair<std::string_view, warehouse::PrivacyMode>>({
        {"individual", warehouse::PrivacyMode::individual},
        {"rep_only", warehouse::PrivacyMode::rep_only},
        {"team", warehouse::PrivacyMode::team},
    });

template <>
inline constexpr auto fields<warehouse::Privacy> = std::tuple{
    field("mode", &warehouse::Privacy::mode,
          "whose figures are shown: individual, rep_only (to the rep alone) or team (sums)"),
    field("minimum", &warehouse::Privacy::minimum,
          "of how many members a sum is shown, or not at all", between(3, 1000)),
};

template <>
inline constexpr auto fields<warehouse::RosterTeam> = std::tuple{
    field("name", &warehouse::RosterTeam::name, "what people call the team", required, not_blank),
    field<Manager>("manager", &warehouse::RosterTeam::manager,
                   "who gets the digest: an address, or { name = \"…\", email = \"…\" }", required),
    field("past_manager", &warehouse::RosterTeam::past_managers,
          "who managed it before: one [[team.past_manager]] each, the first one first"),
    field("zone", &warehouse::RosterTeam::zone, "the team's IANA time zone"),
    field<WeekPattern>("work_week", &warehouse::RosterTeam::work_week,
                       "the days that are worked: mon, tue, wed, thu, fri, sat, sun"),
    field<Weekdays>("half_days", &warehouse::RosterTeam::half_days,
                    "those of them that are worked for half of the day"),
    field<DaySet>("holidays", &warehouse::RosterTeam::holidays, "days that are not worked"),
    field("channel", &warehouse::RosterTeam::channel,
          "where the manager's digest goes: a name from channels.d", required),
    field<CalendarPath>("holiday_file", &warehouse::RosterTeam::holiday_file,
                        "an iCalendar file with days that are not worked"),
    field("language", &warehouse::RosterTeam::language,
          "what its messages are written in: the name of a file of templates/, without .toml"),
    field("coaching", &warehouse::RosterTeam::coaching, "how often its manager talks with reps"),
    field("privacy", &warehouse::RosterTeam::privacy,
          "whether it shows figures of its members, or sums alone"),
    field("member", &warehouse::RosterTeam::members, "one [[team.member]] each"),
};

template <>
inline constexpr auto fields<warehouse::Roster> = std::tuple{
    field("team", &warehouse::Roster::teams, "one [[team]] each"),
};

}  // namespace nudged::config
