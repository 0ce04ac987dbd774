// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/checks/standing_script.hpp"

#include "connectors/model/entity.hpp"
#include "daemon/warehouse/runs.hpp"
#include "daemon/warehouse/store.hpp"

#include <fmt/format.h>

#include <bitset>
#include <cstddef>
#include <utility>

namespace nudged::tests {
namespace {

using namespace std::chrono_literals;
using model::Entity;
using model::Record;

constexpr int reps = 16;
constexpr int accounts = 14;
constexpr int opportunities = 24;
constexpr int contacts = 8;
constexpr int activities = 40;
constexpr int stages = 5;
constexpr const char* sources[] = {"crm", "two"};

}  // namespace

StandingScript::StandingScript(World& world, std::uint32_t seed)
    : world_(world),
      database_(world.database()),
      random_(seed),
      now_(std::chrono::sys_days{2026y / 11 / 18} + 10h),
      ahead_(chance(40) ? 30 : below(4)),
      told_(chance(50) ? 100 : 60) {
    make_options();
    make_people();
    make_runs();
    for (int page = 0; page < 60; ++page) store(8);
    mark_complete();
}

void StandingScript::step() {
    log_ += fmt::format("at {}\n", format_instant(now_));
    const int what = below(100);
    if (what < 80) store(1 + below(3));
    if (what >= 80 && what < 83) {
        log_ += "a user\n";
        model::Page page;
        page.fetched_at = now_;
        auto& user = page.records.emplace_back();
        user.entity = Entity::user;
        user.id = page.keep(fmt::format("user{}", below(reps)));
        set(user, "email", page.keep(fmt::format("{}@example.com", user.id)));
        set(user, "active", std::int64_t{chance(70)});
        store_page(database_, ensure_source(database_, sources[below(2)], ""),
                   {Entity::user, model::Lane::incremental}, page, false);
    }
    const int time = below(100);
    if (time < 70)
        now_ += std::chrono::seconds{below(900)};
    else if (time < 95)
        now_ += std::chrono::minutes{below(180)};
    else
        now_ += std::chrono::hours{below(40)};
    if (chance(90)) mark_complete(told_);
}

int StandingScript::below(int end) {
    return std::uniform_int_distribution<int>{0, end - 1}(random_);
}

std::int64_t StandingScript::moment(int days_back, int minutes_ahead) {
    if (chance(ahead_)) return to_millis(now_ + std::chrono::minutes{below(minutes_ahead) - 10});
    return to_millis(now_ - std::chrono::minutes{below(days_back * 24 * 60)});
}

void StandingScript::make_options() {
    auto& options = options_;
    options.freshness.max_age = 20h;
    options.mass_edit_objects = 2;
    options.noise.mass_mail = 2;
    options.opp_close_bulk_edit.deals = 2;
    options.opp_stalled.minimum_deals = 2;
    options.opp_close_unrealistic.minimum_deals = 2;
    options.opp_amount_outlier.minimum_deals = 2;
    options.rep_stale_layer.minimum_opportunities = 2;
    options.rep_lost_cycle_long.minimum_deals = 1;
    options.rep_coverage_gap.minimum_deals = 2;
    options.opp_close_default.sources = {"crm"};
    options.opp_fields_missing.fields = {"type", "lost_reason"};
    options.opp_close_pushed.attention_at = 1;
    options.rep_left_accounts.grace = below(2);
    options.renewal_lead = 5 + below(20);
    options.mtg_no_follow_up.after = 1;
    if (chance(40)) options.quotas.push_back({"", "", "", 20'000, "", {}});
    if (chance(70)) {
        auto& field = options.criteria.emplace_back();
        field.name = "its next step is written down";
        field.is_mandatory = true;
        field.evidence = checks::Evidence::field;
        field.field = "next_step";
        auto& role = options.criteria.emplace_back();
        role.name = "somebody decides";
        role.is_mandatory = true;
        role.evidence = checks::Evidence::contact_role;
        auto& answer = options.criteria.emplace_back();
        answer.name = "they answer";
        answer.is_mandatory = true;
        answer.evidence = checks::Evidence::inbound_touch;
    }
    if (chance(40)) {
        auto& large = options.overrides.emplace_back();
        large.scope.amount_from = Decimal::parse("3000");
        large.apply = [](checks::CheckOptions& of) {
            of.opp_idle.after = 3;
            of.opp_past_close.enabled = false;
        };
    }
}

/// Of the days that the script comes to.
void StandingScript::make_stays(warehouse::Roster& roster) {
    using std::chrono::days;
    const auto today = Zone::utc().local_day(now_);
    for (auto& team : roster.teams) {
        if (chance(20)) team.privacy.mode = warehouse::PrivacyMode::team;
        if (chance(30)) team.manager.until = today + days{below(3)};
        if (chance(50)) team.holidays.insert(today + days{below(4)});
        const auto stays = team.members;
        for (std::size_t i = 0; i < stays.size(); ++i) {
            auto& member = team.members[i];
            if (chance(30)) member.until = today + days{below(6) - 2};
            if (chance(10)) member.from = today + days{below(3)};
            if (chance(15))
                member.zone = Zone::find(pick({"America/New_York", "Pacific/Kiritimati"}));
            if (chance(20)) member.holidays = {today + days{below(4)}, today - days{below(10)}};
            if (chance(15)) member.team_holidays = false;
            if (chance(15)) {
                member.work_week = std::bitset<7>{0b1110011};
                member.half_days = std::bitset<7>{0b0000010};
            }
            if (chance(15)) member.away[today + days{below(4) - 1}] = 0.5;
            // And comes back to the other team.
            if (!member.until || !chance(30)) continue;
            auto later = stays[i];
            later.from = *member.until + days{below(2)};
            roster.teams[&team == &roster.teams[0] ? 1 : 0].members.push_back(later);
        }
    }
}

/// What is told of no history is watched for long enough while the script runs.
void StandingScript::make_runs() {
    warehouse::Run run;
    run.kind = "sync";
    run.source = sources[1];
    run.stream = "opportunity";
    run.started_at = now_ - std::chrono::days{14} + std::chrono::hours{below(60)};
    run.ended_at = run.started_at + 1s;
    insert_run(database_, run);
}

void StandingScript::make_people() {
    auto north = world_.team("north").manager("max");
    auto south = world_.team("south").manager("mia").zone("Asia/Tokyo");
    model::Page page;
    page.fetched_at = now_;
    for (int i = 0; i < reps; ++i) {
        const auto id = fmt::format("user{}", i);
        // One of them is on no roster.
        if (i > 0) (i % 3 ? north : south).rep(id);
        auto& user = page.records.emplace_back();
        user.entity = Entity::user;
        user.id = page.keep(id);
        set(user, "email", page.keep(id + "@example.com"));
    }
    for (int i = 0; i < stages; ++i) {
        auto& stage = page.records.emplace_back();
        stage.entity = Entity::stage;
        stage.id = page.keep(fmt::format("stage{}", i));
        set(stage, "pipeline", std::string_view{"p"});
        set(stage, "position", std::int64_t{i + 1});
        set(stage, "is_closed", std::int64_t{i == stages - 1});
        if (i == stages - 1) set(stage, "is_won", std::int64_t{1});
    }
    auto roster = world_.roster();
    make_stays(roster);
    world_.set_roster(std::move(roster));
    world_.reader();
    for (const auto* source : sources)
        store_page(database_, warehouse::ensure_source(database_, source, "test"),
                   {Entity::user, model::Lane::incremental}, page, false);
}

void StandingScript::mark_complete(int percent) {
    for (const auto* source : sources)
        for (const auto entity : model::all_entities()) {
            model::Page page;
            page.fetched_at = now_;
            // One source tells no roles, and one no history.
            if (entity ==
                (source == sources[0] ? Entity::contact_role : Entity::opportunity_change))
                continue;
            if (percent < 100 && !chance(percent)) continue;
            store_page(database_, warehouse::ensure_source(database_, source, ""),
                       {entity, model::Lane::incremental}, page, false);
        }
}

void StandingScript::store(int records) {
    static constexpr struct {
        Entity entity;
        int count;
    } kinds[] = {{Entity::opportunity, opportunities}, {Entity::opportunity, opportunities},
                 {Entity::opportunity_change, 60},     {Entity::opportunity_change, 60},
                 {Entity::account, accounts},          {Entity::contact, contacts},
                 {Entity::contact_role, 16},           {Entity::task, activities},
                 {Entity::task, activities},           {Entity::call, activities},
                 {Entity::meeting, activities},        {Entity::email, activities},
                 {Entity::email, activities}};
    model::Page page;
    page.fetched_at = now_;
    for (int i = 0; i < records; ++i) {
        const auto& kind = kinds[below(static_cast<int>(std::size(kinds)))];
        auto& record = page.records.emplace_back();
        record.entity = kind.entity;
        record.id = page.keep(fmt::format("{}{}", to_string(kind.entity), below(kind.count)));
        record.deleted = chance(6);
        if (record.deleted && chance(20)) {
            record.why = model::Gone::merged;
            record.into = page.keep(fmt::format("{}{}", to_string(kind.entity), below(kind.count)));
        }
        if (!record.deleted) fill(record, page);
        log_ += fmt::format("  {}{}\n", record.id, record.deleted ? " is gone" : "");
    }
    const auto* source = sources[below(2)];
    log_ += fmt::format("  of {}\n", source);
    store_page(database_, warehouse::ensure_source(database_, source, ""),
               {Entity::call, model::Lane::incremental}, page, false);
}

void StandingScript::set(Record& record, std::string_view field, model::Value value) {
    record.values[*model::field_index(record.entity, field)] = value;
}

void StandingScript::set_id(Record& record, model::Page& page, std::string_view field,
                            std::string_view kind, int count) {
    if (chance(75)) set(record, field, page.keep(fmt::format("{}{}", kind, below(count))));
}

void StandingScript::set_moment(Record& record, std::string_view field, int days_back,
                                int minutes_ahead) {
    if (chance(85)) set(record, field, moment(days_back, minutes_ahead));
}

void StandingScript::fill(Record& record, model::Page& page) {
    if (model::field_index(record.entity, "owner") && chance(95))
        set(record, "owner",
            chance(5) ? std::string_view{"stranger"}
                      : page.keep(fmt::format("user{}", below(reps))));
    switch (record.entity) {
    case Entity::opportunity: return fill_opportunity(record, page);
    case Entity::opportunity_change: return fill_change(record, page);
    case Entity::account:
        set(record, "name", page.keep(fmt::format("Customer {}", below(50))));
        set_moment(record, "created_at", 90, 60);
        return;
    case Entity::contact:
        set(record, "name", page.keep(fmt::format("Kim {}", below(50))));
        return set_id(record, page, "account", "account", accounts);
    case Entity::contact_role:
        set_id(record, page, "opportunity", "opportunity", opportunities);
        set_id(record, page, "contact", "contact", contacts);
        set(record, "role", std::string_view{pick({"Decision Maker", "User"})});
        return set_moment(record, "created_at", 60, 60);
    default: return fill_activity(record, page);
    }
}

void StandingScript::fill_opportunity(Record& record, model::Page& page) {
    set(record, "name", page.keep(fmt::format("Deal {}", below(30))));
    set_id(record, page, "account", "account", accounts);
    set(record, "pipeline", std::string_view{"p"});
    set_id(record, page, "stage", "stage", stages);
    if (chance(80))
        set(record, "amount", std::string_view{pick({"1000", "1050", "4000", "90000"})});
    set(record, "currency", std::string_view{"EUR"});
    if (chance(80))
        set(record, "close_date",
            page.keep(
                format_date(Zone::utc().local_day(now_) + std::chrono::days{below(60) - 25})));
    set_moment(record, "created_at", 90, 60);
    set_moment(record, "stage_since", 60, 60);
    if (chance(15)) set(record, "forecast_category", std::string_view{"commit"});
    if (chance(20)) set(record, "next_step", std::string_view{"call them"});
    if (chance(70)) set(record, "type", std::string_view{pick({"new", "Renewal", "renewal"})});
    if (chance(25)) {
        set(record, "is_closed", std::int64_t{1});
        set(record, "is_won", std::int64_t{chance(50)});
        set_moment(record, "closed_at", 60, 60);
        if (chance(30)) set(record, "lost_reason", std::string_view{"price"});
    }
}

void StandingScript::fill_change(Record& record, model::Page& page) {
    set_id(record, page, "opportunity", "opportunity", opportunities);
    const auto* field = pick({"stage", "close_date", "close_date", "amount", "owner"});
    set(record, "field", std::string_view{field});
    const auto value = [&]() -> std::string_view {
        if (std::string_view{field} == "stage")
            return page.keep(fmt::format("stage{}", below(stages)));
        if (std::string_view{field} == "amount") return pick({"500", "1000", "8000"});
        if (std::string_view{field} == "owner")
            return page.keep(fmt::format("user{}", below(reps)));
        return page.keep(
            format_date(Zone::utc().local_day(now_) + std::chrono::days{below(90) - 30}));
    };
    if (chance(85)) set(record, "old", value());
    set(record, "new", value());
    set(record, "changed_at", moment(40, 40));
    if (chance(60)) set(record, "changed_by", page.keep(fmt::format("user{}", below(4))));
}

void StandingScript::fill_activity(Record& record, model::Page& page) {
    set_id(record, page, "opportunity", "opportunity", opportunities);
    set_id(record, page, "account", "account", accounts);
    set_id(record, page, "contact", "contact", contacts);
    set(record, "subject", std::string_view{pick({"Offer", "Re: Offer", "News"})});
    set_moment(record, "created_at", 60, 30);
    if (record.entity == Entity::call) {
        set_moment(record, "started_at", 80, 120);
        set(record, "is_planned", std::int64_t{chance(15)});
        if (chance(60)) set(record, "outcome", std::string_view{pick({"connected", "no_answer"})});
    } else if (record.entity == Entity::meeting) {
        set(record, "starts_at", moment(80, 600));
        if (chance(40))
            set(record, "outcome",
                std::string_view{
                    pick({"held", "held", "no_show", "scheduled", "cancelled", "rescheduled"})});
    } else if (record.entity == Entity::email) {
        set_moment(record, "sent_at", 80, 60);
        if (chance(60))
            set(record, "direction", std::string_view{pick({"outbound", "outbound", "inbound"})});
    } else {
        if (chance(50)) set_moment(record, "due_at", 20, 3000);
        if (chance(40))
            set(record, "due_on",
                page.keep(
                    format_date(Zone::utc().local_day(now_) + std::chrono::days{below(40) - 15})));
        if (chance(8)) set(record, "is_cancelled", std::int64_t{1});
        if (chance(8)) set(record, "is_series", std::int64_t{1});
        if (chance(40)) set(record, "series", page.keep(fmt::format("task{}", below(3))));
        if (chance(40)) {
            set(record, "is_done", std::int64_t{1});
            set_moment(record, "completed_at", 60, 60);
        }
    }
}

}  // namespace nudged::tests
