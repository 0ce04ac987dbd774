// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/coaching_desk.hpp"

#include "daemon/runtime/note_desk.hpp"
#include "daemon/warehouse/audit.hpp"
#include "daemon/warehouse/note_reading.hpp"
#include "daemon/warehouse/persons.hpp"
#include "daemon/warehouse/plans.hpp"
#include "daemon/warehouse/time_off.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>

using namespace nudged;
using Catch::Contains;

namespace {

namespace asio = boost::asio;

warehouse::RosterPerson person(const char* name, const char* email) {
    warehouse::RosterPerson made;
    made.name = name;
    made.emails = {email};
    return made;
}

/// The desk of one team, which no source has told anything of yet; on Friday, 20 November.
class Desk {
public:
    Desk() : config_(make_config()), writer_(runtime::writer_options(config_)) {}
    ~Desk() { workers_.join(); }

    runtime::CareReport operator()(const char* command,
                                   std::map<std::string, std::string> arguments) {
        return ask({.command = command, .arguments = std::move(arguments), .user = 1001});
    }
    runtime::CareReport ask(const runtime::ControlRequest& request) {
        const runtime::CareContext context{.config = config_,
                                           .writer = writer_,
                                           .rules = {},
                                           .workers = workers_,
                                           .clock = [this] { return now; }};
        auto work = runtime::find_care(request, context);
        REQUIRE(work);
        auto result = asio::co_spawn(loop_, std::move(*work), asio::use_future);
        loop_.restart();
        loop_.run();
        return result.get();
    }
    /// What it says, in one line.
    std::string says(const char* command, std::map<std::string, std::string> arguments) {
        return fmt::format("{}",
                           fmt::join((*this)(command, std::move(arguments)).sentences, " | "));
    }
    warehouse::NotesSeen notes(const char* who, const warehouse::NoteFilter& filter = {}) const {
        const auto from = reader();
        const auto asker = warehouse::find_by_address(from.database(), who);
        return warehouse::read_notes(from, {asker, Zone::utc().local_day(now)}, filter);
    }
    /// What was written down of notes, the earliest first: "read of Ana Duarte by Mara Voss: 2".
    std::vector<std::string> audit() const {
        std::vector<std::string> lines;
        for (const auto& [entry, as, about] : warehouse::read_audit(reader()))
            lines.insert(lines.begin(),
                         fmt::format("{} of {} by {}: {}", to_string(entry.use),
                                     about.empty() ? entry.team : about, as, entry.notes));
        return lines;
    }
    warehouse::Reader reader() const {
        return warehouse::Reader{config_.warehouse_path().string()};
    }

    Instant now = *parse_instant("2026-11-20T12:00:00Z");

private:
    config::Config make_config() const {
        config::Config config;
        config.daemon.state_dir = folder_.path().string();
        warehouse::RosterTeam team;
        team.name = "Outbound";
        team.manager = person("Mara Voss", "mara@example.com");
        team.past_managers = {person("Lee Chan", "lee@example.com")};
        team.past_managers[0].until = parse_date("2026-11-01");
        team.members = {person("Ana Duarte", "ana@example.com"),
                        person("Ben Okafor", "ben@example.com")};
        config.roster.teams.push_back(std::move(team));
        checks::Kpi dials;
        dials.name = dials.label = dials.measure = "dials";
        dials.targets[""] = 90;
        config.checks.kpis.push_back(std::move(dials));
        return config;
    }

    tests::TempFolder folder_;
    config::Config config_;
    asio::io_context loop_;
    asio::thread_pool workers_{1};
    warehouse::Writer writer_;
};

}  // namespace

