// SPDX-License-Identifier: Apache-2.0
// Commitments and leave that a team keeps in a spreadsheet.
#include "daemon/runtime/sheet_reader.hpp"

#include "daemon/runtime/commitment_rows.hpp"
#include "daemon/runtime/workplace.hpp"
#include "daemon/warehouse/commitments.hpp"
#include "daemon/warehouse/sheet_refusals.hpp"
#include "daemon/warehouse/time_off.hpp"
#include "tests/crmsim/simulator.hpp"
#include "tests/paths.hpp"
#include "tests/support/process.hpp"
#include "tests/support/rsa_key.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace nudged;
using Catch::Contains;
using sources::CoachingRows;

namespace {

constexpr auto agreed = "agreed.csv";
constexpr auto away = "away.csv";

warehouse::RosterPerson person(const char* name, const char* email) {
    warehouse::RosterPerson made;
    made.name = name;
    made.emails = {email};
    return made;
}

sources::MapEntry column(const char* name) {
    sources::MapEntry entry;
    entry.from = {name};
    return entry;
}

/// A team of two and a source with two tables; on Friday, 20 November 2026.
class Team {
public:
    Team()
        : config_(make_config()),
          writer_(runtime::writer_options(config_)),
          source_(make_source()) {
        auto apply = [this](warehouse::Database& database) {
            warehouse::apply_roster(database, config_.roster);
        };
        run(writer_.run(apply));
    }
    ~Team() { workers_.join(); }

    /// A new process reads the rows of one kind once; gives what was refused.
    std::vector<std::string> read(CoachingRows kind) {
        return read(kind, *sources::coaching_source(source_, kind));
    }
    std::vector<std::string> read(CoachingRows kind, const sources::SourceOptions& rows) {
        const auto context = this->context();
        auto of_source = workplace_.source_context(config_);
        of_source.clock = context.clock;
        runtime::SheetReader reader(rows, kind, of_source, context, [this] { ++changes; });
        run(reader.read());
        std::vector<std::string> refused;
        for (const auto& one : warehouse::read_sheet_refusals(database()))
            if (one.kind == to_string(kind)) refused.push_back(one.why);
        return refused;
    }
    std::vector<std::string> lines() {
        const auto context = this->context();
        auto of_source = workplace_.source_context(config_);
        of_source.clock = context.clock;
        runtime::SheetReader reader(*sources::coaching_source(source_, CoachingRows::commitment),
                                    CoachingRows::commitment, of_source, context, [] {});
        std::vector<std::string> told;
        auto one = [&](bool anew) -> boost::asio::awaitable<void> {
            told.push_back(runtime::sheet_line(co_await reader.read(anew)));
        };
        for (const bool anew : {false, false, true})
            boost::asio::co_spawn(workplace_.loop(), one(anew), boost::asio::detached);
        workplace_.loop().restart();
        workplace_.loop().run();
        return told;
    }
    void write(const char* file, const std::string& text) { folder_.write(file, text); }

    /// "Ana dials 50 from 40 in 2026-W48", as it stands.
    std::vector<std::string> commitments() {
        std::vector<std::string> all;
        for (const auto& one : warehouse::read_commitments(database(), {}))
            all.push_back(fmt::format("{} {} from {} in {}, {}", one.kpi, one.promised,
                                      one.baseline, one.week.str(), to_string(one.state)));
        return all;
    }
    std::vector<std::string> days_off() {
        std::vector<std::string> all;
        for (const auto& one : warehouse::read_away(database()))
            all.push_back(fmt::format("{} {} to {} {}", one.name, format_date(one.from),
                                      format_date(one.to), one.share));
        return all;
    }
    std::vector<warehouse::Commitment> past() {
        return warehouse::read_commitment_past(
            database(), warehouse::read_commitments(database(), {}).at(0).person, "dials");
    }
    void command(std::map<std::string, std::string> arguments, const std::string& name = "commit") {
        const auto context = this->context();
        const runtime::ControlRequest request{.command = name, .arguments = std::move(arguments)};
        auto work = runtime::find_care(request, context);
        REQUIRE(work);
        const auto report = run(std::move(*work));
        INFO(fmt::format("{}", fmt::join(report.sentences, " ")));
        REQUIRE(report.status == 0);
    }

    sources::SourceOptions& source() { return source_; }
    const config::Config& config() const { return config_; }

