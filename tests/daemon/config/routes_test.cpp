// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/config/site.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using tests::Site;
using warehouse::Severity;

namespace {

const std::string mail = "[channel]\nname = \"mail\"\nkind = \"smtp\"\naudience = \"manager\"\n"
                         "host = \"mail.example.com\"\nfrom = \"nudged@example.com\"\n";

struct Routed : Site {
    Routed() { write("channels.d/mail.toml", mail); }
    std::string problems_of(const std::string& routes) const {
        write("routes.toml", routes);
        return problems();
    }
};

}  // namespace

TEST_CASE("routes are a tree of what fits and where it leads") {
    Routed site;
    site.write("routes.toml", R"([[team]]
name = "East"
reps_channel = "mail"
cover = { email = "Lee@Example.com", channel = "mail" }
escalate_to = { email = "kim@example.com", channel = "mail" }

[[rule]]
check = ["kpi.*", "opp.idle"]
grace = 1
hold = "24h"
escalate_after = 15
rep_first = false

[[route]]
name = "large"
team = "East"
rep = "Ana@Example.com"
severity = "high"
amount_from = 100000
to = "kim@example.com"
channel = "mail"
continue = true
[[route.route]]
check = "opp.close_*"
to = "manager"
)");
    const auto routing = site.good().alerts.routing;
    REQUIRE(routing.teams.size() == 1);
    CHECK(routing.teams[0].reps_channel == "mail");
    CHECK(routing.teams[0].cover.email == "lee@example.com");
    CHECK(routing.teams[0].escalate_to.channel == "mail");
    REQUIRE(routing.rules.size() == 1);
    CHECK(routing.rules[0].checks == std::vector<std::string>{"kpi.*", "opp.idle"});
    CHECK(routing.rules[0].grace == 1);
    CHECK(routing.rules[0].hold == std::chrono::hours{24});
    CHECK_FALSE(routing.rules[0].repeat_after);
    CHECK(routing.rules[0].rep_first == false);
    REQUIRE(routing.routes.size() == 1);
    const auto& route = routing.routes[0];
    CHECK(route.reps == std::vector<std::string>{"ana@example.com"});
    CHECK(route.severity_from == Severity::high);
    CHECK(route.amount_from == Decimal{100'000});
    CHECK(route.goes_on);
    REQUIRE(route.routes.size() == 1);
    CHECK(route.routes[0].to == "manager");
}

TEST_CASE("what a route names has to be there") {
    struct Case {
        const char* name;
        const char* routes;
        const char* problem;
    };
    const auto c = GENERATE(values<Case>({
        {"a team", "[[route]]\nteam = \"Eats\"\n",
         "routes.toml:1:1: a [[route]] is for a team \"Eats\" that does not exist, did you mean "
         "\"East\"?\n"},
        {"a check", "[[rule]]\ncheck = \"opp.idel\"\ngrace = 1\n",
         "routes.toml:1:1: a [[rule]] is for a check \"opp.idel\" that does not exist, did you "
         "mean "
         "\"opp.idle\"?\n"},
        {"a channel", "[[route]]\nname = \"r\"\nchannel = \"mial\"\n",
         "routes.toml:1:1: the route \"r\" names a channel \"mial\" that does not exist, did you "
         "mean \"mail\"?\n"},
        {"somebody", "[[route]]\nto = \"boss\"\nchannel = \"mail\"\n",
         "routes.toml:1:1: a [[route]] is to \"boss\", which is nobody it knows, write to = "
         "\"manager\", to = \"nobody\", or an e-mail address\n"},
        {"a place for somebody", "[[route]]\nto = \"kim@example.com\"\n",
         "routes.toml:1:1: a [[route]] is to kim@example.com, and names no channel, add channel = "
         "\"…\", a channel that reaches them\n"},
        {"a number of days", "[[rule]]\ncheck = \"opp.idle\"\nrepeat_after = 400\n",
         "routes.toml:3:16: \"repeat_after\" must be between 0 and 365\n"},
    }));
    DYNAMIC_SECTION(c.name) {
        CHECK(Routed{}.problems_of(c.routes) == c.problem);
    }
}

TEST_CASE("what is about persons goes to no place that others read") {
    Routed site;
    site.write("channels.d/all.toml",
               "[channel]\nname = \"all\"\nkind = \"file\"\npath = \"all.txt\"\n");
    CHECK(site.problems_of("[[route]]\nchannel = \"all\"\n") ==
          "routes.toml:1:1: a [[route]] would send what is about persons to \"all\", whose "
          "audience is shared, let only those read it whom it is for, and say audience = "
          "\"manager\" in channels.d/all.toml\n");
    site.write("channels.d/mail.toml", mail + "fallback = \"all\"\n");
    CHECK(site.problems_of("") ==
          "channels.d/mail.toml:1:1: the fallback of \"mail\" would send what is about persons to "
          "\"all\", whose audience is shared, let only those read it whom it is for, and say "
          "audience = \"manager\" in channels.d/all.toml\n");
}

TEST_CASE("each rep gets their own, so their channel goes to whom it is for") {
    Routed site;
    site.write("channels.d/mail.toml", mail + "to = [\"dana@example.com\"]\n");
    CHECK(site.problems_of("[[team]]\nname = \"East\"\nreps_channel = \"mail\"\n") ==
          "routes.toml:1:1: \"reps_channel\" of team \"East\" would tell all reps' findings in one "
          "place, \"mail\", name a mail channel without \"to\": each rep then gets their own\n");
}

TEST_CASE("a chain of fallbacks ends") {
    Routed site;
    site.write("channels.d/mail.toml", mail + "fallback = \"dana\"\n");
    CHECK(site.problems_of("").empty());
    site.write("channels.d/dana.toml", "[channel]\nname = \"dana\"\nkind = \"file\"\naudience = "
                                       "\"manager\"\npath = \"m.txt\"\nfallback = \"mail\"\n");
    CHECK(site.problems_of("") ==
          "channels.d/dana.toml:1:1: the fallback of \"dana\" leads back to where it began, let "
          "the last channel of a chain have no fallback\n"
          "channels.d/mail.toml:1:1: the fallback of \"mail\" leads back to where it began, let "
          "the last channel of a chain have no fallback\n");
}

TEST_CASE("links that answer lead to https, by a server that runs") {
    Site site;
    site.write("nudged.toml",
               "state_dir = \"state\"\n[web]\npublic_url = \"http://nudged.example.com\"\n");
    CHECK(site.problems() ==
          "nudged.toml: \"public_url\" under [web] would send answers to nudged.example.com "
          "unencrypted, write https://, and let a proxy pass on what begins with /answer/\n");
    site.write("nudged.toml", "state_dir = \"state\"\n[web]\nenabled = false\n"
                              "public_url = \"https://nudged.example.com\"\n");
    CHECK(site.problems() == "nudged.toml: \"public_url\" under [web] leads to a server that is "
                             "switched off, say enabled = true\n");
}
