// SPDX-License-Identifier: Apache-2.0
// Commitments that stand in notes of the CRM, by the mark [commit].
#include "daemon/runtime/note_commitments.hpp"

#include "connectors/sources/notes.hpp"
#include "daemon/runtime/sheet_reader.hpp"
#include "daemon/runtime/sync.hpp"
#include "daemon/runtime/workplace.hpp"
#include "daemon/warehouse/commitments.hpp"
#include "daemon/warehouse/sheet_refusals.hpp"
#include "tests/paths.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using Catch::Contains;

namespace {

namespace asio = boost::asio;
using Lines = std::vector<std::string>;

sources::MapEntry place(const char* name) {
    sources::MapEntry entry;
    entry.from = {name};
    return entry;
}

/// Ana and her manager on Friday, 20 November 2026, and a CRM that knows her as u1.
class Desk {
public:
    Desk() : config_(make_config()), writer_(runtime::writer_options(config_)) {
        auto write = [this](warehouse::Database& database) {
            warehouse::apply_roster(database, config_.roster);
            const auto crm = warehouse::ensure_source(database, "crm", "csv");
            database
                .prepare("INSERT INTO user (source_id, external_id, fetched_at, content_hash, "
                         "email) VALUES (?1, 'u1', 0, 0, 'ana@example.com')")
                .bind(1, crm)
                .run();
        };
        writer_.run_blocking(write);
    }
    ~Desk() { workers_.join(); }

    /// Notes from a file: "id,owner,subject,body,made".
    sources::SourceOptions file(const std::string& rows) {
        folder_.write("notes.csv", "id,owner,subject,body,made\n" + rows);
        sources::CsvTable notes;
        notes.file = "notes.csv";
        notes.entity = "note";
        notes.id = place("id");
        notes.map = {{"owner", place("owner")},
                     {"subject", place("subject")},
                     {"created_at", place("made")}};
        notes.extra = {{"commitment", place("body")}};
        sources::SourceOptions made;
        made.name = "crm";
        made.connector = "csv";
        made.connector_options =
            sources::CsvSourceOptions{.tables = {notes}, .folder = folder_.path().string()};
        return made;
    }
    /// A new process looks at them once; what was refused.
    Lines read(const sources::SourceOptions& options) {
        const runtime::CareContext context{.config = config_,
                                           .writer = writer_,
                                           .rules = {},
                                           .workers = workers_,
                                           .clock = [this] { return now; }};
        const auto notes = runtime::make_source(*sources::notes_source(options),
                                                workplace_.source_context(config_));
        const auto rows = [&] { return runtime::read_note_commitments(context, *notes, "crm"); };
        runtime::SheetReader reader("crm notes", std::chrono::seconds{300}, rows, context, [] {});
        auto look = [&]() -> runtime::asio::awaitable<void> {
            const auto turn = co_await reader.read();
            failure = turn.failure;
        };
        workplace_.run(look());
        Lines refused;
        for (const auto& one : warehouse::read_sheet_refusals(database()))
            refused.push_back(one.source + ": " + one.why);
        return refused;
    }
    Lines commitments() {
        Lines all;
        for (const auto& one : warehouse::read_commitments(database(), {}))
            all.push_back(fmt::format("{} {} from {} in {} by {}", one.kpi, one.promised,
                                      one.baseline, one.week.str(), one.origin));
        return all;
    }
    std::vector<warehouse::Commitment> past() {
        return warehouse::read_commitment_past(
            database(), warehouse::read_commitments(database(), {}).at(0).person, "dials");
    }
    /// True when a text stands anywhere in the warehouse's files.
    bool stores(const std::string& text) const {
        const auto path = config_.warehouse_path().string();
        return tests::read_file(path).find(text) != text.npos ||
               tests::read_file(path + "-wal").find(text) != text.npos;
    }

    std::string failure;
    Instant now = *parse_instant("2026-11-20T12:00:00Z");

private:
    const warehouse::Database& database() {
        reader_.emplace(config_.warehouse_path().string());
        return reader_->database();
    }
    config::Config make_config() const {
        config::Config config;
        config.daemon.state_dir = folder_.path().string();
        config.daemon.manifest_dir = NUDGED_SOURCE_DIR "/connectors/manifests";
        warehouse::RosterTeam team;
        team.name = "Outbound";
        team.manager.name = "Mara Voss";
        team.manager.emails = {"mara@example.com"};
        warehouse::RosterPerson ana;
        ana.name = "Ana Duarte";
        ana.emails = {"ana@example.com"};
        team.members = {ana};
        config.roster.teams.push_back(std::move(team));
        checks::Kpi dials;
        dials.name = dials.label = dials.measure = "dials";
        dials.targets[""] = 90;
        config.checks.kpis.push_back(std::move(dials));
        return config;
    }

