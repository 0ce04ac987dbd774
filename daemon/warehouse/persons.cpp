// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/persons.hpp"

#include "connectors/base/text.hpp"
#include "connectors/base/zone.hpp"

namespace nudged::warehouse {
namespace {

struct User {
    std::int64_t row;
    std::string source;
    std::string id;
    std::string address;
    std::string name;
    std::string time_zone;
    std::optional<PersonId> person;
    std::string day_zone;
};

std::optional<User> read_user(const Database& database, SourceId source, std::string_view id) {
    auto row = database.prepare(
        "SELECT u.id, s.name, u.email, u.name, u.time_zone, u.person_id, u.day_zone "
        "FROM user u JOIN source s ON s.id = u.source_id "
        "WHERE u.source_id = ?1 AND u.external_id = ?2");
    row.bind(1, source).bind(2, id);
    if (!row.step()) return std::nullopt;
    User user{.row = row.integer(0),
              .source = std::string{row.text(1)},
              .id = std::string{id},
              .address = joining_address(row.text(2)),
              .name = std::string{row.text(3)},
              .time_zone = std::string{row.text(4)},
              .person = std::nullopt,
              .day_zone = std::string{row.text(6)}};
    if (!row.is_null(5)) user.person = PersonId{row.integer(5)};
    return user;
}

std::optional<PersonId> find(const Database& database, std::string_view sql, std::string_view first,
                             std::string_view second = {}) {
    auto row = database.prepare(sql);
    row.bind(1, first);
    if (!second.empty()) row.bind(2, second);
    if (!row.step()) return std::nullopt;
    return PersonId{row.integer(0)};
}

struct Person {
    std::string email;
    std::optional<std::string> roster_zone;
};

Person read(const Database& database, PersonId id) {
    auto row = database.prepare("SELECT email, time_zone FROM person WHERE id = ?1");
    row.bind(1, id);
    row.step();
    return {.email = std::string{row.text(0)}, .roster_zone = row.maybe_text(1)};
}

void give_address(Database& database, PersonId id, const std::string& address) {
    database.prepare("UPDATE person SET email = ?2 WHERE id = ?1")
        .bind(1, id)
        .bind(2, address)
        .run();
    database.prepare("INSERT INTO person_email (email, person_id) VALUES (?1, ?2)")
        .bind(1, address)
        .bind(2, id)
        .run();
}

PersonId person_of(Database& database, const User& user) {
    if (const auto linked = find_by_link(database, user.source, user.id)) return *linked;
    if (user.address.empty())
        return user.person ? *user.person : insert_person(database, user.name, "");
    if (const auto known = find_by_address(database, user.address)) return *known;
    // A new address of a user who had one may be a new colleague's, on a seat that was passed on:
    // two people's numbers are never mixed. One who had none is the same as before.
    if (!user.person || !read(database, *user.person).email.empty())
        return insert_person(database, user.name, user.address);
    give_address(database, *user.person, user.address);
    return *user.person;
}

std::string zone_of(const Person& person, const User& user) {
    if (person.roster_zone) return *person.roster_zone;
    return Zone::find(user.time_zone) ? user.time_zone : Zone::utc().name();
}

}  // namespace

std::string joining_address(std::string_view email) {
    email = trim(email);
    return email.find('@') == std::string_view::npos ? "" : to_lower_ascii(email);
}

PersonId insert_person(Database& database, const std::string& name, const std::string& email) {
    database.prepare("INSERT INTO person (name) VALUES (?1)").bind(1, name).run();
    const PersonId id{database.last_insert_id()};
    if (!email.empty()) give_address(database, id, email);
    return id;
}

std::optional<PersonId> find_by_address(const Database& database, std::string_view address) {
    return find(database, "SELECT person_id FROM person_email WHERE email = ?1", address);
}

std::optional<PersonId> find_by_link(const Database& database, std::string_view source,
                                     std::string_view user) {
    return find(database, "SELECT person_id FROM person_user WHERE source = ?1 AND user = ?2",
                source, user);
}

bool link_user(Database& database, SourceId source, std::string_view id) {
    const auto user = read_user(database, source, id);
    if (!user) return false;
    const PersonId person_id = person_of(database, *user);
    const Person person = read(database, person_id);
    const std::string zone = zone_of(person, *user);
    if (user->person != person_id || user->day_zone != zone)
        database.prepare("UPDATE user SET person_id = ?2, day_zone = ?3 WHERE id = ?1")
            .bind(1, user->row)
            .bind(2, person_id)
            .bind(3, zone)
            .run();
    if (!person.roster_zone && !user->name.empty())  // the roster's name wins
        database.prepare("UPDATE person SET name = ?2 WHERE id = ?1 AND name <> ?2")
            .bind(1, person_id)
            .bind(2, user->name)
            .run();
    return user->day_zone != zone;
}

}  // namespace nudged::warehouse
