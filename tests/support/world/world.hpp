// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/people.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/store.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

namespace nudged::tests {

/// A moment in UTC: noon(2026y / 11 / 20), at(2026y / 11 / 20, 23, 30).
Instant noon(std::chrono::year_month_day day);
Instant at(std::chrono::year_month_day day, int hour, int minute = 0);
std::chrono::local_days day(std::chrono::year_month_day date);

/// One record in the words of its fields; stored when the World is next read. A second draft of the
/// same record begins with the values of the first.
class Draft {
public:
    Draft& name(std::string_view text) { return set("name", text); }
    Draft& email(std::string_view text) { return set("email", text); }
    Draft& time_zone(std::string_view text) { return set("time_zone", text); }
    Draft& manager(std::string_view user) { return set("manager", user); }
    Draft& active(bool yes) { return set("active", yes); }
    Draft& person(bool yes) { return set("is_person", yes); }

    /// The user is made, with the address <user>@example.com, unless it is drafted.
    Draft& owner(std::string_view user);
    /// The CRM names a user whom it never tells.
    Draft& unknown_owner(std::string_view user) { return set("owner", user); }
    Draft& account(std::string_view id) { return set("account", id); }
    Draft& parent(std::string_view id) { return set("parent", id); }
    Draft& contact(std::string_view id) { return set("contact", id); }
    Draft& opportunity(std::string_view id) { return set("opportunity", id); }
    Draft& pipeline(std::string_view id) { return set("pipeline", id); }
    Draft& type(std::string_view text) { return set("type", text); }
    Draft& url(std::string_view text) { return set("url", text); }
    Draft& created(Instant when) { return set("created_at", when); }

    Draft& stage(std::string_view id) { return set("stage", id); }
    Draft& stage_since(Instant when) { return set("stage_since", when); }
    Draft& amount(std::string_view decimal) { return set("amount", decimal); }
    Draft& currency(std::string_view code) { return set("currency", code); }
    Draft& close_date(std::chrono::local_days date) { return set("close_date", date); }
    Draft& closed(bool yes) { return set("is_closed", yes); }
    /// Of a stage or an opportunity: closed, and won or not.
    Draft& won(bool yes = true) { return set("is_closed", true).set("is_won", yes); }
    Draft& lost() { return won(false); }
    Draft& closed_at(Instant when) { return set("closed_at", when); }
    Draft& forecast_category(std::string_view text) { return set("forecast_category", text); }
    Draft& probability(std::string_view decimal) { return set("probability", decimal); }
    Draft& next_step(std::string_view text) { return set("next_step", text); }
    Draft& position(int place) { return set("position", place); }

    /// When a call began or a meeting begins.
    Draft& at(Instant when);
    Draft& lasting(std::chrono::seconds duration);  // of a call
    Draft& until(Instant when) { return set("ends_at", when); }
    Draft& direction(std::string_view text) { return set("direction", text); }
    Draft& outcome(std::string_view text) { return set("outcome", text); }
    Draft& planned(bool yes = true) { return set("is_planned", yes); }
    Draft& subject(std::string_view text) { return set("subject", text); }
    Draft& due_on(std::chrono::local_days date) { return set("due_on", date); }
    Draft& due_at(Instant when) { return set("due_at", when); }
    Draft& done_at(Instant when) { return set("is_done", true).set("completed_at", when); }
    Draft& cancelled(bool yes = true) { return set("is_cancelled", yes); }
    Draft& priority(std::string_view text) { return set("priority", text); }
    Draft& series(bool yes = true) { return set("is_series", yes); }

    /// Of an opportunity's change that the CRM tells.
    Draft& field(std::string_view name) { return set("field", name); }
    Draft& from(std::string_view old) { return set("old", old); }
    Draft& to(std::string_view value) { return set("new", value); }
    Draft& changed_at(Instant when) { return set("changed_at", when); }

    /// The CRM's version; none unless said.
    Draft& modified(Instant when);
    /// When the fetch of it began; the World's `now` unless said.
    Draft& fetched(Instant when);
    Draft& deleted(bool yes = true);
    /// Any field by its name; an entity that does not have it throws.
    Draft& set(std::string_view field, std::string_view text);
    Draft& set(std::string_view field, const char* text) {
        return set(field, std::string_view{text});
    }
    Draft& set(std::string_view field, std::int64_t number);
    Draft& set(std::string_view field, int number) { return set(field, std::int64_t{number}); }
    Draft& set(std::string_view field, bool yes) { return set(field, std::int64_t{yes}); }
    Draft& set(std::string_view field, Instant when) { return set(field, to_millis(when)); }
    Draft& set(std::string_view field, std::chrono::local_days date);
    Draft& clear(std::string_view field);

private:
    friend class World;
    Draft(std::string source, model::Entity entity, std::string id)
        : source_(std::move(source)), entity_(entity), id_(std::move(id)) {}