TEST_CASE("a note is kept of whoever managed the team on its day") {
    Desk desk;
    const auto added = desk("note.add", {{"type", "one_on_one"},
                                         {"rep", "ana"},
                                         {"text", " She wants to negotiate alone \n"},
                                         {"agreed", "50 dials in 2026-W48"}});
    CHECK(added.status == 0);
    CHECK(added.facts.at("note") == "1");
    CHECK(added.sentences.size() == 1);  // something specific was agreed
    desk("note.add",
         {{"type", "praise"}, {"rep", "ben"}, {"text", "A fine call"}, {"held", "2026-10-30"}});
    const auto seen = desk.notes("mara@example.com");
    REQUIRE(seen.notes.size() == 1);
    CHECK(seen.notes[0].text->body == "She wants to negotiate alone");
    CHECK(seen.notes[0].held_on == *parse_date("2026-11-20"));
    CHECK(seen.notes[0].written_at == desk.now);
    CHECK(seen.counts.size() == 1);  // Lee's
    CHECK(desk.notes("ben@example.com").notes.at(0).manager_name == "Lee Chan");
    CHECK(desk("note.handover", {{"rep", "ben"}, {"to", "mara"}}).status == 0);
    CHECK(desk.notes("mara@example.com").notes.size() == 2);
}

TEST_CASE("what is wrong with a note is told with what to do") {
    Desk desk;
    const std::map<std::string, std::string> good{
        {"type", "one_on_one"}, {"rep", "ana"}, {"text", "x"}};
    const auto with = [&](const char* key, const char* value) {
        auto arguments = good;
        arguments[key] = value;
        return desk.says("note.add", arguments);
    };
    CHECK_THAT(with("type", "chat"), Contains("there are: one_on_one, scrum"));
    CHECK_THAT(with("rep", "zoe"), Contains("names no rep \"zoe\""));
    CHECK_THAT(with("rep", ""), Contains("say whom it is about"));
    CHECK_THAT(with("text", "  "), Contains("a note needs a text"));
    CHECK_THAT(with("held", "2026-11-21"), Contains("lies ahead"));
    CHECK_THAT(with("held", "21.11."), Contains("write it like 2026-11-20"));
    CHECK_THAT(with("written", "2026-11-19"), Contains("lies before held 2026-11-20"));
    CHECK_THAT(with("opportunity", "hubspot/1"), Contains("no source \"hubspot\""));
    CHECK_THAT(with("minutes", "0"), Contains("from 1 to 600"));
    CHECK_THAT(with("text", std::string(33 * 1024, 'x').c_str()), Contains("more than 32 KiB"));
    CHECK_THAT(desk.says("note.add", {{"type", "career"}, {"team", "outbound"}, {"text", "x"}}),
               Contains("is about a rep"));
    CHECK_THAT(with("text", "nothing agreed"), Contains("has a number and a week yet"));
    CHECK(desk.notes("mara@example.com").notes.size() == 1);
}

TEST_CASE("a note that is edited keeps what it said, and one that is removed nothing") {
    Desk desk;
    desk("note.add", {{"type", "one_on_one"},
                      {"rep", "ana"},
                      {"text", "first words"},
                      {"agreed", "50 dials in 2026-W48"}});
    CHECK(desk("note.edit", {{"id", "1"}, {"text", "second words"}}).status == 0);
    CHECK(desk.notes("ana@example.com").notes.at(0).text->body == "second words");
    CHECK(desk.notes("ana@example.com").notes.at(0).text->agreed == "50 dials in 2026-W48");
    CHECK(desk.notes("ana@example.com").notes.at(0).revisions == 2);
    CHECK_THAT(desk.says("note.remove", {{"id", "1"}}), Contains("say why it goes"));
    CHECK(desk("note.remove", {{"id", "1"}, {"reason", "the wrong rep"}}).status == 0);
    CHECK(desk.notes("ana@example.com").notes.empty());
    CHECK(desk.reader().database().integer("SELECT count(*) FROM note_revision") == 0);
    CHECK_THAT(desk.says("note.remove", {{"id", "1"}, {"reason", "x"}}), Contains("already"));
    CHECK_THAT(desk.says("note.remove", {{"id", "one"}, {"reason", "x"}}),
               Contains("note \"one\""));
}

