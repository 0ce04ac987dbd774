// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/config/site.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using tests::Site;

namespace {

struct Case {
    const char* name;
    const char* file;
    const char* text;
    const char* problem;
};

void check_case(const Case& c) {
    DYNAMIC_SECTION(c.name) {
        Site site;
        site.write(c.file, c.text);
        CHECK(site.problems() == std::string{c.problem} + "\n");
    }
}

}  // namespace

TEST_CASE("a small configuration has nothing wrong with it") {
    CHECK(Site{}.problems() == "");
}

TEST_CASE("an unknown key is told with its place and the nearest known one") {
    check_case(GENERATE(values<Case>({
        {"a swap", "checks.toml", "[opp.no_next_step]\ngrcae = 3\n",
         R"(checks.toml:2:1: unknown key "grcae" in [opp.no_next_step], did you mean "grace"?)"},
        {"in a check's name", "checks.toml", "[opp.stalld]\nfloor = 3\n",
         R"(checks.toml:1:6: unknown key "stalld" in [opp], did you mean "stalled"?)"},
        {"nothing near", "nudged.toml", "[web]\ncolour = 1\n",
         R"(nudged.toml:2:1: unknown key "colour" in [web], known here: enabled, address, port, public_url, links_last)"},
        {"at the top", "nudged.toml", "state-dir = \"x\"\n",
         R"(nudged.toml:1:1: unknown key "state-dir", did you mean "state_dir"?)"},
        {"a quoted key with dots", "checks.toml", "\"opp.idle\" = {}\n",
         R"(checks.toml:1:1: unknown key "opp.idle")"},
        {"in an inline table", "teams.toml",
         "[[team]]\nname = \"East\"\nmanager = { mail = \"d@example.com\", email = "
         "\"d@example.com\" }\nchannel = \"dana\"\n",
         R"(teams.toml:3:13: unknown key "mail" in [team.manager], did you mean "email"?)"},
        {"a table where a value stands", "checks.toml", "opp = 3\n",
         R"(checks.toml:1:7: "opp" must be a table, not a whole number)"},
        {"in a source", "sources.d/exports.toml",
         "[source]\nname = \"exports\"\nconnector = \"csv\"\npol = \"5m\"\n[[source.table]]\nfile "
         "= \"c.csv\"\nentity = \"call\"\nid = \"n\"\nmap = { owner = \"a\" }\n",
         R"(sources.d/exports.toml:4:1: unknown key "pol" in [source], did you mean "poll"?)"},
        {"another kind's key", "channels.d/dana.toml",
         "[channel]\nname = \"dana\"\nkind = \"file\"\naudience = \"manager\"\npath = "
         "\"m.txt\"\nurl = \"x\"\n",
         R"(channels.d/dana.toml:6:1: unknown key "url" in [channel], known here: name, kind, audience, fallback, expires_after, path, format)"},
    })));
}

