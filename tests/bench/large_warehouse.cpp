// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/large_warehouse.hpp"

#include "connectors/model/page.hpp"
#include "daemon/warehouse/recount.hpp"
#include "daemon/warehouse/schema.hpp"
#include "daemon/warehouse/store.hpp"
#include "tests/bench/made_records.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <random>

namespace nudged::bench {
namespace {

using namespace nudged::warehouse;
using model::Entity;
using std::chrono::steady_clock;

constexpr const char* zones[] = {"America/New_York", "Europe/Berlin", "Asia/Tokyo",
                                 "America/Los_Angeles", "UTC"};

double seconds_since(steady_clock::time_point began) {
    return std::chrono::duration<double>(steady_clock::now() - began).count();
}

double cpu_seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// In the order of time, as CRMs number them; in office hours of Monday to Friday.
void insert_calls(Database& database, SourceId source, const LargeWarehouse& size) {
    auto insert = database.prepare(
        "INSERT INTO call (source_id, external_id, modified_at, fetched_at, content_hash, owner, "
        "account, opportunity, started_at, duration_s, direction, outcome, subject, created_at, "
        "url) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?7, ?3, ?8, 'outbound', ?9, "
        "'Call about the renewal', ?3, ?10)");
    std::mt19937 random{2};
    const auto first = as_of - std::chrono::hours{24 * 7 * size.weeks};
    const std::chrono::duration<double, std::milli> all = as_of - first;
    for (std::int64_t i = 0; i < size.calls; ++i) {
        const auto id = fmt::format("51{:010}", i);
        const auto owner = user_id(static_cast<int>(random() % unsigned(size.reps)));
        const auto account = account_id(static_cast<int>(random() % unsigned(size.accounts)));
        const auto opportunity =
            opportunity_id(static_cast<int>(random() % unsigned(size.opportunities)));
        const auto url = "https://crm.example.com/calls/" + id;
        auto at = to_millis(first) +
                  static_cast<std::int64_t>(all.count() * double(i) / double(size.calls));
        insert.bind(1, source).bind(2, id).bind(3, at).bind(4, as_of).bind(5, owner);
        insert.bind(6, account);
        if (i % 4 == 0)
            insert.bind(7, opportunity);
        else
            insert.bind_null(7);
        insert.bind(8, static_cast<std::int64_t>(random() % 600));
        insert.bind(9, random() % 3 ? "no_answer" : "connected").bind(10, url).run();
    }
}

void mark_complete(Database& database, SourceId source) {
    for (const auto entity : model::all_entities()) {
        model::Page page;
        page.fetched_at = as_of;
        store_page(database, source, {entity, model::Lane::incremental}, page, false);
    }
}

template <typename Work>
void in_transaction(Database& database, const char* what, const Work& work) {
    const auto began = steady_clock::now();
    const auto cpu_began = cpu_seconds();
    Transaction transaction{database};
    work();
    transaction.commit();
    std::fprintf(stderr, "%-28s %7.1f s, cpu %.1f s\n", what, seconds_since(began),
                 cpu_seconds() - cpu_began);
}

std::vector<std::string> index_statements(const Database& database) {
    std::vector<std::string> statements;
    auto rows = database.prepare("SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name "
                                 "= 'call' AND sql NOT NULL");
    while (rows.step()) statements.emplace_back(rows.text(0));
    return statements;
}

void drop_indexes(Database& database) {
    std::vector<std::string> names;
    {
        auto rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND "
                                     "tbl_name = 'call' AND sql NOT NULL");
        while (rows.step()) names.emplace_back(rows.text(0));
    }
    for (const auto& name : names) database.execute("DROP INDEX " + name);
}

}  // namespace

std::string rep_email(int rep) {
    return fmt::format("rep{}@example.com", rep);
}

Roster make_roster(int reps) {
    Roster roster;
    for (int i = 0; i < reps; ++i) {
        if (i % reps_a_team == 0) {
            const int number = i / reps_a_team;
            auto& team = roster.teams.emplace_back();
            team.name = fmt::format("Team {}", number);
            team.manager.name = fmt::format("Manager {}", number);
            team.manager.emails = {fmt::format("manager{}@example.com", number)};
            team.zone = Zone::find(zones[number % 5]).value_or(Zone::utc());
        }
        auto& rep = roster.teams.back().members.emplace_back();
        rep.name = fmt::format("Rep {}", i);
        rep.emails = {rep_email(i)};
    }
    return roster;
}

void make_large_warehouse(const LargeWarehouse& size) {
    std::filesystem::remove(size.path);
    Database database{size.path, Database::Mode::read_write};
    database.execute(layout_of_new_file);
    database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; "
                     "PRAGMA cache_size = -262144; PRAGMA wal_autocheckpoint = 16384");
    migrate(database);
    SourceId source{};
    std::vector<std::string> indexes;
    const auto roster = make_roster(size.reps);
    in_transaction(database, "people, accounts, deals", [&] {
        apply_roster(database, roster);
        source = ensure_source(database, "crm", "bench");
        tell_users(database, source, size.reps);
        tell_book(database, source, size);
        tell_touches(database, source, size);
        note_coaching(database, roster);
        mark_complete(database, source);
        indexes = index_statements(database);
        drop_indexes(database);
    });
    in_transaction(database, "calls", [&] { insert_calls(database, source, size); });
    for (const auto& index : indexes)
        in_transaction(database, "an index of the calls", [&] { database.execute(index); });
    const auto began = steady_clock::now();
    const auto cpu_began = cpu_seconds();
    in_transaction(database, "a rebuild begins", [&] { begin_rebuild(database); });
    int steps = 0;
    double longest = 0;
    for (bool more = true; more; ++steps) {
        const auto step_began = cpu_seconds();
        Transaction transaction{database};
        more = recount_some(database, 10'000);
        transaction.commit();
        longest = std::max(longest, cpu_seconds() - step_began);
    }
    const auto cpu = cpu_seconds() - cpu_began;
    std::fprintf(
        stderr,
        "%-28s %7.1f s, cpu %.1f s, %d steps, the longest %.3f s of cpu, %.2f us a record\n",
        "recount of everything", seconds_since(began), cpu, steps, longest,
        cpu * 1e6 / double(size.calls + 2 * size.opportunities));
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace nudged::bench
