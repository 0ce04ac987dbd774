// SPDX-License-Identifier: Apache-2.0
// Commitments that stand in notes of the CRM, by the mark [commit].
#include "daemon/runtime/note_commitments.hpp"

#include "connectors/sources/notes.hpp"
#include "daemon/runtime/sheet_reader.hpp"
#include "daemon/runtime/sync.hpp"
#include "daemon/runtime/workplace.hpp"
#include "daemon/warehouse/audit.hpp"
#include "daemon/warehouse/commitments.hpp"
#include "daemon/warehouse/escalations.hpp"
#include "daemon/warehouse/note_reading.hpp"
#include "daemon/warehouse/plans.hpp"
#include "daemon/warehouse/roster_find.hpp"
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

    /// Notes from a file, "id,owner,subject,body,made"; their text is mapped to these fields.
    sources::SourceOptions file(const std::string& rows, const Lines& fields = {"commitment"}) {
        folder_.write("notes.csv", "id,owner,subject,body,made\n" + rows);
        sources::CsvTable notes;
        notes.file = "notes.csv";
        notes.entity = "note";
        notes.id = place("id");
        notes.map = {{"owner", place("owner")},
                     {"subject", place("subject")},
                     {"created_at", place("made")}};
        for (const auto& field : fields) notes.extra[field] = place("body");
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
    /// What the rep's manager, or whoever else, reads of notes: "one_on_one of Ana Duarte on …: …".
    Lines notes(const char* reader = "mara@example.com") {
        const auto who =
            warehouse::find_on_roster(config_.roster, reader, warehouse::Role::anybody);
        const warehouse::NoteAsker asker{warehouse::person_on_roster(database(), who),
                                         Zone::utc().local_day(now)};
        Lines all;
        for (const auto& note : warehouse::read_notes(*reader_, asker).notes)
            all.push_back(fmt::format("{} of {} on {}: {}", to_string(note.type), note.rep_name,
                                      format_date(note.held_on),
                                      note.text ? note.text->body + " | " + note.text->agreed
                                                : "not for you"));
        return all;
    }
    Lines plans() {
        Lines all;
        database();
        for (const auto& plan : warehouse::read_plans(*reader_))
            all.push_back(fmt::format("{} from {}: {} {} to {}", plan.rep_name,
                                      format_date(plan.from), plan.goals.at(0).kpi,
                                      plan.goals.at(0).from, plan.goals.at(0).to));
        return all;
    }
    Lines escalations() {
        Lines all;
        database();
        for (const auto& one : warehouse::read_escalations(*reader_, now)) {
            auto line =
                fmt::format("{} of {}, next: {}", one.customer, one.rep_name, one.next_step);
            for (const auto& update : one.updates) line += "; " + update.text;
            all.push_back(line);
        }
        return all;
    }
    /// Removes the only note.
    void remove_note() {
        auto write = [](warehouse::Database& database) {
            warehouse::remove_note(database, warehouse::NoteId{1}, "a mistake", Instant{});
        };
        writer_.run_blocking(write);
    }
    std::string audit() {
        std::string told;
        database();
        for (const auto& row : warehouse::read_audit(*reader_))
            told += fmt::format("{} {}; ", to_string(row.entry.use), row.about_name);
        return told;
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
        warehouse::RosterPerson ana, ben;
        ana.name = "Ana Duarte";
        ana.emails = {"ana@example.com"};
        ben.name = "Ben Okafor";
        ben.emails = {"ben@example.com"};
        team.members = {ana, ben};
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

TEST_CASE("a 1:1 in a note is a note between rep and manager, and is off unless switched on") {
    Desk desk;
    const std::string talk = "n3,u1,[1:1] The renewal,\"She wants to negotiate alone\n"
                             "hard: the mornings\nnext: look at it together\nkpi: dials\nto: 50\n"
                             "week: 2026-W48\",2026-11-19T09:00:00Z\n";
    CHECK(desk.read(desk.file(talk)).empty());
    CHECK(desk.read(desk.file(talk, {"commitment", "coaching"})).empty());
    CHECK(desk.notes().empty());
    CHECK_FALSE(desk.stores("negotiate"));
    CHECK(desk.read(desk.file(talk, {"one_on_one"})).empty());
    const Lines kept{"one_on_one of Ana Duarte on 2026-11-19: The renewal\nShe wants to negotiate "
                     "alone\nhard: the mornings | 50 dials in 2026-W48\nlook at it together"};
    CHECK(desk.notes() == kept);
    CHECK(desk.notes("ana@example.com") == kept);
    CHECK(desk.notes("ben@example.com").empty());
    CHECK(desk.commitments().empty());  // a 1:1 says what was agreed; [commit] agrees it
    CHECK(desk.read(desk.file(talk, {"one_on_one"})).empty());
    CHECK(desk.notes() == kept);
    CHECK(desk.audit() == "imported Ana Duarte; ");
}

TEST_CASE(
    "a 1:1 that a manager wrote names the rep behind the mark, else it is refused in silence") {
    Desk desk;
    const auto refused = desk.read(
        desk.file("n1,mara@example.com,[1:1] Ana: the renewal,Alone,2026-11-19T09:00:00Z\n"
                  "n2,mara@example.com,[1:1] divorce,sleepless,2026-11-19T09:00:00Z\n"
                  "n3,u1,[1:1],,2026-11-19T09:00:00Z\n",
                  {"one_on_one"}));
    CHECK(desk.notes() == Lines{"one_on_one of Ana Duarte on 2026-11-19: the renewal\nAlone | "});
    REQUIRE(refused.size() == 1);
    CHECK_THAT(refused[0], Contains("crm notes: note crm/n2: it is about nobody on the roster") &&
                               Contains("write \"[1:1] Ana\"") && !Contains("divorce") &&
                               !Contains("sleepless"));
    CHECK_FALSE(desk.stores("sleepless"));
}

TEST_CASE(
    "a note that was changed in the CRM is a further revision, and a removed one stays away") {
    Desk desk;
    const auto praise = [&](const std::string& text) {
        return desk.file("n1,u1,[praise]," + text + ",2026-11-19T09:00:00Z\n", {"coaching"});
    };
    desk.read(praise("52 dials"));
    desk.read(praise("\"52 dials, each prepared\""));
    CHECK(desk.notes() == Lines{"praise of Ana Duarte on 2026-11-19: 52 dials, each prepared | "});
    CHECK_THAT(desk.audit(), Contains("imported Ana Duarte; ") && Contains("changed Ana Duarte; "));
    desk.remove_note();
    CHECK(desk.read(praise("\"52 dials, each prepared and kept\"")).empty());
    CHECK(desk.notes().empty());
}

TEST_CASE("best practices, plans and escalations are read from notes as their commands make them") {
    Desk desk;
    const std::string all =
        "n1,u1,[best],\"kpi: dials\nTwo blocks of an hour before ten\",2026-11-16T09:00:00Z\n"
        "n2,u1,[plan],\"kpi: dials\nfrom: 40\nto: 60\nweek: 2026-W48\",2026-11-17T09:00:00Z\n"
        "n3,u1,[esc] Baltic Clinics,\"Two weeks late\nnext: a date by Thursday\","
        "2026-11-18T09:00:00Z\n";
    const Lines fields{"coaching"};
    for (int time = 0; time < 2; ++time) {
        CHECK(desk.read(desk.file(all, fields)).empty());
        CHECK(desk.notes() == Lines{"best_practice of Ana Duarte on 2026-11-16: Two blocks of an "
                                    "hour before ten | "});
        CHECK(desk.plans() == Lines{"Ana Duarte from 2026-11-23: dials 40 to 60"});
        CHECK(desk.escalations() ==
              Lines{"Baltic Clinics of Ana Duarte, next: a date by Thursday; Two weeks late"});
    }
    desk.read(desk.file("n3,u1,[esc] Baltic Clinics,\"It has come\nnext: the bill\",\n", fields));
    CHECK(desk.escalations() == Lines{"Baltic Clinics of Ana Duarte, next: the bill; Two weeks "
                                      "late; It has come"});
}

TEST_CASE("a record that is not specific is refused with an example") {
    Desk desk;
    struct Case {
        const char* note;
        const char* told;
    };
    const auto c = GENERATE(values<Case>({
        {"u1,[plan] More,\"kpi: dials\"",
         "missing: from, to; write lines such as kpi: dials, from: "
         "40, to: 60, a line each"},
        {"u1,[plan],\"kpi: demos\nfrom: 1\nto: 2\"",
         "kpis.toml has no KPI \"demos\"; it has dials"},
        {"u1,[plan],\"kpi: dials\nfrom: some\nto: 2\"", "line 2 is no number"},
        {"u1,[esc],Late", "missing: the customer"},
        {"mara@example.com,[esc] Baltic,Late", "its owner is no rep of teams.toml"},
        {"u1,[1:1] Friday,x", ""},
    }));
    const auto refused =
        desk.read(desk.file("n1," + std::string{c.note} + ",2026-11-19T09:00:00Z\n", {"coaching"}));
    CAPTURE(c.note);
    if (*c.told == '\0') {
        CHECK(refused.empty());
    } else {
        REQUIRE(refused.size() == 1);
        CHECK_THAT(refused[0], Contains(c.told));
    }
    CHECK(desk.plans().empty());
    CHECK(desk.escalations().empty());
    CHECK(desk.notes().empty());
}

TEST_CASE("whoever has 1:1s read from notes is warned, and cannot have them read from tasks") {
    Desk desk;
    Diagnostics problems;
    sources::check_notes(desk.file("", {"one_on_one"}), "", problems);
    REQUIRE(problems.items().size() == 1);
    CHECK(problems.items()[0].severity == Diagnostic::Severity::warning);
    CHECK_THAT(problems.items()[0].str(),
               Contains("no secret there") && Contains("find out who may read the notes"));
    auto tasks = desk.file("", {"one_on_one"});
    std::get<sources::CsvSourceOptions>(tasks.connector_options).tables[0].entity = "task";
    Diagnostics errors;
    sources::check_notes(tasks, "", errors);
    CHECK(errors.has_errors());
    CHECK_THAT(errors.str(), Contains("a 1:1 cannot stand in a task"));
}