    tests::TempFolder folder_;
    config::Config config_;
    asio::thread_pool workers_{1};
    runtime::Workplace workplace_;
    warehouse::Writer writer_;
    std::optional<warehouse::Reader> reader_;
};

const std::string fifty = "n1,u1,[commit] Dials,\"kpi: dials\nfrom: 40\nto: 50\nweek: 2026-W48\","
                          "2026-11-19T09:00:00Z\n";

}  // namespace

TEST_CASE("a note with the mark is a commitment of whose it is; the same note changes nothing") {
    Desk desk;
    const auto notes = desk.file(fifty);
    CHECK(desk.read(notes).empty());
    CHECK(desk.commitments() == Lines{"dials 50 from 40 in 2026-W48 by note crm/n1"});
    CHECK(desk.past()[0].source == "crm");
    CHECK(format_instant(desk.past()[0].agreed_at) == "2026-11-19T00:00:00Z");
    CHECK(desk.read(notes).empty());
    CHECK(desk.past().size() == 1);
}

TEST_CASE("of a note without the mark nothing is kept, and of one with it what was agreed") {
    Desk desk;
    desk.read(desk.file(fifty + "n2,u1,,\"Kim is getting divorced, wait\",\n"
                                "n3,u1,[1:1] Friday,\"hard: sleeplessness\",\n"));
    CHECK(desk.commitments().size() == 1);
    CHECK(desk.stores("dials"));
    CHECK_FALSE(desk.stores("divorced"));
    CHECK_FALSE(desk.stores("sleeplessness"));
}

TEST_CASE("a note without a subject begins with its first line, and may be HTML") {
    Desk desk;
    CHECK(desk.read(desk.file("n1,ana@example.com,,\"<div><p>[commit] Dials</p><p>kpi: dials</p>"
                              "<p>from: 40</p><p>to: 50<br>week: 2026-W48</p></div>\",\n"))
              .empty());
    CHECK(desk.commitments() == Lines{"dials 50 from 40 in 2026-W48 by note crm/n1"});
}

TEST_CASE("a note that is changed corrects what it said, and a vague one is refused") {
    Desk desk;
    desk.read(desk.file(fifty));
    const auto refused = desk.read(
        desk.file("n1,u1,[commit],\"kpi: dials\nfrom: 40\nto: 45\nweek: 2026-W49\","
                  "2026-11-19T09:00:00Z\nn2,u1,[commit] More calls,\"I will make more\",\n"));
    CHECK(desk.commitments() == Lines{"dials 45 from 40 in 2026-W49 by note crm/n1"});
    CHECK(desk.past().at(1).reason == "changed in the note crm/n1");
    REQUIRE(refused.size() == 1);
    CHECK_THAT(refused[0], Contains("crm notes: note crm/n2, rep ana@example.com: a commitment "
                                    "says how much of what in which week"));
}

TEST_CASE("of HubSpot's notes those alone are asked for that may be one") {
    Desk desk;
    std::string asked;
    tests::HttpServer server([&](const tests::Request& request) {
        asked = request.body;
        return tests::Reply::json(R"({"total":1,"results":[{"id":"77","properties":{
            "hubspot_owner_id":"u1","hs_createdate":"2026-11-19T09:00:00.000Z","hs_note_body":
            "<p>[commit] Dials</p><p>kpi: dials</p><p>from: 40</p><p>to: 50</p><p>week: 2026-W48</p>"
            }}]})");
    });
    sources::HttpSourceOptions http;
    http.manifest = "hubspot";
    http.settings["base_url"] = server.url();
    http.credentials["token"] = Secret{"t"};
    sources::SourceOptions options;
    options.name = "crm";
    options.connector = "http";
    options.connector_options = http;
    CHECK_FALSE(sources::notes_source(options));
    http.fields["note"].extra["commitment"] = place("/properties/hs_note_body");
    options.connector_options = http;
    CHECK(desk.read(options).empty());
    CHECK(desk.failure.empty());
    CHECK(desk.commitments() == Lines{"dials 50 from 40 in 2026-W48 by note crm/77"});
    CHECK_THAT(asked, Contains(R"("operator":"CONTAINS_TOKEN")") && Contains("hs_note_body") &&
                          Contains("hubspot_owner_id"));
    CHECK(server.requests().at(0).path.ends_with("/notes/search"));
}