TEST_CASE("a value of the wrong type or out of range is told with what would do") {
    check_case(GENERATE(values<Case>({
        {"text for a number", "checks.toml", "[opp.idle]\nafter = \"10\"\n",
         R"(checks.toml:2:9: "after" must be a whole number, not text)"},
        {"a fraction for a whole number", "checks.toml", "[opp.idle]\nafter = 10.5\n",
         R"(checks.toml:2:9: "after" must be a whole number, not a number with a fraction)"},
        {"text for true or false", "nudged.toml", "[web]\nenabled = \"yes\"\n",
         R"(nudged.toml:2:11: "enabled" must be true or false, not text)"},
        {"a number for a duration", "nudged.toml", "evaluate_every = 300\n",
         R"(nudged.toml:1:18: "evaluate_every" must be a duration, not a whole number, write it as "90s", "5m" or "36h")"},
        {"no duration", "nudged.toml", "evaluate_every = \"5 min\"\n",
         R"(nudged.toml:1:18: "evaluate_every" is no duration: "5 min", write it as "90s", "5m" or "36h")"},
        {"a duration that is too fine", "checks.toml", "settle = \"90m\"\n",
         R"(checks.toml:1:10: "settle" must be whole hours)"},
        {"a duration that is too short", "nudged.toml", "evaluate_every = \"1s\"\n",
         R"(nudged.toml:1:18: "evaluate_every" must be between "10s" and "24h")"},
        {"a negative number", "checks.toml", "[opp.idle]\nafter = -1\n",
         R"(checks.toml:2:9: "after" must be between 0 and 3650)"},
        {"a number that no port is", "nudged.toml", "[web]\nport = 65536\n",
         R"(nudged.toml:2:8: "port" must be between 0 and 65535)"},
        {"a number past all bounds", "nudged.toml", "[digest]\nmax_items = 9223372036854775807\n",
         R"(nudged.toml:2:13: "max_items" must be between -2147483648 and 2147483647)"},
        {"no number at all", "checks.toml", "[opp.stalled]\nmultiple = nan\n",
         R"(checks.toml:2:12: "multiple" must be a finite number)"},
        {"a share of more than all", "checks.toml", "[rep.stale_layer]\nshare = 30\n",
         R"(checks.toml:2:9: "share" must be between 0.0 and 1.0)"},
        {"a word that is none of them", "checks.toml", "[opp.idle]\ndays = \"calender\"\n",
         R"(checks.toml:2:8: "days" cannot be "calender", did you mean "calendar"?)"},
        {"a text that is none of them", "nudged.toml", "[log]\nformat = \"xml\"\n",
         R"(nudged.toml:2:10: "format" cannot be "xml", known here: auto, text, json)"},
        {"no time of day", "nudged.toml", "[digest]\nat = \"8:00\"\n",
         R"(nudged.toml:2:6: "at" is no time of day: "8:00", write it as "08:00")"},
        {"an hour that no day has", "nudged.toml", "[digest]\nat = \"24:00\"\n",
         R"(nudged.toml:2:6: "at" is no time of day: "24:00", write it as "08:00")"},
        {"text for a list", "checks.toml", "[opp.stalled]\nexempt_stages = \"Legal\"\n",
         R"(checks.toml:2:17: "exempt_stages" must be a list, not text, write [ … ])"},
        {"a table for a list of tables", "kpis.toml", "[kpi]\nname = \"dials\"\n",
         R"(kpis.toml:1:1: "kpi" must be a list, not a table, write [[kpi]])"},
        {"a list for a table", "channels.d/dana.toml", "[[channel]]\nname = \"dana\"\n",
         "channels.d/dana.toml:1:1: \"channel\" must be a table, not a list, write [channel], and "
         "one channel a file\n"
         "teams.toml:1:1: team \"East\" names a channel \"dana\" that does not exist, add a file "
         "with that [channel] to channels.d"},
        {"a name with odd characters", "sources.d/exports.toml",
         "[source]\nname = \"My CRM/1\"\nconnector = \"csv\"\n[[source.table]]\nfile = "
         "\"c.csv\"\nentity = \"call\"\nid = \"n\"\nmap = { owner = \"a\" }\n",
         R"(sources.d/exports.toml:2:8: "name" cannot be "My CRM/1", use lower-case letters, digits, _ and -)"},
    })));
}

TEST_CASE("roster values are checked one by one") {
    const auto c = GENERATE(values<Case>({
        {"a zone", "", "zone = \"Europe/Berlim\"\n",
         R"(teams.toml:5:8: there is no time zone "Europe/Berlim", write an IANA name such as "Europe/Berlin")"},
        {"a weekday", "", "work_week = [\"mon\", \"tues\"]\n",
         R"(teams.toml:5:21: "work_week" cannot be "tues", did you mean "tue"?)"},
        {"a week without a day", "", "work_week = []\n",
         R"(teams.toml:5:13: "work_week" must name a day)"},
        {"a holiday that is no date", "", "holidays = [\"2026-02-30\"]\n",
         R"(teams.toml:5:13: "holidays" is no date, write it as 2026-11-20)"},
        {"a holiday that is a number", "", "holidays = [20261225]\n",
         R"(teams.toml:5:13: "holidays" must be a date, not a whole number, write it as 2026-11-20)"},
        {"an address", "", "member = [{ email = \"ana at example.com\" }]\n",
         R"(teams.toml:5:21: "email" is no e-mail address: "ana at example.com")"},
        {"a user link", "", "member = [{ users = [\"4711\"] }]\n",
         R"(teams.toml:5:22: "users" names no user: "4711", write "SOURCE/USER ID")"},
        {"time off that ends before it begins", "",
         "member = [{ email = \"a@b.example\", away = [{ from = 2026-12-31, to = 2026-12-21 }] "
         "}]\n",
         R"(teams.toml:5:44: time off ends before it begins, "to" is the last day off, "from" the first)"},
        {"a share of a day", "",
         "member = [{ email = \"a@b.example\", away = [{ from = 2026-12-01, to = 2026-12-01, share "
         "= 0.3 }] }]\n",
         R"(teams.toml:5:90: "share" must be 1, or 0.5 for half days)"},
        {"half a pair of days", "",
         "member = [{ email = \"a@b.example\", away = [{ from = 2026-12-01 }] }]\n",
         R"(teams.toml:5:44: "to" is missing in [team.member.away], add it: the last day off)"},
    }));
    DYNAMIC_SECTION(c.name) {
        Site site;
        site.write(
            "teams.toml",
            "[[team]]\nname = \"East\"\nmanager = \"dana@example.com\"\nchannel = \"dana\"\n" +
                std::string{c.text});
        const auto problems = site.problems();
        CAPTURE(problems);
        // A member without an address is a second problem, of the same line.
        CHECK(problems.find(std::string{c.problem} + "\n") != std::string::npos);
    }
}

