// SPDX-License-Identifier: Apache-2.0
// Who moved many close dates at once: a rep or an integration, by what the manifests read of it.
#include "connectors/sources/source.hpp"
#include "daemon/warehouse/measures.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/crmsim/salesforce/columns.hpp"
#include "tests/crmsim/salesforce/ids.hpp"
#include "tests/crmsim/simulator.hpp"
#include "tests/daemon/checks/scene.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using crmsim::ObjectType;
using model::Entity;

namespace {

/// A CRM whose manifest tells the past of deals.
struct Crm {
    std::string_view name;
    std::vector<std::pair<std::string, std::string>> replaced;  // so that nothing waits
    void (*equip)(sources::HttpSourceOptions& options);
    std::string ana, sync;  // its users
    std::string program;    // whom it names where no user of ours saved it
};

std::string salesforce_user(std::uint64_t number) {
    return crmsim::salesforce::id_text(crmsim::salesforce::user_prefix, number);
}

const std::vector<Crm>& crms() {
    static const std::vector<Crm> all{
        {.name = "hubspot",
         .replaced = {{"capacity = 5\n", "capacity = 1000\n"},
                      {"capacity = 1\n", "capacity = 1000\n"}},
         .equip = [](sources::HttpSourceOptions&) {},
         .ana = "7",
         .sync = "8",
         .program = "app:25200"},
        {.name = "salesforce",
         .replaced = {},
         .equip =
             [](sources::HttpSourceOptions& options) {
                 options.settings["login_url"] = options.settings["base_url"];
                 options.settings.erase("base_url");
                 options.auth = "person";
                 options.credentials.clear();
                 for (const auto* name : {"client_id", "client_secret", "refresh_token"})
                     options.credentials[name] = Secret{"pat-eu1-demo"};
             },
         .ana = salesforce_user(7),
         .sync = salesforce_user(8),
         .program = salesforce_user(crmsim::salesforce::automated_user)},
        {.name = "pipedrive",
         .replaced = {{"capacity = 4\n", "capacity = 1000\n"}},
         .equip =
             [](sources::HttpSourceOptions& options) { options.settings["changelog"] = "true"; },
         .ana = "7",
         .sync = "8",
         .program = "7"},  // the one whose token it has
    };
    return all;
}

/// Six deals of ana's, whose close dates somebody moved by a month within 25 minutes on Wednesday.
crmsim::Dataset six_moved_deals(std::optional<std::string> by_user) {
    crmsim::Dataset data;
    data.owners = {{7, "ana@example.com", "Ana", "A", 70, false, ""},
                   {8, "sync@example.com", "Sync", "S", 80, false, ""}};
    for (int i = 0; i < 6; ++i) {
        const auto deal = data.create(ObjectType::deals,
                                      {{"dealname", fmt::format("Deal {}", i)},
                                       {"pipeline", "default"},
                                       {"dealstage", "qualifiedtobuy"},
                                       {"amount", "1000"},
                                       {"closedate", "2026-11-30T10:00:00Z"},
                                       {"hubspot_owner_id", "7"}},
                                      noon(2026y / 9 / 1));
        data.set(ObjectType::deals, deal,
                 {{"closedate", "2026-12-31T10:00:00Z"}, {"hs_updated_by_user_id", by_user}},
                 noon(2026y / 11 / 18) + std::chrono::minutes{5 * i});
    }
    return data;
}

/// The manifest, or what it was before it told who changed something.
std::string manifest_of(const Crm& crm, HttpBench& bench, bool with_authors) {
    auto text = bench.shipped_text(std::string{crm.name}, crm.replaced);
    if (with_authors) return text;
    const auto line = text.find("\nby ");
    return text.erase(line, text.find('\n', line + 1) - line);
}

/// What the CRM tells of those deals stands in the office's warehouse.
void pull(const Crm& crm, std::optional<std::string> by_user, Office& office,
          bool with_authors = true) {
    HttpBench bench;
    bench.now = friday;
    crmsim::Simulator simulator{six_moved_deals(std::move(by_user)),
                                {.dialect = std::string{crm.name},
                                 .quotas = {0, 0, 0},
                                 .clock = [&] { return bench.now.load(); }}};
    loopback::Server server{
        0, [&](const loopback::Request& request) { return simulator.answer(request); }};
    auto options = bench.options(manifest_of(crm, bench, with_authors), server.url());
    crm.equip(std::get<sources::HttpSourceOptions>(options.connector_options));
    const auto source = bench.source(options);
    auto& database = office.world.database();
    for (const auto entity : {Entity::user, Entity::stage, Entity::opportunity}) {
        auto cursor = since_1970;
        for (bool more = true; more;) {
            const auto page = bench.fetch(*source, incremental(entity), cursor);
            warehouse::Transaction transaction{database};
            warehouse::store_page(database, office.world.source(), incremental(entity), page, false,
                                  nullptr, warehouse::measures());
            transaction.commit();
            cursor = page.cursor;
            more = page.more;
        }
    }
}

std::vector<std::string> movers(Office& office) {
    std::vector<std::string> movers;
    const auto reader = office.world.reader();
    auto rows = reader.database().prepare(
        "SELECT DISTINCT coalesce(changed_by_id, '') FROM v_opportunity_change "
        "WHERE field = 'close_date' ORDER BY 1");
    while (rows.step()) movers.emplace_back(rows.text(0));
    return movers;
}

}  // namespace

TEST_CASE("a bulk edit of close dates is told of the person who made it") {
    for (const auto& crm : crms()) {
        DYNAMIC_SECTION(crm.name) {
            Office office;
            pull(crm, "70", office);
            CHECK(movers(office) == std::vector{crm.ana});
            const auto findings = office.find("opp.close_bulk_edit");
            REQUIRE(findings.size() == 1);
            CHECK(findings[0].owner == office.world.person("ana"));
            CHECK(findings[0].evidence[0].value == "6");
        }
    }
}

TEST_CASE("a bulk edit by an integration's user is nobody's, once that user is known as one") {
    for (const auto& crm : crms()) {
        DYNAMIC_SECTION(crm.name) {
            Office office;
            pull(crm, "80", office);
            CHECK(movers(office) == std::vector{crm.sync});
            const auto findings = office.find("opp.close_bulk_edit");
            REQUIRE(findings.size() == 1);
            CHECK(findings[0].owner == office.world.person("sync"));
            office.options.integration_users = {"crm/" + crm.sync};
            CHECK(office.find("opp.close_bulk_edit").empty());
        }
    }
}

TEST_CASE("what a program saved is nobody's where the CRM tells the program from its user") {
    for (const auto& crm : crms()) {
        DYNAMIC_SECTION(crm.name) {
            Office office;
            pull(crm, std::nullopt, office);
            CHECK(movers(office) == std::vector{crm.program});
            const bool is_ana = crm.program == crm.ana;
            CHECK(office.find("opp.close_bulk_edit").size() == (is_ana ? 1 : 0));
        }
    }
}

TEST_CASE("a history that was stored without its authors gets them, and no second row") {
    for (const auto& crm : crms()) {
        DYNAMIC_SECTION(crm.name) {
            Office office;
            const auto changes = [&] {
                const auto reader = office.world.reader();
                auto row = reader.database().prepare("SELECT count(*) FROM opportunity_change");
                row.step();
                return row.integer(0);
            };
            pull(crm, "70", office, false);
            CHECK(changes() == 6);
            CHECK(movers(office) == std::vector<std::string>{""});
            pull(crm, "70", office);
            CHECK(changes() == 6);
            CHECK(movers(office) == std::vector{crm.ana});
        }
    }
}