    std::string source_;
    model::Entity entity_;
    std::string id_;
    std::map<std::size_t, std::variant<std::int64_t, std::string>> values_;
    std::optional<Instant> modified_, fetched_;
    bool deleted_ = false;
    bool makes_owner_ = false;
};

/// One team of the roster. A person called "ana" has the address ana@example.com.
class TeamDraft {
public:
    TeamDraft& manager(std::string_view person);
    TeamDraft& rep(std::string_view person);
    TeamDraft& zone(std::string_view name);
    TeamDraft& channel(std::string_view name);
    TeamDraft& holiday(std::chrono::local_days day);
    TeamDraft& away(std::string_view person, std::chrono::local_days day, double share = 1);
    TeamDraft& member(std::string_view person, std::optional<std::chrono::local_days> from,
                      std::optional<std::chrono::local_days> until = std::nullopt);

private:
    friend class World;
    TeamDraft(warehouse::Roster& roster, std::size_t index) : roster_(roster), index_(index) {}
    warehouse::RosterTeam& team();
    warehouse::RosterPerson& person(std::string_view name);
    warehouse::Roster& roster_;
    std::size_t index_;
};

/// A warehouse in a few words: a file of its own with the real schema, filled by the code that
/// stores pages. What was drafted is stored when anything is read.
class World {
public:
    explicit World(Instant now = noon(std::chrono::year{2026} / 11 / 20));
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    Draft& user(std::string_view id) { return draft(model::Entity::user, id); }
    Draft& account(std::string_view id) { return draft(model::Entity::account, id); }
    Draft& contact(std::string_view id) { return draft(model::Entity::contact, id); }
    Draft& pipeline(std::string_view id) { return draft(model::Entity::pipeline, id); }
    Draft& stage(std::string_view id) { return draft(model::Entity::stage, id); }
    Draft& opportunity(std::string_view id) { return draft(model::Entity::opportunity, id); }
    Draft& change(std::string_view id) { return draft(model::Entity::opportunity_change, id); }
    Draft& call(std::string_view id) { return draft(model::Entity::call, id); }
    Draft& task(std::string_view id) { return draft(model::Entity::task, id); }
    Draft& meeting(std::string_view id) { return draft(model::Entity::meeting, id); }
    Draft& email(std::string_view id) { return draft(model::Entity::email, id); }
    Draft& role(std::string_view id) { return draft(model::Entity::contact_role, id); }
    /// The record has been merged into another one since `when`.
    void merge(model::Entity entity, std::string_view part, std::string_view into, Instant when);
    /// A new record has the name `id`, where its entity has one.
    Draft& draft(model::Entity entity, std::string_view id);

    /// Another source for what is drafted from here on; the first one is "crm".
    World& in(std::string_view source);
    /// When what is drafted from here on is fetched.
    World& now(Instant instant);

    /// What is drafted from here on is stored by these rules, which outlive it; none: as it is.
    World& rules(warehouse::StoreRules* rules);

    TeamDraft team(std::string_view name);
    /// Instead of teams drafted one by one.
    void set_roster(warehouse::Roster roster);
    const warehouse::Roster& roster() const { return roster_; }

    /// The stream had nothing newer at `instant`.
    void mark_complete(model::Entity entity, Instant instant,
                       model::Lane lane = model::Lane::incremental);
    /// The same for every entity of the present source.
    void mark_all_complete(Instant instant);

    warehouse::Reader reader();
    warehouse::People people();
    /// The person with the address <name>@example.com, or of the user `name`; nobody when unknown.
    warehouse::PersonId person(std::string_view name);
    /// For writing as the daemon does.
    warehouse::Database& database();
    warehouse::SourceId source();
    const std::string& path();

private:
    using Key = std::tuple<std::string, model::Entity, std::string>;

    void store();
    void make_owners();
    void store(const Draft& draft);

    std::string folder_;
    std::string path_;
    std::unique_ptr<warehouse::Database> database_;
    std::string source_ = "crm";
    warehouse::StoreRules* rules_ = nullptr;
    Instant now_;
    std::deque<Draft> drafts_;
    std::map<Key, Draft> known_;
    std::set<Key> stored_users_;
    warehouse::Roster roster_;
    bool roster_changed_ = false;
};

}  // namespace nudged::tests
