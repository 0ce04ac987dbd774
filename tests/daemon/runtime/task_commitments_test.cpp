// SPDX-License-Identifier: Apache-2.0
// Commitments that stand in tasks of the CRM, by the mark [commit].
#include "daemon/runtime/task_commitments.hpp"

#include "daemon/runtime/marked_text.hpp"
#include "daemon/runtime/sheet_reader.hpp"
#include "daemon/runtime/sync.hpp"
#include "daemon/runtime/workplace.hpp"
#include "daemon/warehouse/commitments.hpp"
#include "daemon/warehouse/note_reading.hpp"
#include "daemon/warehouse/roster_find.hpp"
#include "daemon/warehouse/sheet_refusals.hpp"
#include "tests/support/process.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace nudged;
using Catch::Contains;

namespace {

namespace asio = boost::asio;

sources::MapEntry column(const char* name) {
    sources::MapEntry entry;
    entry.from = {name};
    return entry;
}

/// Ana and her manager, and a CRM whose tasks come from a file; on Friday, 20 November 2026.
class Desk {
public:
    /// The text of tasks is mapped to this field.
    explicit Desk(const char* field = "commitment")
        : config_(make_config()), writer_(runtime::writer_options(config_)) {
        source_ = make_source(field);
        config_.sources = {source_};
        auto apply = [this](warehouse::Database& database) {
            warehouse::apply_roster(database, config_.roster);
        };
        writer_.run_blocking(apply);
        folder_.write("users.csv", "id,email\nu1,ana@example.com\n");
    }
    ~Desk() { workers_.join(); }

    /// The CRM has these tasks; "id,owner,subject,body".
    void tasks(const std::string& rows) {
        folder_.write("tasks.csv", "id,owner,subject,body,made\n" + rows);
        workplace_.run(poll());
    }
    /// A new process looks at them once; what was refused.
    std::vector<std::string> read() {
        const runtime::CareContext context{.config = config_,
                                           .writer = writer_,
                                           .rules = {},
                                           .workers = workers_,
                                           .clock = [this] { return now; }};
        const auto rows = [&] { return runtime::read_task_commitments(context, "crm"); };
        runtime::SheetReader reader("crm tasks", std::chrono::seconds{300}, rows, context,
                                    [this] { ++changes; });
        auto look = [&]() -> runtime::asio::awaitable<void> { co_await reader.read(); };
        workplace_.run(look());
        std::vector<std::string> refused;
        for (const auto& one : warehouse::read_sheet_refusals(database()))
            refused.push_back(one.source + ": " + one.why);
        return refused;
    }
    std::vector<std::string> commitments() {
        std::vector<std::string> all;
        for (const auto& one : warehouse::read_commitments(database(), {}))
            all.push_back(fmt::format("{} {} from {} in {} by {}", one.kpi, one.promised,
                                      one.baseline, one.week.str(), one.origin));
        return all;
    }
    /// What Ana reads of notes.
    std::vector<std::string> notes() {
        const auto ana = warehouse::find_on_roster(config_.roster, "ana", warehouse::Role::rep);
        const warehouse::NoteAsker asker{warehouse::person_on_roster(database(), ana),
                                         Zone::utc().local_day(now)};
        std::vector<std::string> all;
        for (const auto& note : warehouse::read_notes(*reader_, asker).notes)
            all.push_back(fmt::format("{} {}", to_string(note.type), note.text.value().body));
        return all;
    }
    std::vector<warehouse::Commitment> past() {
        return warehouse::read_commitment_past(
            database(), warehouse::read_commitments(database(), {}).at(0).person, "dials");
    }
    const sources::SourceOptions& source() const { return source_; }