TEST_CASE("what must be there is missed with what it is for") {
    check_case(GENERATE(values<Case>({
        {"a KPI's why", "kpis.toml",
         "[[kpi]]\nname = \"dials\"\nmeasure = \"dials\"\ntarget = 90\n",
         R"(kpis.toml:1:1: "why" is missing in [kpi], add it: a sentence that says to a rep why this number matters)"},
        {"a why that says nothing", "kpis.toml",
         "[[kpi]]\nname = \"dials\"\nmeasure = \"dials\"\ntarget = 90\nwhy = \"tbd\"\n",
         R"(kpis.toml:5:7: "why" must say something)"},
        {"a source file without a source", "sources.d/more.toml", "# nothing yet\n",
         R"(sources.d/more.toml:1:1: "source" is missing, add it: the one [source] of this file)"},
    })));
}

TEST_CASE("the first syntax error of each file is told, and the others are checked all the same") {
    Site site;
    site.write("checks.toml", "[opp.idle\nafter = 3\n");
    site.write(
        "kpis.toml",
        "[[kpi]]\nname = \"dials\"\nmeasure = \"dails\"\ntarget = 90\nwhy = \"It matters.\"\n");
    const auto problems = site.problems();
    CAPTURE(problems);
    CHECK(problems.find("\nchecks.toml:1:10: the syntax is wrong: ") != std::string::npos);
    CHECK(problems.find(
              "kpis.toml:3:11: \"measure\" cannot be \"dails\", did you mean \"dials\"?\n") !=
          std::string::npos);
}

TEST_CASE("ten problems in five files are told in one round, file by file and from top to bottom") {
    Site site;
    site.write("nudged.toml", "evaluate_evry = \"5m\"\n[web]\nport = \"9464\"\n[digest]\nat = 8\n");
    site.write("sources.d/exports.toml",
               "[source]\nname = \"Exports\"\nconnector = \"cvs\"\npoll = \"0s\"\n");
    site.write("teams.toml", "[[team]]\nname = \"East\"\nmanager = \"dana@example.com\"\nchannel = "
                             "\"dan\"\nzone = \"Mars\"\n");
    site.write("kpis.toml", "[[kpi]]\nname = \"dials\"\nmeasure = \"dials\"\ntarget = 0\n");
    CHECK(site.problems({"opp.idle.aftr=5"}) ==
          R"(nudged.toml:1:1: unknown key "evaluate_evry", did you mean "evaluate_every"?
nudged.toml:3:8: "port" must be a whole number, not text
nudged.toml:5:6: "at" must be a time of day, not a whole number, write it as "08:00"
sources.d/exports.toml:2:8: "name" cannot be "Exports", use lower-case letters, digits, _ and -
sources.d/exports.toml:3:13: there is no connector "cvs", did you mean "csv"?
sources.d/exports.toml:4:8: "poll" must be between "1s" and "168h"
teams.toml:1:1: team "East" names a channel "dan" that does not exist, did you mean "dana"?
teams.toml:5:8: there is no time zone "Mars", write an IANA name such as "Europe/Berlin"
kpis.toml:1:1: "why" is missing in [kpi], add it: a sentence that says to a rep why this number matters
kpis.toml:1:1: the KPI "dials" has no target, add target = NUMBER, per rep and week
kpis.toml:4:10: "target" must be more than 0
--set: unknown key "aftr" in [opp.idle], did you mean "after"?
)");
}

TEST_CASE("a configuration that is not there is one problem") {
    const auto loaded = config::load("/nonexistent/nudged.toml");
    CHECK_FALSE(loaded.config);
    CHECK(loaded.problems.str() ==
          "/nonexistent/nudged.toml: there is no such file, name the configuration with -c\n");
}
