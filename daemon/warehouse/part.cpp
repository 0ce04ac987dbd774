// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/part.hpp"

#include "daemon/warehouse/merges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>

namespace nudged::warehouse {
namespace {

constexpr std::string_view is_open_task =
    "is_done IS NOT 1 AND is_cancelled IS NOT 1 AND is_series IS NOT 1";

/// Those of the changes, then those of whom the part is, then all that is copied.
constexpr std::array sets{
    "changed_opportunity", "changed_account", "changed_task",    "changed_contact", "changed_owner",
    "part_editor",         "part_user",       "own_opportunity", "own_account",     "own_task",
    "part_opportunity",    "part_account",    "part_task"};

constexpr std::array copies{"opportunity", "account", "task"};

}  // namespace

PartView::PartView(const Reader& reader, const Changes& changes, Instant since, Instant as_of,
                   const std::set<RecordKey>& named, const std::vector<std::set<PersonId>>& teams)
    : reader_(reader) {
    run("PRAGMA temp_store = MEMORY");
    for (const auto* set : sets) {
        run(fmt::format("CREATE TEMP TABLE IF NOT EXISTS {} (source_id INTEGER, id TEXT, "
                        "PRIMARY KEY (source_id, id)) WITHOUT ROWID",
                        set));
        run(fmt::format("DELETE FROM temp.{}", set));
    }
    find_changed(changes, since, as_of);
    add_named(named);
    join_merges(as_of);
    find_people(teams, as_of);
    find_records(as_of);
    copy_records();
}

PartView::~PartView() {
    try {
        for (const auto* copy : copies) run(fmt::format("DROP TABLE IF EXISTS temp.{}", copy));
    } catch (const std::exception&) {
        // Whoever reads on would read too little: the reader has failed as a whole by then.
        assert(false);
    }
}

void PartView::run(const std::string& sql, std::optional<Instant> one,
                   std::optional<Instant> two) const {
    auto statement = reader_.database().prepare(sql);
    if (one) statement.bind(1, *one);
    if (two) statement.bind(2, *two);
    while (statement.step()) {
    }
}

/// What changed, and what began since: a meeting that was to come is one that was held.
void PartView::find_changed(const Changes& changes, Instant since, Instant as_of) {
    const auto add = [&](const char* set, const Changes::Ids& ids) {
        auto insert = reader_.database().prepare(
            fmt::format("INSERT OR IGNORE INTO temp.{} VALUES (?1, ?2)", set));
        for (const auto& [source, id] : ids) insert.bind(1, source).bind(2, id).run();
    };
    add("changed_opportunity", changes.opportunities);
    add("changed_account", changes.accounts);
    add("changed_task", changes.tasks);
    add("changed_contact", changes.contacts);
    add("changed_owner", changes.owners);
    add("part_editor", changes.editors);
    add_mass_mail(changes);
    for (const auto* link : {"opportunity", "account", "contact"})
        run(fmt::format("INSERT OR IGNORE INTO temp.changed_{0} SELECT source_id, {0} FROM meeting "
                        "WHERE starts_at > ?1 AND starts_at <= ?2 AND {0} IS NOT NULL",
                        link),
            since, as_of);
    for (const auto* link : {"opportunity", "account", "contact"})
        run(fmt::format("INSERT OR IGNORE INTO temp.changed_{0} SELECT t.source_id, t.{0} "
                        "FROM temp.changed_task c JOIN task t ON t.source_id = c.source_id "
                        "AND t.external_id = c.id WHERE t.{0} IS NOT NULL",
                        link));
    run("INSERT OR IGNORE INTO temp.changed_account SELECT k.source_id, k.account "
        "FROM temp.changed_contact c JOIN contact k ON k.source_id = c.source_id "
        "AND k.external_id = c.id WHERE k.account IS NOT NULL");
}

void PartView::add_named(const std::set<RecordKey>& named) {
    auto insert = reader_.database().prepare(
        "INSERT OR IGNORE INTO temp.changed_opportunity SELECT id, ?2 FROM source WHERE name = ?1");
    for (const auto& key : named) {
        insert.reset();
        insert.bind(1, key.source).bind(2, key.id).run();
    }
}

/// What one more e-mail of a subject makes mass mail of, or one fewer makes single again.
void PartView::add_mass_mail(const Changes& changes) {
    for (const auto* link : {"opportunity", "account"}) {
        auto beside = reader_.database().prepare(
            fmt::format("INSERT OR IGNORE INTO temp.changed_{0} SELECT source_id, {0} FROM email "
                        "WHERE source_id = ?1 AND owner = ?2 AND subject = ?3 AND sent_at BETWEEN "
                        "?4 - 600000 AND ?4 + 600000 AND {0} IS NOT NULL",
                        link));
        for (const auto& mail : changes.mails) {
            beside.reset();
            beside.bind(1, mail.source).bind(2, mail.owner).bind(3, mail.subject);
            beside.bind(4, mail.sent_at).run();
        }
    }
}

/// What was merged into one of them, and what one of them was merged into.
void PartView::join_merges(Instant as_of) {
    for (const auto entity : {model::Entity::opportunity, model::Entity::account}) {
        const Merges merges{reader_, entity, as_of};
        const std::string name{model::to_string(entity)};
        for (const auto* prefix : {"changed_", "part_"}) {
            const auto set = prefix + name;
            auto insert = reader_.database().prepare(fmt::format(
                "INSERT OR IGNORE INTO temp.{} SELECT id, ?2 FROM source WHERE name = ?1", set));
            const auto add = [&](const RecordKey& key) {
                insert.reset();
                insert.bind(1, key.source).bind(2, key.id).run();
            };
            for (const auto& key :
                 keys(fmt::format("SELECT s.name, c.id FROM temp.{} c JOIN source s ON "
                                  "s.id = c.source_id",
                                  set))) {
                const auto whole = merges.survivor(key);
                if (whole != key) add(whole);
                for (const auto& part : merges.parts_of(whole)) add(part);
            }
        }
    }
}

/// Whoever owns something that changed, or something of the same customer.
void PartView::find_people(const std::vector<std::set<PersonId>>& teams, Instant as_of) {
    run("INSERT OR IGNORE INTO temp.changed_account SELECT o.source_id, o.account "
        "FROM temp.changed_opportunity c JOIN opportunity o ON o.source_id = c.source_id "
        "AND o.external_id = c.id WHERE o.account IS NOT NULL");
    join_merges(as_of);
    run("INSERT OR IGNORE INTO temp.changed_opportunity SELECT o.source_id, o.external_id "
        "FROM temp.changed_account c JOIN opportunity o ON o.source_id = c.source_id "
        "AND o.account = c.id");
    join_merges(as_of);
    run(fmt::format("INSERT OR IGNORE INTO temp.changed_task SELECT t.source_id, t.external_id "
                    "FROM temp.changed_opportunity c JOIN task t ON t.source_id = c.source_id "
                    "AND t.opportunity = c.id WHERE {} OR (t.is_done = 1 AND t.completed_at > ?1)",
                    is_open_task),
        as_of);
    // What is made of a person's records is made of open deals and accounts; a task is judged
    // alone.
    run("INSERT OR IGNORE INTO temp.changed_owner SELECT r.source_id, r.owner "
        "FROM temp.changed_account c JOIN account r ON r.source_id = c.source_id "
        "AND r.external_id = c.id WHERE r.owner IS NOT NULL");
    run("INSERT OR IGNORE INTO temp.changed_owner SELECT r.source_id, r.owner "
        "FROM temp.changed_opportunity c JOIN opportunity r ON r.source_id = c.source_id "
        "AND r.external_id = c.id WHERE r.owner IS NOT NULL AND (r.is_closed IS NOT 1 "
        "OR COALESCE(r.closed_at, strftime('%s', r.close_date) * 1000, 0) > ?1)",
        as_of);
    const auto people_of = [&](const char* set) {
        std::set<PersonId> people;
        auto rows = reader_.database().prepare(
            fmt::format("SELECT DISTINCT u.person_id FROM temp.{} c JOIN user u ON "
                        "u.source_id = c.source_id AND u.external_id = c.id "
                        "WHERE u.person_id IS NOT NULL",
                        set));
        while (rows.step()) people.insert(PersonId{rows.integer(0)});
        return people;
    };
    part_.people = people_of("changed_owner");
    for (const auto& team : teams)
        if (std::any_of(team.begin(), team.end(),
                        [&](PersonId id) { return part_.people.contains(id); }))
            part_.people.insert(team.begin(), team.end());
    run("INSERT OR IGNORE INTO temp.part_editor SELECT h.source_id, h.changed_by "
        "FROM temp.changed_opportunity c JOIN opportunity_change h ON h.source_id = c.source_id "
        "AND h.opportunity = c.id WHERE h.field = 'close_date' AND h.changed_by IS NOT NULL");
    part_.editors = people_of("part_editor");
    const auto users_of = [&](const char* set, const std::set<PersonId>& people) {
        auto insert = reader_.database().prepare(
            fmt::format("INSERT OR IGNORE INTO temp.{} SELECT source_id, external_id FROM user "
                        "WHERE person_id = ?1",
                        set));
        for (const auto person : people) {
            insert.reset();
            insert.bind(1, person).run();
        }
    };
    users_of("part_user", part_.people);
    users_of("part_editor", part_.editors);
}

/// What they own and what changed; then what has to be known beside that.
void PartView::find_records(Instant as_of) {
    run("INSERT OR IGNORE INTO temp.own_opportunity SELECT * FROM temp.changed_opportunity");
    run("INSERT OR IGNORE INTO temp.own_account SELECT * FROM temp.changed_account");
    run("INSERT OR IGNORE INTO temp.own_task SELECT * FROM temp.changed_task");
    run("INSERT OR IGNORE INTO temp.own_opportunity SELECT r.source_id, r.external_id "
        "FROM temp.part_user u CROSS JOIN opportunity r "
        "WHERE r.source_id = u.source_id AND r.owner = u.id");
    run(fmt::format("INSERT OR IGNORE INTO temp.own_task SELECT r.source_id, r.external_id "
                    "FROM temp.part_user u CROSS JOIN task r WHERE r.source_id = u.source_id "
                    "AND r.owner = u.id AND ({} OR (is_done = 1 AND completed_at > ?1))",
                    is_open_task),
        as_of);
    // No index leads from an owner to accounts: one walk over them.
    run("INSERT OR IGNORE INTO temp.own_account SELECT r.source_id, r.external_id "
        "FROM account r CROSS JOIN temp.part_user u "
        "WHERE u.source_id = r.source_id AND u.id = r.owner");
    run("INSERT OR IGNORE INTO temp.part_account SELECT * FROM temp.own_account");
    run("INSERT OR IGNORE INTO temp.part_account SELECT o.source_id, o.account "
        "FROM temp.own_opportunity c JOIN opportunity o ON o.source_id = c.source_id "
        "AND o.external_id = c.id WHERE o.account IS NOT NULL");
    run("INSERT OR IGNORE INTO temp.part_opportunity SELECT * FROM temp.own_opportunity");
    join_merges(as_of);
    run("INSERT OR IGNORE INTO temp.part_opportunity SELECT o.source_id, o.external_id "
        "FROM temp.part_account c JOIN opportunity o ON o.source_id = c.source_id "
        "AND o.account = c.id");
    run("INSERT OR IGNORE INTO temp.part_opportunity SELECT t.source_id, t.opportunity "
        "FROM temp.own_task c JOIN task t ON t.source_id = c.source_id AND t.external_id = c.id "
        "WHERE t.opportunity IS NOT NULL");
    // The index of opportunity_change leads with the opportunity, so this is a walk.
    if (!part_.editors.empty())
        run("INSERT OR IGNORE INTO temp.part_opportunity SELECT h.source_id, h.opportunity "
            "FROM opportunity_change h JOIN temp.part_editor u ON u.source_id = h.source_id "
            "AND u.id = h.changed_by WHERE h.field = 'close_date' AND h.opportunity IS NOT NULL");
    join_merges(as_of);
    run("INSERT OR IGNORE INTO temp.part_task SELECT * FROM temp.own_task");
    for (const auto* link : {"opportunity", "account"})
        run(fmt::format(
            "INSERT OR IGNORE INTO temp.part_task SELECT t.source_id, t.external_id "
            "FROM temp.part_{0} c JOIN task t ON t.source_id = c.source_id AND t.{0} = c.id",
            link));
    // Nor from a contact to tasks: one over the open ones.
    const std::string of_contacts =
        "INSERT OR IGNORE INTO temp.part_task SELECT t.source_id, t.external_id "
        "FROM task t CROSS JOIN contact k CROSS JOIN temp.part_account c "
        "WHERE k.source_id = t.source_id AND k.external_id = t.contact "
        "AND c.source_id = k.source_id AND c.id = k.account AND ";
    run(fmt::format("{}{}", of_contacts, is_open_task));
    run(of_contacts + "t.is_done = 1 AND t.completed_at > ?1", as_of);
}

void PartView::copy_records() {
    const auto own = [&](const char* entity) {
        return keys(fmt::format("SELECT s.name, c.id FROM temp.own_{} c JOIN source s ON "
                                "s.id = c.source_id",
                                entity));
    };
    part_.opportunities = own("opportunity");
    part_.accounts = own("account");
    part_.tasks = own("task");
    for (const auto* copy : copies) {
        run(fmt::format("CREATE TEMP TABLE {0} AS SELECT r.* FROM temp.part_{0} c JOIN main.{0} r "
                        "ON r.source_id = c.source_id AND r.external_id = c.id",
                        copy));
        run(fmt::format("CREATE UNIQUE INDEX temp.{0}_key ON {0}(source_id, external_id)", copy));
    }
    run("CREATE INDEX temp.task_of_opportunity ON task(source_id, opportunity)");
    run("CREATE INDEX temp.task_of_account ON task(source_id, account)");
}

std::set<RecordKey> PartView::keys(const std::string& sql) const {
    auto rows = reader_.database().prepare(sql);
    std::set<RecordKey> found;
    while (rows.step()) found.insert({std::string{rows.text(0)}, std::string{rows.text(1)}});
    return found;
}

std::optional<Instant> next_effect(const Reader& reader, Instant as_of) {
    // Calls and e-mails are many: their owners' indexes lead to what is to come.
    const auto by_owner = [](const char* table, const char* moment) {
        return fmt::format(
            "WITH RECURSIVE o(source_id, owner) AS ("
            "SELECT id, (SELECT min(owner) FROM {0} WHERE source_id = s.id) FROM source s "
            "UNION ALL SELECT o.source_id, (SELECT min(r.owner) FROM {0} r WHERE "
            "r.source_id = o.source_id AND r.owner > o.owner) FROM o WHERE o.owner IS NOT NULL) "
            "SELECT min((SELECT min(r.{1}) FROM {0} r WHERE r.source_id = o.source_id AND "
            "r.owner IS o.owner AND r.{1} > ?1)) FROM o",
            table, moment);
    };
    const auto plain = [](const char* table, const char* moment, std::string_view where = "1") {
        return fmt::format("SELECT min({1}) FROM {0} WHERE {1} > ?1 AND {2}", table, moment, where);
    };
    std::optional<Instant> next;
    for (const auto& sql :
         {by_owner("call", "started_at"), by_owner("email", "sent_at"),
          plain("opportunity", "created_at"), plain("opportunity", "closed_at"),
          plain("opportunity", "stage_since"), plain("opportunity_change", "changed_at"),
          plain("account", "created_at"), plain("contact_role", "created_at"),
          plain("task_change", "changed_at"), plain("tombstone", "deleted_at"),
          plain("task", "completed_at", "is_done = 1"), plain("task", "created_at", is_open_task),
          plain("task", "created_at", "is_done = 1 AND completed_at > ?1"),
          plain("call", "created_at", "is_planned = 1"),
          plain("meeting", "created_at", "starts_at > ?1")}) {
        auto row = reader.database().prepare(sql);
        row.bind(1, as_of);
        if (!row.step()) continue;
        const auto at = row.maybe_instant(0);
        if (at && (!next || *at < *next)) next = at;
    }
    return next;
}

std::optional<Instant> last_handover(const Reader& reader, Instant as_of) {
    auto row = reader.database().prepare("SELECT max(changed_at) FROM opportunity_change "
                                         "WHERE field = 'owner' AND changed_at > ?1");
    row.bind(1, as_of);
    return row.step() ? row.maybe_instant(0) : std::nullopt;
}

}  // namespace nudged::warehouse
