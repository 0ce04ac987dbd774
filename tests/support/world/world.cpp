// SPDX-License-Identifier: Apache-2.0
#include "tests/support/world/world.hpp"

#include "connectors/model/page.hpp"
#include "daemon/warehouse/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace nudged::tests {
namespace {

using model::Entity;

std::string make_folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "nudged-world-XXXXXX";
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("no folder for the World");
    return pattern;
}

std::string address_of(std::string_view name) {
    return name.find('@') == std::string_view::npos ? fmt::format("{}@example.com", name)
                                                    : std::string{name};
}

std::size_t index_of(Entity entity, std::string_view field) {
    const auto index = model::field_index(entity, field);
    if (!index)
        throw std::logic_error(fmt::format("a {} has no {}", model::to_string(entity), field));
    return *index;
}

}  // namespace

Instant noon(std::chrono::year_month_day day) {
    return at(day, 12);
}

Instant at(std::chrono::year_month_day day, int hour, int minute) {
    return std::chrono::sys_days{day} + std::chrono::hours{hour} + std::chrono::minutes{minute};
}

std::chrono::local_days day(std::chrono::year_month_day date) {
    return std::chrono::local_days{date};
}

Draft& Draft::owner(std::string_view user) {
    makes_owner_ = true;
    return set("owner", user);
}

Draft& Draft::at(Instant when) {
    if (entity_ == Entity::email) return set("sent_at", when);
    return set(entity_ == Entity::meeting ? "starts_at" : "started_at", when);
}

Draft& Draft::lasting(std::chrono::seconds duration) {
    return set("duration_s", static_cast<std::int64_t>(duration.count()));
}

Draft& Draft::modified(Instant when) {
    modified_ = when;
    return *this;
}

Draft& Draft::fetched(Instant when) {
    fetched_ = when;
    return *this;
}

Draft& Draft::deleted(bool yes) {
    deleted_ = yes;
    return *this;
}

Draft& Draft::set(std::string_view field, std::string_view text) {
    values_[index_of(entity_, field)] = std::string{text};
    return *this;
}

Draft& Draft::set(std::string_view field, std::int64_t number) {
    values_[index_of(entity_, field)] = number;
    return *this;
}

Draft& Draft::set(std::string_view field, std::chrono::local_days date) {
    return set(field, std::string_view{format_date(date)});
}

Draft& Draft::clear(std::string_view field) {
    values_.erase(index_of(entity_, field));
    return *this;
}

warehouse::RosterTeam& TeamDraft::team() {
    return roster_.teams[index_];
}

warehouse::RosterPerson& TeamDraft::person(std::string_view name) {
    if (team().manager.name == name) return team().manager;
    auto& members = team().members;
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const auto& member) { return member.name == name; });
    if (found == members.end())
        throw std::logic_error(fmt::format("{} is not in team {}", name, team().name));
    return *found;
}

TeamDraft& TeamDraft::manager(std::string_view person) {
    team().manager.name = person;
    team().manager.emails = {address_of(person)};
    return *this;
}

TeamDraft& TeamDraft::rep(std::string_view person) {
    return member(person, std::nullopt);
}

TeamDraft& TeamDraft::zone(std::string_view name) {
    team().zone = Zone::find(name).value();
    return *this;
}

TeamDraft& TeamDraft::channel(std::string_view name) {
    team().channel = name;
    return *this;
}

TeamDraft& TeamDraft::holiday(std::chrono::local_days day) {
    team().holidays.insert(day);
    return *this;
}

TeamDraft& TeamDraft::away(std::string_view name, std::chrono::local_days day, double share) {
    person(name).away[day] = share;
    return *this;
}

TeamDraft& TeamDraft::member(std::string_view person, std::optional<std::chrono::local_days> from,
                             std::optional<std::chrono::local_days> until) {
    auto& member = team().members.emplace_back();
    member.name = person;
    member.emails = {address_of(person)};
    member.from = from;
    member.until = until;
    return *this;
}

World::World(Instant now) : folder_(make_folder()), path_(folder_ + "/warehouse.db"), now_(now) {
    database_ = std::make_unique<warehouse::Database>(path_, warehouse::Database::Mode::read_write);
    database_->execute("PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL; "
                       "PRAGMA foreign_keys = ON");
    warehouse::migrate(*database_);
}

