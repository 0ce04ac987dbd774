// SPDX-License-Identifier: Apache-2.0
// Works out from the stored records alone what each open deal must lead to, by the definitions of
// the checks, and compares it with what the story says.
#include "connectors/base/calendar.hpp"
#include "connectors/base/zone.hpp"
#include "tests/crmsim/story.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace nudged::crmsim {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using namespace std::chrono_literals;

constexpr int horizon = 30;
constexpr int account_horizon = 200;

class Judge {
public:
    Judge(const Story& story) : story_(story), zone_(*Zone::find(story.options.zone)) {}

    std::set<std::string> checks(const DealFact& deal) const;
    std::string next_step(ObjectType type, std::int64_t id, int days_ahead) const;

private:
    std::string value(ObjectType type, std::int64_t id, std::string_view property) const {
        const Schema& schema = schema_of(type);
        return value_of(schema, *story_.dataset.find(type, id), *schema.find(property))
            .value_or("");
    }
    local_days day(const std::string& instant) const {
        return zone_.local_day(*parse_instant(instant));
    }
    WorkCalendar calendar(std::size_t rep) const;
    std::vector<std::pair<local_days, std::string>> plans(ObjectType type, std::int64_t id) const;
    local_days last_event(const DealFact& deal) const;
    int days_in_stage(const DealFact& deal, const WorkCalendar& calendar) const;
    double median_days_in(const std::string& stage) const;

    const Story& story_;
    Zone zone_;
};

WorkCalendar Judge::calendar(std::size_t rep) const {
    WorkCalendar calendar;
    if (team()[rep].dials[leave_week] == 0)
        for (int n = 0; n < 5; ++n) calendar.away[story_.week(leave_week).monday() + days{n}] = 1;
    return calendar;
}

/// Day and owner of what is planned: open tasks and scheduled meetings.
std::vector<std::pair<local_days, std::string>> Judge::plans(ObjectType type,
                                                             std::int64_t id) const {
    std::vector<std::pair<local_days, std::string>> plans;
    for (const std::int64_t task : story_.dataset.linked(type, id, ObjectType::tasks))
        if (value(ObjectType::tasks, task, "hs_task_status") != "COMPLETED")
            plans.emplace_back(day(value(ObjectType::tasks, task, "hs_timestamp")),
                               value(ObjectType::tasks, task, "hubspot_owner_id"));
    for (const std::int64_t meeting : story_.dataset.linked(type, id, ObjectType::meetings))
        if (value(ObjectType::meetings, meeting, "hs_meeting_outcome") == "SCHEDULED")
            plans.emplace_back(day(value(ObjectType::meetings, meeting, "hs_timestamp")),
                               value(ObjectType::meetings, meeting, "hubspot_owner_id"));
    std::ranges::sort(plans);
    return plans;
}

std::string Judge::next_step(ObjectType type, std::int64_t id, int days_ahead) const {
    const auto today = story_.options.today;
    const auto plans = this->plans(type, id);
    std::vector<std::pair<local_days, std::string>> ahead;
    std::ranges::copy_if(plans, std::back_inserter(ahead),
                         [&](const auto& plan) { return plan.first >= today; });
    if (!ahead.empty()) {
        if (ahead.front().second == "64492917") return "orphan";  // Gus has left
        return ahead.front().first <= today + days{days_ahead} ? "ok" : "far";
    }
    if (!plans.empty()) return "overdue";
    const bool written =
        type == ObjectType::deals && value(type, id, "hs_next_step").size() > 3;  // "tbd" is not
    return written ? "text_only" : "none";
}

/// The last touch or change of stage or close date.
local_days Judge::last_event(const DealFact& deal) const {
    const Schema& schema = schema_of(ObjectType::deals);
    Instant last = story_.dataset.find(ObjectType::deals, deal.id)->created;
    for (const char* property : {"dealstage", "closedate", "amount"})
        for (const auto& past :
             story_.dataset.history(ObjectType::deals, deal.id, *schema.find(property)))
            last = std::max(last, past.at);
    for (const std::int64_t call :
         story_.dataset.linked(ObjectType::deals, deal.id, ObjectType::calls))
        if (!story_.dataset.find(ObjectType::calls, call)->archived)
            last = std::max(last, *parse_instant(value(ObjectType::calls, call, "hs_timestamp")));
    return zone_.local_day(last);
}

int Judge::days_in_stage(const DealFact& deal, const WorkCalendar& calendar) const {
    const std::string stage = value(ObjectType::deals, deal.id, "dealstage");
    const local_days entered =
        day(value(ObjectType::deals, deal.id, "hs_v2_date_entered_" + stage));
    return calendar.working_age(entered, story_.options.today);
}

/// Over the deals that left the stage forwards: every later one was entered.
double Judge::median_days_in(const std::string& stage) const {
    const auto stages = crmsim::stages();
    const auto place = std::ranges::find(stages, stage, &Stage::id);
    const std::string next = (place + 1)->id;
    std::vector<int> spans;
    for (const Record& record : story_.dataset.records(ObjectType::deals)) {
        const std::string from = value(ObjectType::deals, record.id, "hs_v2_date_entered_" + stage);
        const std::string to = value(ObjectType::deals, record.id, "hs_v2_date_entered_" + next);
        if (!from.empty() && !to.empty())
            spans.push_back(WorkCalendar{}.working_age(day(from), day(to)));
    }
    CHECK(spans.size() >= 20);
    std::ranges::sort(spans);
    return (spans[(spans.size() - 1) / 2] + spans[spans.size() / 2]) / 2.0;
}