    int changes = 0;
    Instant now = *parse_instant("2026-11-20T12:00:00Z");

private:
    const warehouse::Database& database() {
        reader_.emplace(config_.warehouse_path().string());
        return reader_->database();
    }
    runtime::CareContext context() {
        return {.config = config_,
                .writer = writer_,
                .rules = {},
                .workers = workers_,
                .clock = [this] { return now; }};
    }
    template <typename Result>
    Result run(boost::asio::awaitable<Result> work) {
        std::optional<Result> result;
        auto keep = [&]() -> boost::asio::awaitable<void> { result = co_await std::move(work); };
        workplace_.run(keep());
        return std::move(*result);
    }
    void run(boost::asio::awaitable<void> work) { workplace_.run(std::move(work)); }

    config::Config make_config() const {
        config::Config config;
        config.daemon.state_dir = folder_.path().string();
        config.daemon.manifest_dir = NUDGED_SOURCE_DIR "/connectors/manifests";
        warehouse::RosterTeam team;
        team.name = "Outbound";
        team.manager = person("Mara Voss", "mara@example.com");
        team.members = {person("Ana Duarte", "ana@example.com"),
                        person("Ben Okafor", "ben@example.com")};
        config.roster.teams.push_back(std::move(team));
        checks::Kpi dials;
        dials.name = dials.label = dials.measure = "dials";
        dials.targets[""] = 90;
        config.checks.kpis.push_back(std::move(dials));
        return config;
    }
    sources::SourceOptions make_source() const {
        sources::CsvTable commitments;
        commitments.file = agreed;
        commitments.entity = "commitment";
        commitments.map = {{"rep", column("Rep")},   {"kpi", column("KPI")},
                           {"from", column("From")}, {"to", column("To")},
                           {"week", column("Week")}, {"note", column("Note")}};
        sources::CsvTable leave;
        leave.file = away;
        leave.entity = "leave";
        leave.delimiter = ';';
        leave.map = {{"rep", column("Wer")},
                     {"from", column("Von")},
                     {"to", column("Bis")},
                     {"half", column("Halb")}};
        for (const auto* day : {"from", "to"}) {
            leave.map[day].as = "date";
            leave.map[day].format = "%d.%m.%Y";
        }
        leave.map["half"].values = {{"ja", "yes"}};
        sources::SourceOptions made;
        made.name = "sheets";
        made.connector = "csv";
        made.connector_options = sources::CsvSourceOptions{.tables = {commitments, leave},
                                                           .folder = folder_.path().string()};
        return made;
    }

