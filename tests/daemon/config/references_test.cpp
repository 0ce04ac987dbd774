// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/config/site.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using tests::Site;
using tests::Variable;

namespace {

const std::string east =
    "[[team]]\nname = \"East\"\nmanager = \"dana@example.com\"\nchannel = \"dana\"\n";

std::string http_source(const std::string& base_url) {
    return "[source]\nname = \"crm\"\nconnector = \"http\"\nmanifest = \"hubspot\"\n"
           "settings = { base_url = \"" +
           base_url + "\" }\ncredentials = { token = { env = \"CRM_TOKEN\" } }\n";
}

}  // namespace

TEST_CASE("files that may be absent are; a site without teams and sources is warned about") {
    Site site;
    for (const auto* name : {"teams.toml", "kpis.toml", "sources.d/exports.toml"})
        site.remove(name);
    const auto loaded = site.load();
    CHECK(loaded.config);
    CHECK(
        loaded.problems.str() ==
        "nudged.toml: warning: there is no source, copy an example in sources.d to a name that "
        "ends in .toml\n"
        "teams.toml: warning: there is no team, so nobody is told anything, add a [[team]] with a "
        "manager, a channel and members\n");
}

TEST_CASE("a team needs a channel that exists") {
    Site site;
    site.write("teams.toml", "[[team]]\nname = \"East\"\nmanager = \"dana@example.com\"\n");
    CHECK(site.problems() ==
          "teams.toml:1:1: \"channel\" is missing in [team], add it: where the manager's digest "
          "goes: a name from channels.d\n");
}

TEST_CASE("a team whose manager leaves is warned about until a successor is named") {
    Site site;
    const std::string leaves =
        "manager = { email = \"dana@example.com\", until = 2026-11-24 }\nchannel = \"dana\"\n";
    site.write("teams.toml", "[[team]]\nname = \"East\"\n" + leaves);
    CHECK(site.problems() ==
          "teams.toml:1:1: warning: team \"East\" has no manager from 2026-11-24 on, and its "
          "messages wait, name the successor in [team.manager], and who it was in "
          "[[team.past_manager]]\n");
}

TEST_CASE("a digest, which is about persons, goes to no shared channel") {
    Site site;
    site.write("channels.d/dana.toml",
               "[channel]\nname = \"dana\"\nkind = \"file\"\npath = \"m.txt\"\n");
    CHECK(site.problems() ==
          "teams.toml:1:1: team \"East\" would send a digest about persons to \"dana\", whose "
          "audience is shared, let only the manager read it and say audience = \"manager\" in "
          "channels.d/dana.toml\n");
}

TEST_CASE("names stand once") {
    Site site;
    site.write(
        "channels.d/other.toml",
        "[channel]\nname = \"dana\"\nkind = \"file\"\naudience = \"manager\"\npath = \"m.txt\"\n");
    CHECK(site.problems() ==
          "channels.d/other.toml:1:1: there are two channels \"dana\", the other "
          "one is in channels.d/dana.toml:1:1\n");
}

TEST_CASE("a person is one member of one team") {
    Site site;
    site.write("teams.toml",
               east + "member = [{ email = \"ana@example.com\" }]\n" +
                   "[[team]]\nname = \"West\"\nmanager = \"kim@example.com\"\n"
                   "channel = \"dana\"\nmember = [{ email = \"Ana@Example.com\" }]\n");
    CHECK(site.problems() ==
          "teams.toml:10:11: \"ana@example.com\" is already a member of \"East\", "
          "a person is one member of one team at a time: say from and until\n");
}