TEST_CASE("rows of a file are stored once, or told with their line and what is wrong") {
    Desk desk;
    const std::map<std::string, std::string> part{
        {"header", "\xEF\xBB\xBFType,rep,held,text,agreed\n"},
        {"line", "2"},
        {"rows", "one_on_one,ana,2026-11-02,\"Two lines,\r\nand a comma\",50 dials in 2026-W46\r\n"
                 "praise,ben,2026-11-03,A fine opening,\n"
                 "\n"
                 "one_on_one,zoe,2026-11-03,Who is she?,\n"
                 "praise,ana,,No day,\n"
                 "praise,ana\n"
                 "praise,ana,2026-11-03,\"a \"lone\" quote\",\n"
                 "praise,ana,2026-11-04,The last one,"}};
    auto report = desk("note.import", part);
    CHECK(report.status == 1);
    CHECK(report.facts["stored"] == "3");
    CHECK(report.facts["known"] == "0");
    CHECK(report.facts["refused"] == "4");
    REQUIRE(report.sentences.size() == 4);
    CHECK_THAT(report.sentences[0], Contains("line 6: teams.toml names no rep \"zoe\""));
    CHECK_THAT(report.sentences[1], Contains("line 7: held is empty"));
    CHECK_THAT(report.sentences[2], Contains("line 8: it has 2 cells, the first line 5"));
    CHECK_THAT(report.sentences[3], Contains("line 9: "));
    report = desk("note.import", part);
    CHECK(report.facts["stored"] == "0");
    CHECK(report.facts["known"] == "3");
    warehouse::NoteFilter filter;
    filter.week = IsoWeek::parse("2026-W45");
    const auto seen = desk.notes("ana@example.com", filter);
    REQUIRE(seen.notes.size() == 2);
    CHECK(seen.notes[1].text->body == "Two lines,\r\nand a comma");
    CHECK_FALSE(seen.notes[1].written_at);  // the file does not say
    CHECK_THAT(desk.says("note.import", {{"header", "kind,held,text\n"}, {"line", "2"}}),
               Contains("line 1: there is no column \"kind\""));
    CHECK_THAT(desk.says("note.import", {{"header", "type,rep,text\n"}, {"line", "2"}}),
               Contains("line 1: the column \"held\" is missing"));
}

TEST_CASE("a plan of another length than six to eight weeks is refused unless it is forced") {
    Desk desk;
    const auto add = [&](const char* days, const char* goals = "dials:40:60",
                         const char* force = "") {
        return desk.says("plan.add", {{"rep", "ana"},
                                      {"goals", goals},
                                      {"start", "2026-10-05"},
                                      {"days", days},
                                      {"force", force}});
    };
    for (const auto* days : {"41", "57"}) CHECK_THAT(add(days), Contains("42 to 56 days"));
    CHECK_THAT(add("56"), Contains("plan 1: 2026-10-05 to 2026-11-30"));
    CHECK_THAT(add("28", "dials:40:60", "true"), Contains("checkpoints on 2026-10-19, 2026-11-02"));
    CHECK_THAT(add("42", "demos:1:2"), Contains("no KPI \"demos\"; it has dials"));
    CHECK_THAT(add("42", "dials:40"), Contains("KPI:FROM:TO"));
    CHECK_THAT(add("42", "dials:40:x"), Contains("\"x\" is no value"));
    CHECK_THAT(add("42", "dials:40:40"), Contains("goes nowhere"));
    CHECK_THAT(add("42", ""), Contains("one to 3 goals"));
}