    tests::TempFolder folder_;
    config::Config config_;
    boost::asio::thread_pool workers_{1};
    runtime::Workplace workplace_;
    warehouse::Writer writer_;
    sources::SourceOptions source_;
    std::optional<warehouse::Reader> reader_;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("rows of a sheet are agreed once, and what is vague is refused with an example") {
    Team team;
    team.write(agreed, "Rep,KPI,From,To,Week,Note\n"
                       "ana,dials,40,50,2026-W48,\n"
                       "ben,dials,30,more,2026-W48,\n"
                       "ana,dials,50,60,,by and by\n"
                       "bob,dials,30,40,2026-W48,\n");
    const auto refused = team.read(CoachingRows::commitment);
    CHECK(team.commitments() == Texts{"dials 50 from 40 in 2026-W48, agreed"});
    REQUIRE(refused.size() == 3);
    CHECK_THAT(refused[0], Contains("rep ben, kpi dials, from 30, to more, week 2026-W48: \"more\" "
                                    "is no number"));
    CHECK_THAT(refused[1], Contains("\"week\" is missing, such as: nudged commit add"));
    CHECK_THAT(refused[2], Contains("no rep of teams.toml is called \"bob\""));
    CHECK(team.changes == 1);
    CHECK(team.read(CoachingRows::commitment).size() == 3);
    CHECK(team.changes == 1);
    CHECK(team.past().size() == 1);
}

TEST_CASE("a row that changes corrects what the sheet said, and the old value stays") {
    Team team;
    const std::string head = "Rep,KPI,From,To,Week,Note\n";
    team.write(agreed, head + "ana,dials,40,50,2026-W48,\n");
    team.read(CoachingRows::commitment);
    team.write(agreed, head + "ana,dials,40,45,2026-W48,two days of fair\n");
    CHECK(team.read(CoachingRows::commitment).empty());
    CHECK(team.commitments() == Texts{"dials 45 from 40 in 2026-W48, agreed"});
    const auto past = team.past();
    REQUIRE(past.size() == 2);
    CHECK(past[0].promised == 50);
    CHECK(past[1].reason == "changed in the sheet sheets");
    CHECK(past[1].note == "two days of fair");

    // What is said by command since holds until the row changes again.
    team.command({{"do", "correct"}, {"id", "1"}, {"to", "48"}});
    team.read(CoachingRows::commitment);
    CHECK(team.commitments() == Texts{"dials 48 from 40 in 2026-W48, agreed"});
    team.write(agreed, head + "ana,dials,40,47,2026-W48,\n");
    team.read(CoachingRows::commitment);
    CHECK(team.commitments() == Texts{"dials 47 from 40 in 2026-W48, agreed"});

    // And a row that is gone takes nothing back.
    team.write(agreed, head + "ben,dials,30,40,2026-W48,\n");
    team.read(CoachingRows::commitment);
    CHECK(team.commitments().size() == 2);
}

TEST_CASE("what is void by command is not agreed again by its row") {
    Team team;
    team.write(agreed, "Rep,KPI,From,To,Week,Note\nana,dials,40,50,2026-W48,\n");
    team.read(CoachingRows::commitment);
    team.command({{"do", "void"}, {"id", "1"}, {"reason", "another role"}});
    team.read(CoachingRows::commitment);
    CHECK(team.commitments() == Texts{"dials 50 from 40 in 2026-W48, void"});
}

TEST_CASE("what was agreed by command is not changed by a sheet") {
    Team team;
    team.command({{"do", "add"},
                  {"rep", "ana"},
                  {"kpi", "dials"},
                  {"from", "40"},
                  {"to", "50"},
                  {"week", "2026-W48"}});
    team.write(agreed, "Rep,KPI,From,To,Week,Note\nana,dials,40,60,2026-W48,\n");
    const auto refused = team.read(CoachingRows::commitment);
    REQUIRE(refused.size() == 1);
    CHECK_THAT(refused[0], Contains("Ana Duarte, dials in 2026-W48: number 1 is agreed"));
    CHECK(team.commitments() == Texts{"dials 50 from 40 in 2026-W48, agreed"});
}

TEST_CASE("leave follows its sheet, and what was said by command stays") {
    Team team;
    const std::string head = "Wer;Von;Bis;Halb;Grund\n";
    team.command({{"rep", "ana"}, {"from", "2026-12-24"}, {"to", "2026-12-24"}}, "away.add");
    team.write(away, head + "ana;24.12.2026;24.12.2026;;Urlaub\n"
                            "ana;21.12.2026;23.12.2026;;Urlaub\n"
                            "mara;04.12.2026;;ja;Arzt\n");
    CHECK(team.read(CoachingRows::leave).empty());
    CHECK(team.days_off() == Texts{"Mara Voss 2026-12-04 to 2026-12-04 0.5",
                                   "Ana Duarte 2026-12-21 to 2026-12-23 1",
                                   "Ana Duarte 2026-12-24 to 2026-12-24 1"});
    CHECK(team.changes == 1);

    // A row that is not understood: who knows what it says, so nothing goes.
    team.write(away, head + "ana;21.12.2026;22.12.2026;;\nben;soon;;;\n");
    const auto refused = team.read(CoachingRows::leave);
    REQUIRE(refused.size() == 1);
    CHECK_THAT(refused[0], Contains("away.csv:3"));
    CHECK(team.days_off().size() == 3);

    team.write(away, head + "ana;21.12.2026;22.12.2026;;\nben;30.11.2026;;;\n");
    CHECK(team.read(CoachingRows::leave).empty());
    CHECK(team.days_off() == Texts{"Ben Okafor 2026-11-30 to 2026-11-30 1",
                                   "Ana Duarte 2026-12-21 to 2026-12-22 1",
                                   "Ana Duarte 2026-12-24 to 2026-12-24 1"});
}

TEST_CASE("an empty sheet takes no leave back") {
    Team team;
    team.write(away, "Wer;Von;Bis;Halb\nana;21.12.2026;23.12.2026;\n");
    team.read(CoachingRows::leave);
    team.write(away, "Wer;Von;Bis;Halb\n");
    const auto refused = team.read(CoachingRows::leave);
    REQUIRE(refused.size() == 1);
    CHECK_THAT(refused[0], Contains("1 of 1 entries are no longer in the sheet, and stay"));
    CHECK(team.days_off().size() == 1);
}

TEST_CASE("a sheet that cannot be read takes nothing back") {
    Team team;
    team.write(away, "Wer;Von;Bis;Halb\nana;21.12.2026;23.12.2026;\n");
    team.read(CoachingRows::leave);
    team.write(away, "<html>Sign in</html>\n");
    const auto refused = team.read(CoachingRows::leave);
    REQUIRE(refused.size() == 1);
    CHECK_THAT(refused[0], Contains("the sheet cannot be read") && Contains("Wer"));
    CHECK(team.days_off().size() == 1);
}

TEST_CASE("a reason for leave has no place, and a table says where what is needed stands") {
    Team team;
    team.write(agreed, "Rep,KPI,From,To,Week,Note\n");
    team.write(away, "Wer;Von;Bis;Halb;Grund\n");
    Diagnostics sound;
    sources::check_coaching_rows(team.source(), team.config().daemon.manifest_dir, sound);
    CHECK(sound.str() == "");
    auto& tables = std::get<sources::CsvSourceOptions>(team.source().connector_options).tables;
    tables[1].map["reason"] = column("Grund");
    tables[0].map.erase("week");
    Diagnostics problems;
    sources::check_coaching_rows(team.source(), team.config().daemon.manifest_dir, problems);
    CHECK_THAT(problems.str(), Contains("a row of the kind \"leave\" has no \"reason\""));
    CHECK_THAT(problems.str(), Contains("the table does not say where \"week\" stands"));
}

TEST_CASE("a reading tells what it came to, and two at once take turns") {
    Team team;
    team.write(
        agreed,
        "Rep,KPI,From,To,Week,Note\nana,dials,40,50,2026-W48,\nben,dials,30,more,2026-W48,\n");
    CHECK(team.lines() == Texts{"sheets       commitment               2 rows, 1 new, 0 changed, 1 "
                                "refused: `nudged commit refused` tells which, and why",
                                "sheets       commitment               2 rows, 0 new, 0 changed, 1 "
                                "refused: `nudged commit refused` tells which, and why",
                                "sheets       commitment               2 rows, 0 new, 0 changed, 1 "
                                "refused: `nudged commit refused` tells which, and why"});
}

TEST_CASE("a private sheet of commitments and leave is read by a service account") {
    Team team;
    const auto key = tests::make_rsa_key();
    crmsim::SimulatorOptions options;
    options.dialect = "google-sheets";
    options.clock = [&] { return team.now; };
    crmsim::Simulator simulator({}, options);
    const loopback::Server server(
        0, [&](const loopback::Request& request) { return simulator.answer(request); });
    const auto order = [&](const char* what, const std::string& body) {
        REQUIRE(loopback::fetch(server.port(), "POST", std::string("/_sim/dialect/") + what, body)
                    .status == 200);
    };
    std::string pem;
    for (const char c : key.public_pem) pem += c == '\n' ? "\\n" : std::string(1, c);
    order("trust", fmt::format(R"({{"client_email":"n@x.example","public_key":"{}"}})", pem));
    order("sheet", R"({"name":"Agreed","rows":[["Who","kpi","from","to","week"],
        ["ana","dials",40,50,"2026-W48"],["ben","dials",30,"lots","2026-W48"]]})");
    order("sheet", R"({"name":"leave","rows":[["rep","from","to","half"],
        ["ben","2026-12-21","2026-12-22",true]]})");

    sources::HttpSourceOptions http;
    http.manifest = "google-sheets";
    http.streams = {"commitment", "leave"};
    http.settings = {{"base_url", server.url()},
                     {"token_url", server.url() + "/token"},
                     {"spreadsheet", "demo"},
                     {"commitments", "Agreed!A:F"}};
    http.credentials = {{"client_email", Secret{"n@x.example"}},
                        {"private_key", Secret{key.private_pem}}};
    http.fields["commitment"].map["rep"] = column("/Who");
    sources::SourceOptions source;
    source.name = "private";
    source.connector = "http";
    source.connector_options = http;
    Diagnostics problems;
    sources::check_coaching_rows(source, team.config().daemon.manifest_dir, problems);
    CHECK(problems.str() == "");

    const auto refused = team.read(CoachingRows::commitment,
                                   *sources::coaching_source(source, CoachingRows::commitment));
    CHECK(team.commitments() == Texts{"dials 50 from 40 in 2026-W48, agreed"});
    REQUIRE(refused.size() == 1);
    CHECK_THAT(refused[0], Contains("\"lots\" is no number"));
    CHECK(team.read(CoachingRows::leave, *sources::coaching_source(source, CoachingRows::leave))
              .empty());
    CHECK(team.days_off() == Texts{"Ben Okafor 2026-12-21 to 2026-12-22 0.5"});
}
