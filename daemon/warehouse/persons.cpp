// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/persons.hpp"

#include "connectors/base/text.hpp"
#include "daemon/warehouse/attribution.hpp"

namespace nudged::warehouse {
namespace {

struct User {
    std::int64_t row;
    SourceId source_id;
    std::string source;
    std::string id;
    std::string address;
    std::string name;
    std::string time_zone;
    std::optional<PersonId> person;
    std::string day_zone;
    Instant told_at;  // its version, or its fetch
};

std::optional<User> read_user(const Database& database, SourceId source, std::string_view id) {
    auto row = database.prepare(
        "SELECT u.id, s.name, u.email, u.name, u.time_zone, u.person_id, u.day_zone, "
        "coalesce(u.modified_at, u.fetched_at) FROM user u JOIN source s ON s.id = u.source_id "
        "WHERE u.source_id = ?1 AND u.external_id = ?2");
    row.bind(1, source).bind(2, id);
    if (!row.step()) return std::nullopt;
    User user{.row = row.integer(0),
              .source_id = source,
              .source = std::string{row.text(1)},
              .id = std::string{id},
              .address = joining_address(row.text(2)),
              .name = std::string{row.text(3)},
              .time_zone = std::string{row.text(4)},
              .person = std::nullopt,
              .day_zone = std::string{row.text(6)},
              .told_at = from_millis(row.integer(7))};
    if (!row.is_null(5)) user.person = PersonId{row.integer(5)};
    return user;
}

std::optional<PersonId> first_id(Statement row) {
    if (!row.step()) return std::nullopt;
    return PersonId{row.integer(0)};
}

struct Person {
    std::string name;
    std::string email;
    std::optional<std::string> roster_zone;
};

Person read(const Database& database, PersonId id) {
    auto row = database.prepare("SELECT name, email, time_zone FROM person WHERE id = ?1");
    row.bind(1, id);
    row.step();
    return {.name = std::string{row.text(0)},
            .email = std::string{row.text(1)},
            .roster_zone = row.maybe_text(2)};
}

void give_address(Database& database, PersonId id, const std::string& address) {
    database.prepare("UPDATE person SET email = ?2 WHERE id = ?1")
        .bind(1, id)
        .bind(2, address)
        .run();
}

struct Seat {
    std::string from_day;
    PersonId person;
};

std::optional<Seat> last_seat(const Database& database, const User& user) {
    auto row = database.prepare("SELECT from_day, person_id FROM user_seat WHERE source_id = ?1 "
                                "AND user = ?2 ORDER BY from_day DESC LIMIT 1");
    row.bind(1, user.source_id).bind(2, user.id);
    if (!row.step()) return std::nullopt;
    return Seat{std::string{row.text(0)}, PersonId{row.integer(1)}};
}

/// Who has neither an address nor a seat elsewhere may be told of by both, later.
std::optional<PersonId> without_address(const Database& database, std::optional<PersonId> id) {
    return id && read(database, *id).email.empty() ? id : std::nullopt;
}

/// Who sits on the user's seat now. An address that nobody has belongs to whom we knew without one.
PersonId sitter_of(Database& database, const User& user, const std::optional<Seat>& before) {
    const auto sat = before ? std::optional{before->person} : std::nullopt;
    const auto linked = without_address(database, find_by_link(database, user.source, user.id));
    if (user.address.empty())
        return sat ? *sat : linked ? *linked : insert_person(database, user.name, "");
    if (const auto known = find_by_address(database, user.address)) return *known;
    const auto nameless = sat ? without_address(database, sat) : linked;
    if (!nameless) return insert_person(database, user.name, user.address);
    give_address(database, *nameless, user.address);
    return *nameless;
}

void write_seat(Database& database, const User& user, const std::string& from_day,
                PersonId person) {
    database
        .prepare("INSERT INTO user_seat (source_id, user, from_day, person_id) VALUES (?1, ?2, ?3, "
                 "?4) ON CONFLICT DO UPDATE SET person_id = excluded.person_id")
        .bind(1, user.source_id)
        .bind(2, user.id)
        .bind(3, from_day)
        .bind(4, person)
        .run();
}

/// A seat that is passed on is another person's from that day on: two people's numbers are never
/// mixed. Of whom no address was known, nobody can say that they were another.
void seat_user(Database& database, const User& user) {
    const auto before = last_seat(database, user);
    const PersonId person = sitter_of(database, user, before);
    if (before && before->person == person) return;
    if (!before) return write_seat(database, user, format_date(Stint::first_day), person);
    if (read(database, before->person).email.empty())
        return write_seat(database, user, before->from_day, person);
    const auto zone = Zone::find(user.day_zone).value_or(Zone::utc());
    write_seat(database, user,
               std::max(before->from_day, format_date(zone.local_day(user.told_at))), person);
}

std::string zone_of(const std::optional<std::string>& roster_zone, const User& user) {
    if (roster_zone) return *roster_zone;
    return Zone::find(user.time_zone) ? user.time_zone : Zone::utc().name();
}

/// The roster's name wins, where it has one.
void name_person(Database& database, PersonId id, const std::string& name) {
    if (!name.empty())
        database
            .prepare("UPDATE person SET name = ?2 WHERE id = ?1 AND name <> ?2 AND "
                     "(time_zone IS NULL OR name = '')")
            .bind(1, id)
            .bind(2, name)
            .run();
}

bool attribute_again(Database& database, const User& user) {
    const auto stints = attribute_user(database, user.source_id, user.id);
    const PersonId present = stints.back().person;
    const std::string zone = zone_of(read(database, present).roster_zone, user);
    if (user.person != present || user.day_zone != zone)
        database.prepare("UPDATE user SET person_id = ?2, day_zone = ?3 WHERE id = ?1")
            .bind(1, user.row)
            .bind(2, present)
            .bind(3, zone)
            .run();
    write_attribution(database, user.source_id, user.id, stints,
                      Zone::find(zone).value_or(Zone::utc()));
    name_person(database, last_seat(database, user)->person, user.name);
    name_person(database, present, user.name);
    return user.day_zone != zone;
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
    auto row = database.prepare("SELECT id FROM person WHERE email = ?1");
    row.bind(1, address);
    return first_id(std::move(row));
}

std::optional<PersonId> find_by_link(const Database& database, std::string_view source,
                                     std::string_view user) {
    auto row = database.prepare("SELECT person_id FROM person_link WHERE source = ?1 AND user = ?2 "
                                "ORDER BY from_day DESC LIMIT 1");
    row.bind(1, source).bind(2, user);
    return first_id(std::move(row));
}

PersonId counted_as(const Database& database, PersonId id) {
    auto row = database.prepare(
        "SELECT a.person_id FROM person p JOIN person_alias a ON a.email = p.email "
        "WHERE p.id = ?1 AND a.from_day = '0001-01-01' AND a.until_day = '9999-12-31'");
    row.bind(1, id);
    return first_id(std::move(row)).value_or(id);
}

bool link_user(Database& database, SourceId source, std::string_view id) {
    const auto user = read_user(database, source, id);
    if (!user) return false;
    seat_user(database, *user);
    return attribute_again(database, *user);
}

bool relink_user(Database& database, SourceId source, std::string_view id) {
    if (const auto user = read_user(database, source, id); user && last_seat(database, *user))
        return attribute_again(database, *user);
    write_attribution(database, source, id, attribute_user(database, source, id), Zone::utc());
    return false;
}

}  // namespace nudged::warehouse