TEST_CASE("a person may be in two teams one after the other, and an address two people's") {
    Site site;
    const std::string west = "[[team]]\nname = \"West\"\nmanager = \"kim@example.com\"\n"
                             "channel = \"dana\"\n";
    const auto teams = [&](const std::string& in_east, const std::string& in_west) {
        site.write("teams.toml", east + "member = [{ " + in_east + " }]\n" + west + "member = [{ " +
                                     in_west + " }]\n");
        return site.problems();
    };
    CHECK(teams("email = \"ana@example.com\", until = 2026-06-01",
                "email = \"ana@example.com\", from = 2026-06-01") == "");
    CHECK(teams("email = \"ana@example.com\", alias = [{ email = \"seat@example.com\", until = "
                "2026-06-01 }]",
                "email = \"ben@example.com\", alias = [{ email = \"Seat@example.com\", from = "
                "2026-06-01 }]") == "");
    CHECK_THAT(teams("email = \"ana@example.com\", alias = [{ email = \"seat@example.com\" }]",
                     "email = \"ben@example.com\", alias = [{ email = \"seat@example.com\", from = "
                     "2026-06-01 }]"),
               Catch::Contains(
                   "\"seat@example.com\" is already a member of \"East\", what is two people's"));
    CHECK_THAT(teams("email = \"ana@example.com\", alias = [{ from = 2026-06-01 }]",
                     "email = \"ben@example.com\""),
               Catch::Contains("an alias of \"ana@example.com\" is one address or one user"));
}

TEST_CASE("a member can be found in some CRM") {
    Site site;
    site.write("teams.toml", east + "member = [{ name = \"Ana\" }, { users = [\"export/7\"] }]\n");
    CHECK(site.problems() ==
          "teams.toml:5:11: the member \"Ana\" has neither an address nor a user, add email = "
          "\"…\" or users = [\"SOURCE/USER ID\"]\n"
          "teams.toml:5:29: \"export/7\" names a source that does not exist, did you mean "
          "\"exports\"?\n");
}

TEST_CASE("a member joins a team before leaving it") {
    Site site;
    site.write(
        "teams.toml",
        east +
            "member = [{ email = \"ana@example.com\", from = 2026-03-01, until = 2026-03-01 }]\n");
    CHECK(site.problems() == "teams.toml:5:11: \"ana@example.com\" leaves the team before joining "
                             "it, \"until\" is the first day no longer in the team\n");
}

TEST_CASE("a KPI has a target, and targets only for teams that exist") {
    Site site;
    site.write("kpis.toml",
               "[[kpi]]\nname = \"dials\"\nmeasure = \"dials\"\nwhy = \"It matters.\"\n"
               "targets = { Eest = 75 }\n[[kpi]]\nname = \"wins\"\nmeasure = \"wins\"\n"
               "why = \"It matters.\"\n");
    CHECK(site.problems() ==
          "kpis.toml:1:1: the KPI \"dials\" has a target for a team \"Eest\" that does not exist, "
          "did you mean \"East\"?\n"
          "kpis.toml:6:1: the KPI \"wins\" has no target, add target = NUMBER, per rep and week\n");
}

TEST_CASE("a quota is for somebody who is there, and a criterion of a field names it") {
    Site site;
    site.write("kpis.toml", "[[quota]]\nteam = \"Eest\"\namount = 9\n"
                            "[[quota]]\nrep = \"ana@exampel.com\"\nquarter = \"2027Q1\"\n"
                            "amount = 9\n");
    site.write("criteria.toml", "[[criterion]]\nname = \"a\"\nevidence = \"field\"\n"
                                "[[criterion]]\nname = \"b\"\nevidence = \"meeting\"\n"
                                "field = \"amount\"\n");
    CHECK(site.problems() ==
          "kpis.toml:1:1: a quota is for a team \"Eest\" that does not exist, did you mean "
          "\"East\"?\n"
          "kpis.toml:4:1: a quota is for \"ana@exampel.com\", who is on no team, did you mean "
          "\"ana@example.com\"?\n"
          "kpis.toml:6:11: \"quarter\" cannot be \"2027Q1\", write a fiscal quarter as "
          "\"2027-Q1\"\n"
          "criteria.toml:1:1: the criterion \"a\" names no field, add field = \"…\"\n"
          "criteria.toml:4:1: the criterion \"b\" is not about a field, write evidence = "
          "\"field\"\n");
}