World::~World() {
    database_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

Draft& World::draft(Entity entity, std::string_view id) {
    // The draft before is complete once the next one begins.
    if (!drafts_.empty()) {
        const auto& last = drafts_.back();
        known_.insert_or_assign(Key{last.source_, last.entity_, last.id_}, last);
    }
    const auto known = known_.find(Key{source_, entity, std::string{id}});
    auto& draft = drafts_.emplace_back(
        known == known_.end() ? Draft{source_, entity, std::string{id}} : known->second);
    if (known == known_.end() && model::field_index(entity, "name")) draft.name(id);
    draft.fetched_ = now_;
    draft.deleted_ = false;
    return draft;
}

World& World::in(std::string_view source) {
    source_ = source;
    return *this;
}

World& World::now(Instant instant) {
    now_ = instant;
    return *this;
}

World& World::rules(warehouse::StoreRules* rules) {
    store();
    rules_ = rules;
    return *this;
}

TeamDraft World::team(std::string_view name) {
    roster_changed_ = true;
    roster_.teams.emplace_back().name = name;
    return TeamDraft{roster_, roster_.teams.size() - 1};
}

void World::set_roster(warehouse::Roster roster) {
    roster_ = std::move(roster);
    roster_changed_ = true;
}

void World::mark_complete(Entity entity, Instant instant, model::Lane lane) {
    auto& database = this->database();
    warehouse::Transaction transaction{database};
    model::Page page;
    page.fetched_at = instant;
    warehouse::store_page(database, warehouse::ensure_source(database, source_, "test"),
                          {entity, lane}, page, false);
    transaction.commit();
}

void World::merge(Entity entity, std::string_view part, std::string_view into, Instant when) {
    store();
    model::Page page;
    page.fetched_at = when;
    model::Record record;
    record.entity = entity;
    record.id = page.keep(part);
    record.modified = when;
    record.deleted = true;
    record.why = model::Gone::merged;
    record.into = page.keep(into);
    page.records.push_back(record);
    warehouse::Transaction transaction{*database_};
    warehouse::store_records(*database_, source(), page, rules_);
    transaction.commit();
}

void World::mark_all_complete(Instant instant) {
    for (const auto entity : model::all_entities()) mark_complete(entity, instant);
}

warehouse::Reader World::reader() {
    store();
    return warehouse::Reader{path_};
}

warehouse::People World::people() {
    return warehouse::read_people(reader(), roster_);
}

warehouse::PersonId World::person(std::string_view name) {
    const std::string address = address_of(name);
    auto row =
        database().prepare("SELECT id FROM person WHERE email = ?1 "
                           "UNION ALL SELECT person_id FROM user WHERE external_id = ?2 LIMIT 1");
    row.bind(1, address).bind(2, name);
    return row.step() ? warehouse::PersonId{row.integer(0)} : warehouse::PersonId::nobody;
}

warehouse::Database& World::database() {
    store();
    return *database_;
}

warehouse::SourceId World::source() {
    return warehouse::ensure_source(database(), source_, "test");
}

const std::string& World::path() {
    store();
    return path_;
}

void World::store() {
    if (drafts_.empty() && !roster_changed_) return;
    std::optional<warehouse::Transaction> transaction;  // unless a test is in one of its own
    if (!database_->in_transaction()) transaction.emplace(*database_);
    if (roster_changed_) warehouse::apply_roster(*database_, roster_);
    roster_changed_ = false;
    make_owners();
    for (const auto& draft : drafts_) {
        known_.insert_or_assign(Key{draft.source_, draft.entity_, draft.id_}, draft);
        store(draft);
    }
    drafts_.clear();
    if (transaction) transaction->commit();
}

/// Users whom owner() names and nobody drafted; before the records, as in a first load.
void World::make_owners() {
    std::deque<Draft> made;
    for (const auto& draft : drafts_)
        if (draft.entity_ == Entity::user)
            stored_users_.emplace(draft.source_, Entity::user, draft.id_);
    for (const auto& draft : drafts_) {
        if (!draft.makes_owner_) continue;
        const auto named = draft.values_.find(index_of(draft.entity_, "owner"));
        if (named == draft.values_.end()) continue;
        const auto& owner = std::get<std::string>(named->second);
        if (!stored_users_.emplace(draft.source_, Entity::user, owner).second) continue;
        auto& user = made.emplace_back(Draft{draft.source_, Entity::user, owner});
        user.name(owner).email(address_of(owner)).fetched(*draft.fetched_);
    }
    drafts_.insert(drafts_.begin(), made.begin(), made.end());
}

void World::store(const Draft& draft) {
    model::Page page;
    page.fetched_at = *draft.fetched_;
    model::Record record;
    record.entity = draft.entity_;
    record.id = page.keep(draft.id_);
    record.modified = draft.modified_;
    record.deleted = draft.deleted_;
    for (const auto& [index, value] : draft.values_) {
        if (const auto* number = std::get_if<std::int64_t>(&value))
            record.values[index] = *number;
        else
            record.values[index] = page.keep(std::get<std::string>(value));
    }
    page.records.push_back(record);
    warehouse::store_records(
        *database_, warehouse::ensure_source(*database_, draft.source_, "test"), page, rules_);
}

}  // namespace nudged::tests
