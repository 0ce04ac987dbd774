// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/story.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/teller.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace nudged::crmsim {
namespace {

using std::chrono::days;
using std::chrono::local_days;

constexpr std::string_view mail_domain = "kestrel.example";

/// The last week that ended 36 h or more before `today` begins: on Monday and Tuesday, the one
/// before last week.
IsoWeek last_settled_week(local_days today) {
    const IsoWeek current = IsoWeek::of(today);
    return current.plus(today - current.monday() >= days{2} ? -1 : -2);
}

Zone find_zone(const std::string& name) {
    const auto zone = Zone::find(name);
    if (!zone) throw std::invalid_argument("unknown time zone: " + name);
    return *zone;
}

}  // namespace

const std::array<RepStory, 6>& team() {
    // The last eight complete weeks (from the fifth number on) decide about the class. Mann-Kendall
    // S: Ana 18 (12 are enough), Ben 0, Cleo 7, Dev 4, Eva 1 of the seven weeks she worked, Finn
    // -22.
    static const std::array<RepStory, 6> reps{{
        {"Ana",
         "Duarte",
         64'492'911,
         "improving",
         {37, 40, 38, 39, 38, 41, 39, 40, 41, 40, 50, 60, 63, 66}},
        {"Ben",
         "Okafor",
         64'492'912,
         "low_flat",
         {40, 41, 39, 40, 42, 39, 41, 40, 38, 43, 40, 41, 40, 41}},
        {"Cleo",
         "Marchand",
         64'492'913,
         "spike",
         {42, 40, 39, 41, 41, 39, 42, 40, 41, 100, 40, 42, 40, 41}},
        {"Dev",
         "Patel",
         64'492'914,
         "on_target",
         {91, 93, 90, 92, 92, 90, 94, 91, 93, 90, 95, 92, 91, 93}},
        {"Eva",
         "Lindqvist",
         64'492'915,
         "steady",
         {77, 75, 79, 76, 78, 76, 79, 77, 75, 0, 78, 76, 77, 76}},
        {"Finn",
         "Jansen",
         64'492'916,
         "declining",
         {62, 59, 63, 60, 60, 58, 61, 55, 52, 54, 49, 47, 46, 45}},
    }};
    return reps;
}

std::string email_of(const RepStory& rep) {
    return fmt::format("{}.{}@{}", slug(rep.first_name), slug(rep.last_name), mail_domain);
}

int Story::dials(std::size_t rep, int index) const {
    const auto elapsed = (options.today - week(index).monday()) / days{1};
    const int working = static_cast<int>(std::clamp<long>(elapsed, 0, 5));
    return static_cast<int>(
        std::lround(team()[rep].dials[static_cast<std::size_t>(index)] * working / 5.0));
}

Teller::Teller(const StoryOptions& options)
    : options_(options),
      zone_(find_zone(options.zone)),
      // The day takes part, or all days would look alike.
      dice_(options.seed * 1'000'003 +
            static_cast<std::uint64_t>(options.today.time_since_epoch().count())),
      today_(options.today),
      story_{options, last_settled_week(options.today).plus(1 - complete_weeks), {}, {}, {}, {}} {}

Story Teller::tell() {
    hire();
    open_accounts();
    plan_open_deals();
    plan_past_deals();
    write_deals();
    for (std::size_t i = 0; i < deals_.size(); ++i)
        if (deals_[i].kind) plan_next_step(i);
    plan_account_tasks();
    plan_done_tasks();
    plan_past_meetings();
    write_tasks();
    write_meetings();
    plan_calls();
    write_calls();
    note_activities();
    return std::move(story_);
}

Instant Teller::at(local_days day, int minute_of_day) const {
    return zone_.instant(LocalTime{day.time_since_epoch()} + std::chrono::minutes{minute_of_day});
}

Instant Teller::office_hour(local_days day) {
    return at(day, dice_.between(8 * 60, 17 * 60)) +
           std::chrono::milliseconds{dice_.between(0, 59'999)};
}

local_days Teller::workday_before(int days_ago) const {
    local_days day = today_ - days{days_ago};
    while (std::chrono::weekday{day}.iso_encoding() > 5) day -= days{1};
    return day;
}

local_days Teller::workday_after(int days_ahead) const {
    local_days day = today_ + days{days_ahead};
    while (std::chrono::weekday{day}.iso_encoding() > 5) day += days{1};
    return day;
}

bool Teller::is_away(std::size_t rep, local_days day) const {
    return team()[rep].dials[leave_week] == 0 && IsoWeek::of(day) == story_.week(leave_week);
}

int Teller::elapsed_working_days(int week) const {
    return static_cast<int>(
        std::clamp<long>((today_ - story_.week(week).monday()) / days{1}, 0, 5));
}

void Teller::hire() {
    auto& owners = story_.dataset.owners;
    story_.dataset.time_zone = options_.zone;
    const auto mail = [](std::string_view name) { return fmt::format("{}@{}", name, mail_domain); };
    owners.push_back({64'492'910, mail("mara.voss"), "Mara", "Voss", 9'586'500, false, "Outbound"});
    for (const RepStory& rep : team())
        owners.push_back({rep.owner_id, email_of(rep), std::string(rep.first_name),
                          std::string(rep.last_name), rep.owner_id - 54'906'410, false,
                          "Outbound"});
    owners.push_back({leaver_id, mail("gus.former"), "Gus", "Former", 9'586'507, true, ""});
    owners.push_back({64'492'999, "", "Inbound", "Queue", 0, false, ""});
}

void Teller::open_accounts() {
    // One import brought them all, so that all their times are equal.
    const Instant import =
        at(today_ - days{portal_age_days}, 3 * 60 + 7) + std::chrono::milliseconds{412};
    const auto names = company_names(dice_, team().size() * accounts_per_rep);
    Dataset& data = story_.dataset;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::size_t rep = i / accounts_per_rep;
        const std::string owner = std::to_string(team()[rep].owner_id);
        // The last account of each rep tries the tables' and messages' escaping.
        const bool hostile = i % accounts_per_rep == accounts_per_rep - 1;
        Account account{0, rep, hostile ? hostile_names()[rep] : names[i], {}, std::nullopt};
        const std::string domain = fmt::format("{}-{}.example", slug(names[i]), i);
        account.id = data.create(ObjectType::companies,
                                 {{"name", account.name},
                                  {"domain", domain},
                                  {"hubspot_owner_id", owner},
                                  {"industry", dice_.chance(50) ? "MANUFACTURING" : "SERVICES"},
                                  {"type", "PROSPECT"}},
                                 import);
        for (int n = dice_.between(2, 3); n > 0; --n) {
            PersonName person = person_name(dice_);
            if (hostile && n == 1) person.last = "<@U024BE7LH> & \"Söhne\"";
            const std::string phone =
                fmt::format("+4930555{:05}", accounts_.size() * 10 + static_cast<std::size_t>(n));
            const std::int64_t id =
                data.create(ObjectType::contacts,
                            {{"firstname", person.first},
                             {"lastname", person.last},
                             {"email", fmt::format("{}.{}@{}", slug(person.first), n, domain)},
                             {"phone", phone},
                             {"hubspot_owner_id", owner},
                             {"associatedcompanyid", std::to_string(account.id)},
                             {"lifecyclestage", "opportunity"}},
                            import);
            data.link(ObjectType::contacts, id, ObjectType::companies, account.id);
            account.contacts.push_back({id, person.first + " " + person.last, phone});
        }
        accounts_.push_back(std::move(account));
    }
}

Story tell_story(const StoryOptions& options) {
    return Teller(options).tell();
}

}  // namespace nudged::crmsim