TEST_CASE("checkpoints are noted from the weeks before them, the end with its result, once") {
    Desk desk;
    desk("plan.add", {{"rep", "ana"}, {"goals", "dials:40:60"}, {"start", "2026-10-05"}});
    // No source tells calls, so the weeks are not known, and that is what is noted.
    const auto told = desk.says("plan.check", {});
    CHECK_THAT(told, Contains("plan 1, Ana Duarte, 2026-10-19: dials not known (from 40 to 60)"));
    CHECK_THAT(told, Contains("plan 1 has ended; dials: not known"));
    CHECK_THAT(told, Contains("nudged plan add --rep \"Ana Duarte\" --goal dials:40:60"));
    CHECK_THAT(told, !Contains("!"));
    CHECK(desk.says("plan.check", {}) == "No checkpoint is due.");
    CHECK_THAT(desk.says("plan.check", {{"id", "7"}}), Contains("there is no plan 7"));
    const auto plans = warehouse::read_plans(desk.reader());
    REQUIRE(plans.size() == 1);
    CHECK(plans[0].checked.size() == 3);
    CHECK(plans[0].ended_at == desk.now);
    // The next one goes on from it.
    CHECK_THAT(desk.says("plan.add", {{"rep", "ana"}, {"goals", "dials:40:60"}}),
               Contains("goes on from plan 1"));
}

TEST_CASE("an escalation closes with an outcome alone, and is reviewed after it") {
    Desk desk;
    const auto opened = desk("escalation.open", {{"customer", "Acme"}, {"rep", "ana"}});
    CHECK(opened.facts.at("escalation") == "1");
    CHECK_THAT(desk.says("escalation.open", {{"customer", " "}, {"rep", "ana"}}),
               Contains("needs a customer"));
    CHECK_THAT(desk.says("escalation.close", {{"id", "1"}}), Contains("with its outcome"));
    CHECK(desk("escalation.update", {{"id", "1"}, {"text", "They were called"}}).status == 0);
    CHECK(desk("escalation.close", {{"id", "1"}, {"outcome", "They stay"}}).status == 0);
    CHECK(desk("escalation.review", {{"id", "1"}, {"text", "Tell dates earlier"}}).status == 0);
    CHECK(desk("escalation.update", {{"id", "2"}, {"text", "x"}}).status == 1);
}

TEST_CASE("days off are stored without a reason, for reps and managers") {
    Desk desk;
    CHECK(desk.says("away.add", {{"rep", "ana"}, {"from", "2026-12-01"}, {"to", "2026-12-05"}}) ==
          "away 1: 2026-12-01 to 2026-12-05");
    CHECK(desk.says("away.add", {{"rep", "mara"}, {"from", "2026-12-04"}, {"half", "true"}}) ==
          "away 2: 2026-12-04 to 2026-12-04, half days");
    CHECK_THAT(
        desk.says("away.add", {{"rep", "ana"}, {"from", "2026-12-05"}, {"to", "2026-12-01"}}),
        Contains("ends before it begins"));
    CHECK(warehouse::read_away(desk.reader().database()).size() == 2);
    CHECK(desk("away.remove", {{"id", "1"}}).status == 0);
    CHECK_THAT(desk.says("away.remove", {{"id", "1"}}), Contains("there is no away 1"));
}

TEST_CASE("a skill is a goal, rated by the manager, and its result is what was seen last") {
    Desk desk;
    CHECK_THAT(desk.says("plan.add", {{"rep", "ana"}, {"goals", "skill:discovery:2:9"}}),
               Contains("a skill goes from 1 to 5, and not to 9"));
    CHECK_THAT(desk.says("plan.add", {{"rep", "ana"}, {"goals", "skill::2:4"}}),
               Contains("names no skill"));
    desk("plan.add", {{"rep", "ana"}, {"goals", "skill:Discovery:2:4"}, {"start", "2026-10-05"}});
    const auto rate = [&](const char* day, const char* level, const char* skill = "discovery") {
        return desk.says("plan.rate",
                         {{"id", "1"}, {"skill", skill}, {"level", level}, {"day", day}});
    };
    CHECK(rate("2026-10-16", "2.5") == "plan 1, discovery: 2.5 of 5 on 2026-10-16");
    rate("2026-11-13", "3");
    rate("2026-11-13", "4");  // thought better of
    rate("2026-11-18", "1");  // after the end
    CHECK_THAT(rate("2026-11-13", "6"), Contains("from 1 to 5"));
    CHECK_THAT(rate("2026-11-13", "4", "closing"), Contains("plan 1 has no skill \"closing\""));
    const auto told = desk.says("plan.check", {});
    CHECK_THAT(told, Contains("2026-10-19: skill:Discovery 2.5 (from 2 to 4)"));
    CHECK_THAT(told, Contains("Ana Duarte went from 2 to 4 in Discovery (the goal was 4)"));
    CHECK_THAT(told, Contains("--goal skill:Discovery:4:5"));
}