TEST_CASE("a KPI is a measure or a ratio, and a target is for somebody who is there") {
    Site site;
    site.write("kpis.toml",
               "[[kpi]]\nname = \"dials\"\nwhy = \"It matters.\"\ntarget = 90\n"
               "[[kpi]]\nname = \"wins\"\nmeasure = \"wins\"\nwhy = \"It matters.\"\n"
               "[[kpi.target]]\nvalue = 3\nrep = \"anna@example.com\"\n"
               "[[kpi.target]]\nvalue = 3\nteam = \"East\"\nrep = \"ana@example.com\"\n");
    CHECK(site.problems() ==
          "kpis.toml:1:1: the KPI \"dials\" needs a measure, a ratio, a query or a score, one "
          "of them, write measure = \"…\", ratio = { of = \"…\", by = [\"…\"] }, sql = \"…\" or "
          "score = { … }\n"
          "kpis.toml:9:1: the KPI \"wins\" has a target for a rep \"anna@example.com\" that does "
          "not exist, did you mean \"ana@example.com\"?\n"
          "kpis.toml:12:1: a target of the KPI \"wins\" is for several at once, say one of team, "
          "role and rep\n");
}

TEST_CASE("an unknown connector and an unknown kind of channel are told with those there are") {
    Site site;
    site.write("sources.d/exports.toml", "[source]\nname = \"exports\"\nconnector = \"ftp\"\n");
    site.write("channels.d/dana.toml",
               "[channel]\nname = \"dana\"\nkind = \"slak\"\naudience = \"manager\"\n");
    CHECK(site.problems() ==
          "sources.d/exports.toml:3:13: there is no connector \"ftp\", known here: csv, http, "
          "singer\n"
          "channels.d/dana.toml:3:8: there is no kind of channel \"slak\", did you mean "
          "\"slack\"?\n");
}

TEST_CASE("a credential is sent unencrypted to this machine only") {
    struct Case {
        const char* name;
        const char* base_url;
        const char* problem;
    };
    const auto c = GENERATE(values<Case>({
        {"encrypted", "https://crm.example.com", ""},
        {"to this machine", "http://127.0.0.1:8080", ""},
        {"in the clear", "http://crm.example.com",
         "sources.d/crm.toml:1:1: \"base_url\" would send credentials to crm.example.com "
         "unencrypted, write https://\n"},
        {"a name that only begins like this machine's", "http://127.0.0.1.example.com",
         "sources.d/crm.toml:1:1: \"base_url\" would send credentials to 127.0.0.1.example.com "
         "unencrypted, write https://\n"},
        {"no URL", "crm.example.com",
         "sources.d/crm.toml:1:1: \"base_url\" is no http(s) URL, write it as "
         "\"https://api.example.com\"\n"},
    }));
    DYNAMIC_SECTION(c.name) {
        Variable token{"CRM_TOKEN", "pat-1"};
        Site site;
        site.write("nudged.toml", "state_dir = \"state\"\nmanifest_dir = \"" NUDGED_SOURCE_DIR
                                  "/connectors/manifests\"\n");
        site.write("sources.d/crm.toml", http_source(c.base_url));
        CHECK(site.problems() == c.problem);
    }
}

TEST_CASE("what a connector needs is checked with the rest") {
    struct Case {
        const char* name;
        const char* lines;
        const char* problem;
    };
    const auto c = GENERATE(values<Case>({
        {"a manifest that does not ship",
         "manifest = \"hubspt\"\ncredentials = { token = { env = \"CRM_TOKEN\" } }\n",
         "sources.d/crm.toml:1:1: there is no manifest \"hubspt\" in " NUDGED_SOURCE_DIR
         "/connectors/manifests, did you mean \"hubspot\"?\n"},
        {"a credential that the manifest does not know",
         "manifest = \"hubspot\"\ncredentials = { tokn = { env = \"CRM_TOKEN\" } }\n",
         "sources.d/crm.toml:1:1: the credentials fit none of the manifest's ways to authenticate, "
         "give token, or client_id and client_secret"},
    }));
    DYNAMIC_SECTION(c.name) {
        Variable token{"CRM_TOKEN", "pat-1"};
        Site site;
        site.write("nudged.toml", "state_dir = \"state\"\nmanifest_dir = \"" NUDGED_SOURCE_DIR
                                  "/connectors/manifests\"\n");
        site.write("sources.d/crm.toml",
                   "[source]\nname = \"crm\"\nconnector = \"http\"\n" + std::string{c.lines});
        const auto problems = site.problems();
        CAPTURE(problems);
        CHECK(problems.find(c.problem) == 0);
    }
}