    int changes = 0;
    Instant now = *parse_instant("2026-11-20T12:00:00Z");

private:
    const warehouse::Database& database() {
        reader_.emplace(config_.warehouse_path().string());
        return reader_->database();
    }
    asio::awaitable<void> poll() {
        auto of_source = workplace_.source_context(config_);
        of_source.clock = [this] { return now; };
        const auto source = runtime::make_source(source_, of_source);
        co_await runtime::declare(*source, source_, writer_, false);
        const runtime::TurnSink sink = [](const runtime::StreamTurn&) {};
        for (const auto& stream : source->streams()) {
            const auto turn = co_await runtime::pull_stream(*source, source_, stream, writer_,
                                                            of_source.clock, sink);
            if (turn.failed()) throw std::runtime_error(turn.failure);
        }
    }
    config::Config make_config() const {
        config::Config config;
        config.daemon.state_dir = folder_.path().string();
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
    sources::SourceOptions make_source(const char* field) const {
        sources::CsvTable users;
        users.file = "users.csv";
        users.entity = "user";
        users.id = column("id");
        users.map = {{"email", column("email")}};
        sources::CsvTable tasks;
        tasks.file = "tasks.csv";
        tasks.entity = "task";
        tasks.id = column("id");
        tasks.map = {{"owner", column("owner")},
                     {"subject", column("subject")},
                     {"created_at", column("made")}};
        if (*field) tasks.extra = {{field, column("body")}};
        sources::SourceOptions made;
        made.name = "crm";
        made.connector = "csv";
        made.connector_options =
            sources::CsvSourceOptions{.tables = {users, tasks}, .folder = folder_.path().string()};
        return made;
    }

    tests::TempFolder folder_;
    config::Config config_;
    asio::thread_pool workers_{1};
    runtime::Workplace workplace_;
    warehouse::Writer writer_;
    sources::SourceOptions source_;
    std::optional<warehouse::Reader> reader_;
};

using Lines = std::vector<std::string>;
const std::string fifty = "t1,u1,[commit] Dials,\"kpi: dials\nfrom: 40\nto: 50\nweek: 2026-W48\","
                          "2026-11-19T09:00:00Z\n";

}  // namespace

TEST_CASE(
    "a task with the mark is a commitment of whose it is; the same task again changes nothing") {
    Desk desk;
    desk.tasks(fifty + "t2,u1,Call Acme,\"to: 50\",2026-11-19T09:00:00Z\n"
                       "t3,u1,[1:1] Friday,\"next: negotiate\",2026-11-19T09:00:00Z\n");
    CHECK(desk.read().empty());
    CHECK(desk.commitments() == Lines{"dials 50 from 40 in 2026-W48 by crm/t1"});
    CHECK(desk.past()[0].source == "crm");
    CHECK(desk.past()[0].agreed_by == "Mara Voss");
    CHECK(format_instant(desk.past()[0].agreed_at) == "2026-11-19T00:00:00Z");
    CHECK(desk.changes == 1);
    CHECK(desk.read().empty());
    CHECK(desk.past().size() == 1);
    CHECK(desk.changes == 1);
}

TEST_CASE(
    "a task records praise, plans and escalations where that is switched on, and never a 1:1") {
    Desk desk{"coaching"};
    CHECK(runtime::has_task_commitments(desk.source()));
    desk.tasks(fifty + "t2,u1,[praise] Fifty dials,\"each of them prepared\",2026-11-19T09:00:00Z\n"
                       "t3,u1,[1:1] Friday,\"next: negotiate\",2026-11-19T09:00:00Z\n"
                       "t4,u1,[plan],\"kpi: dials\",2026-11-19T09:00:00Z\n");
    const auto refused = desk.read();
    CHECK(desk.commitments().empty());  // whose text is not mapped
    CHECK(desk.notes() == Lines{"praise Fifty dials\neach of them prepared"});
    REQUIRE(refused.size() == 2);
    CHECK(refused[0] ==
          "crm tasks: task crm/t3: a 1:1 is not read from a task, whose text is stored "
          "for whoever may query: write a note that begins with \"[1:1] Ana\"");
    CHECK(refused[1].find("task crm/t4, rep ana@example.com: a plan says from where to where in "
                          "which KPI; missing: from, to") != std::string::npos);
    CHECK(desk.changes == 1);
    desk.read();
    CHECK(desk.notes().size() == 1);
    CHECK(desk.changes == 1);
}

TEST_CASE("nothing is taken from tasks unless a field for it is mapped") {
    CHECK(runtime::has_task_commitments(Desk{}.source()));
    CHECK_FALSE(runtime::has_task_commitments(Desk{""}.source()));
    sources::SourceOptions hubspot;
    sources::HttpSourceOptions http;
    http.fields["task"].extra["commitment"] = column("/properties/hs_task_body");
    hubspot.connector_options = http;
    CHECK(runtime::has_task_commitments(hubspot));
}

TEST_CASE("a vague task is refused with an example, and so is a line that cannot be read") {
    Desk desk;
    desk.tasks("t1,u1,[commit] Make more calls,\"I will make more calls\",\n"
               "t2,u1,[commit],\"kpi: dials\nto: many\nweek: 2026-W48\",\n"
               "t3,u1,[commit],\"kpi: pushups\nfrom: 1\nto: 50\nweek: 2026-W48\",\n"
               "t4,,[commit],\"kpi: dials\nfrom: 1\nto: 50\nweek: 2026-W48\",\n");
    const auto refused = desk.read();
    REQUIRE(refused.size() == 4);
    const auto says = [&](const char* task, const char* what) {
        INFO(task);
        const auto found = std::find_if(refused.begin(), refused.end(), [&](const auto& one) {
            return one.starts_with(fmt::format("crm tasks: task crm/{}", task));
        });
        REQUIRE(found != refused.end());
        CHECK_THAT(*found, Contains(what));
    };
    says("t1", "rep ana@example.com: a commitment says how much of what in which week; missing: "
               "kpi, to, week; write lines such as kpi: dials, from: 40, to: 50, week: 2026-W48");
    says("t2", "line 2 is no number; write it alone, such as to: 50");
    says("t3", "kpis.toml has no KPI \"pushups\"");
    says("t4", "it belongs to nobody whom nudged knows");
    CHECK(desk.commitments().empty());
    desk.tasks(fifty);  // mended
    CHECK(desk.read().size() == 3);
    CHECK(desk.commitments().size() == 1);
}

TEST_CASE("a task that is changed corrects what it said, which stays; another week as well") {
    Desk desk;
    desk.tasks(fifty);
    desk.read();
    desk.tasks(
        "t1,u1,[commit] Dials,\"kpi: dials\nfrom: 40\nto: 45\nweek: 2026-W49\nworked: a list\","
        "2026-11-19T09:00:00Z\n");
    CHECK(desk.read().empty());
    CHECK(desk.commitments() == Lines{"dials 45 from 40 in 2026-W49 by crm/t1"});
    const auto past = desk.past();
    REQUIRE(past.size() == 2);
    CHECK(past[0].promised == 50);
    CHECK(past[0].week.str() == "2026-W48");
    CHECK(past[1].reason == "changed in the task crm/t1");
    CHECK(past[1].worked == "a list");
}

TEST_CASE("of two tasks for one week the first one holds, and the other is told") {
    Desk desk;
    desk.tasks(fifty + "t2,u1,[commit],\"kpi: dials\nfrom: 40\nto: 70\nweek: 2026-W48\","
                       "2026-11-20T09:00:00Z\n");
    const auto refused = desk.read();
    REQUIRE(refused.size() == 1);
    CHECK_THAT(refused[0], Contains("is agreed for that week already (50 dials in 2026-W48"));
    CHECK(desk.commitments() == Lines{"dials 50 from 40 in 2026-W48 by crm/t1"});
}

TEST_CASE("a body may be HTML, as several CRMs have it") {
    CHECK(runtime::plain_lines("<p>kpi: dials</p><div>to: 50<br/>week: 2026-W48</div>") ==
          "kpi: dials\nto: 50\nweek: 2026-W48\n");
    CHECK(runtime::plain_lines("<p>worked: a &lt; b &amp;&nbsp;c</p>") == "worked: a < b & c\n");
    CHECK(runtime::plain_lines("a < b & c") == "a < b & c");
    CHECK(runtime::plain_lines("<p>open <b") == "<p>open <b");
    CHECK(runtime::plain_lines("</p><b") == "\n<b");
}