TEST_CASE("whoever writes, changes, removes or hands over notes is written down, and no word of "
          "them") {
    Desk desk;
    desk("note.add", {{"type", "praise"}, {"rep", "ana"}, {"text", "qualmzephyr"}});
    desk("note.add", {{"type", "scrum"}, {"team", "Outbound"}, {"text", "All of us"}});
    desk("note.edit", {{"id", "1"}, {"text", "qualmzephyr again"}});
    desk("note.edit", {{"id", "9"}, {"text", "there is none"}});  // refused, so nothing changed
    desk("note.handover", {{"rep", "ana"}, {"to", "mara"}});
    desk("note.remove", {{"id", "1"}, {"reason", "wrong"}});
    desk("note.import", {{"header", "type,rep,held,text\n"},
                         {"rows", "praise,ana,2026-11-02,a\npraise,ben,2026-11-02,b\n"
                                  "praise,ana,2026-11-03,c\npraise,zoe,2026-11-03,d\n"},
                         {"line", "2"}});
    CHECK(desk.audit() == std::vector<std::string>{
                              "written of Ana Duarte by : 1", "written of Outbound by : 1",
                              "changed of Ana Duarte by : 1", "handed_over of Ana Duarte by : 1",
                              "removed of Ana Duarte by : 1", "imported of Ana Duarte by : 2",
                              "imported of Ben Okafor by : 1"});
    const auto from = desk.reader();
    for (const auto& row : warehouse::read_audit(from)) {
        CHECK(row.entry.user == 1001);
        CHECK(row.entry.at == desk.now);
    }
    auto words = from.database().prepare(
        "SELECT count(*) FROM audit WHERE what || coalesce(team, '') LIKE '%qualm%'");
    REQUIRE(words.step());
    CHECK(words.integer(0) == 0);
}

TEST_CASE("whoever sees notes is written down, by person, and who searched in vain, too") {
    Desk desk;
    for (const auto* rep : {"ana", "ana", "ben"})
        desk("note.add", {{"type", "praise"}, {"rep", rep}, {"text", "A fine call"}});
    desk("note.add", {{"type", "scrum"}, {"team", "Outbound"}, {"text", "All of us"}});
    const auto written = desk.audit().size();
    const auto see = [&](const std::string& who, const std::string& words) {
        warehouse::NoteFilter filter;
        filter.words = words;
        for (auto request :
             runtime::note_seen_requests(desk.notes(who.c_str(), filter), who, !words.empty()))
            CHECK(desk.ask(request).status == 0);
        auto lines = desk.audit();
        lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(written));
        return lines;
    };
    using Lines = std::vector<std::string>;
    Lines expected{"read of Outbound by Mara Voss: 1", "read of Ana Duarte by Mara Voss: 2",
                   "read of Ben Okafor by Mara Voss: 1"};
    auto seen = see("mara@example.com", "");
    std::sort(seen.begin(), seen.end());
    std::sort(expected.begin(), expected.end());
    CHECK(seen == expected);
    CHECK(see("ana@example.com", "nowhere").back() == "searched of  by Ana Duarte: 0");
    CHECK(see("ana@example.com", "fine").back() == "searched of Ana Duarte by Ana Duarte: 2");
    // The admin sees that there are notes.
    CHECK_THAT(see("", "").back(), Contains("listed of ") && Contains(" by : "));
    for (const auto* use : {"borrowed", "written", "imported", "changed", "removed", "handed_over",
                            "forgotten", "expired", ""})
        CHECK(desk("note.seen", {{"use", use}, {"seen", "1 1"}}).status == 1);
    CHECK(desk("note.seen", {{"use", "read"}, {"seen", "everybody"}}).status == 1);
}