std::set<std::string> Judge::checks(const DealFact& deal) const {
    const local_days today = story_.options.today;
    const WorkCalendar calendar = this->calendar(deal.rep);
    std::set<std::string> found;
    const std::string step = next_step(ObjectType::deals, deal.id, horizon);
    if (step == "none") found.insert("opp.no_next_step");
    if (step == "overdue") found.insert("opp.next_step_overdue");
    if (step == "text_only" || step == "far" || step == "orphan")
        found.insert("opp.next_step_" + step);
    if (step != "ok" && calendar.working_age(last_event(deal), today) > 10)
        found.insert("opp.idle");
    const std::string stage = value(ObjectType::deals, deal.id, "dealstage");
    if (days_in_stage(deal, calendar) > std::max(7.0, 2 * median_days_in(stage)))
        found.insert("opp.stalled");
    if (calendar.working_age(day(value(ObjectType::deals, deal.id, "closedate")), today) > 1)
        found.insert("opp.past_close");
    const Schema& schema = schema_of(ObjectType::deals);
    const auto closes =
        story_.dataset.history(ObjectType::deals, deal.id, *schema.find("closedate"));
    int pushes = 0;
    for (std::size_t i = 0; i + 1 < closes.size(); ++i)
        pushes += closes[i].value > closes[i + 1].value;
    CHECK(pushes == deal.pushes);
    if (pushes >= 2) found.insert("opp.close_pushed");
    const auto stages = crmsim::stages();
    const auto place = std::ranges::find(stages, stage, &Stage::id) - stages.begin();
    if (place >= 2 && value(ObjectType::deals, deal.id, "amount").empty())
        found.insert("opp.amount_missing");
    return found;
}

Story story_of(local_days today, std::uint64_t seed = 7) {
    return tell_story({.seed = seed, .today = today});
}

TEST_CASE(
    "every open deal leads to just those checks that its kind promises, on every day of a week") {
    const int day = GENERATE(range(0, 7));
    // Each day with another seed: what the story promises does not hang on the dice.
    const Story story =
        story_of(local_days{2026y / 11 / 16} + days{day}, 1 + static_cast<std::uint64_t>(day));
    DYNAMIC_SECTION("day " << day) {
        const Judge judge(story);
        CHECK(story.open_deals.size() == 90);
        for (const DealFact& deal : story.open_deals) {
            INFO(deal.id << ", " << to_string(deal.kind) << ", " << team()[deal.rep].first_name);
            const auto promised = expected_checks(deal.kind);
            CHECK(judge.checks(deal) == std::set<std::string>(promised.begin(), promised.end()));
        }
    }
}

TEST_CASE("Finn alone has a stale layer: more than 30 % of his deals are idle or stalled") {
    const Story story = story_of(local_days{2026y / 11 / 20});
    std::map<std::size_t, int> stale;
    for (const DealFact& deal : story.open_deals)
        stale[deal.rep] += deal.kind == DealKind::idle || deal.kind == DealKind::stalled;
    CHECK(stale[5] == 6);  // of 15: 40 %
    for (std::size_t rep = 0; rep < 5; ++rep) CHECK(stale[rep] <= 4);
}

TEST_CASE("just the named accounts have no next step, counting their deals' and contacts' too") {
    const int day = GENERATE(0, 2, 6);
    const Story story = story_of(local_days{2026y / 11 / 16} + days{day});
    DYNAMIC_SECTION("day " << day) {
        const Judge judge(story);
        std::map<std::int64_t, std::string> bare;
        for (const AccountFact& account : story.accounts_without_next_step)
            bare[account.id] = account.state;
        CHECK(bare.size() == 9);  // 1 + 3 + 1 + 0 + 1 + 3
        for (const Record& company : story.dataset.records(ObjectType::companies)) {
            INFO(company.id);
            // Tasks and meetings of a deal are linked with its company as well.
            const std::string state =
                judge.next_step(ObjectType::companies, company.id, account_horizon);
            if (bare.contains(company.id))
                CHECK(state == bare[company.id]);
            else
                CHECK((state == "ok" || state == "orphan"));
        }
    }
}

TEST_CASE("the overdue tasks are those that the story names") {
    const Story story = story_of(local_days{2026y / 11 / 20});
    CHECK(story.overdue_tasks.size() == 9);  // 6 of deals, 3 of accounts
    for (const TaskFact& task : story.overdue_tasks) {
        const int age = WorkCalendar{}.working_age(task.due, story.options.today);
        CHECK(age > 3);
    }
    const auto latest = std::ranges::min(story.overdue_tasks, {}, &TaskFact::due);
    CHECK(team()[latest.rep].first_name == "Cleo");
    CHECK(WorkCalendar{}.working_age(latest.due, story.options.today) > 10);
}

TEST_CASE("hostile names are in the story, whole") {
    const Story story = story_of(local_days{2026y / 11 / 20});
    std::set<std::string> names;
    for (const DealFact& deal : story.open_deals) names.insert(deal.name);
    CHECK(names.contains("<!channel> Müller & Söhne \"dringend\""));
    CHECK(std::ranges::any_of(names, [](const std::string& name) { return name.size() == 300; }));
    CHECK(std::ranges::any_of(
        names, [](const std::string& name) { return name.find("\u202E") != std::string::npos; }));
}

}  // namespace
}  // namespace nudged::crmsim
