// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/json.hpp"
#include "tests/crmsim/story.hpp"

namespace nudged::crmsim {
namespace {

using loopback::JsonWriter;
using std::chrono::days;

void write_rep(JsonWriter& json, const Story& story, std::size_t index) {
    const RepStory& rep = team()[index];
    json.StartObject();
    json.member("name", std::string(rep.first_name) + " " + std::string(rep.last_name));
    json.member("email", email_of(rep));
    json.member("owner_id", std::to_string(rep.owner_id));
    json.member("pattern", rep.pattern);
    json.key("weeks");
    json.StartArray();
    for (int week = 0; week < all_weeks && story.week(week).monday() < story.options.today;
         ++week) {
        json.StartObject();
        json.member("week", story.week(week).str());
        json.member("dials", std::int64_t{story.dials(index, week)});
        json.member("complete", week < complete_weeks);
        json.EndObject();
    }
    json.EndArray();
    json.key("away");
    json.StartArray();
    if (rep.dials[leave_week] == 0) {
        const auto monday = story.week(leave_week).monday();
        json.StartObject();
        json.member("first", format_date(monday));
        json.member("last", format_date(monday + days{4}));
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
}

void write_deal(JsonWriter& json, const DealFact& deal) {
    json.StartObject();
    json.member("id", std::to_string(deal.id));
    json.member("name", deal.name);
    json.member("owner", email_of(team()[deal.rep]));
    json.member("kind", to_string(deal.kind));
    json.member("pushes", std::int64_t{deal.pushes});
    json.key("checks");
    json.StartArray();
    for (const std::string_view check : expected_checks(deal.kind)) json.text(check);
    json.EndArray();
    json.EndObject();
}

}  // namespace

std::string story_json(const Story& story) {
    JsonWriter json;
    json.StartObject();
    json.member("today", format_date(story.options.today));
    json.member("zone", story.options.zone);
    json.member("last_complete_week", story.week(complete_weeks - 1).str());
    json.member("weekly_target", std::int64_t{weekly_target});
    const Owner& manager = story.dataset.owners.front();
    json.key("manager");
    json.StartObject();
    json.member("name", manager.first_name + " " + manager.last_name);
    json.member("email", manager.email);
    json.EndObject();
    json.key("reps");
    json.StartArray();
    for (std::size_t rep = 0; rep < team().size(); ++rep) write_rep(json, story, rep);
    json.EndArray();
    json.key("open_deals");
    json.StartArray();
    for (const DealFact& deal : story.open_deals) write_deal(json, deal);
    json.EndArray();
    json.key("accounts_without_next_step");
    json.StartArray();
    for (const AccountFact& account : story.accounts_without_next_step) {
        json.StartObject();
        json.member("id", std::to_string(account.id));
        json.member("name", account.name);
        json.member("owner", email_of(team()[account.rep]));
        json.member("state", account.state);
        json.EndObject();
    }
    json.EndArray();
    json.key("overdue_tasks");
    json.StartArray();
    for (const TaskFact& task : story.overdue_tasks) {
        json.StartObject();
        json.member("id", std::to_string(task.id));
        json.member("subject", task.subject);
        json.member("owner", email_of(team()[task.rep]));
        json.member("due", format_date(task.due));
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return json.str();
}

}  // namespace nudged::crmsim
