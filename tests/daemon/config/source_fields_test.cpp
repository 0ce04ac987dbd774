// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/config/site.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using tests::Site;
using tests::Variable;

namespace {

/// A source of the shipped manifest; what is given begins on line 6.
void write_source(const Site& site, const std::string& fields) {
    site.write("nudged.toml", "state_dir = \"state\"\nmanifest_dir = \"" NUDGED_SOURCE_DIR
                              "/connectors/manifests\"\n");
    site.write("sources.d/crm.toml",
               "[source]\nname = \"crm\"\nconnector = \"http\"\nmanifest = \"hubspot\"\n"
               "credentials = { token = { env = \"CRM_TOKEN\" } }\n" +
                   fields);
}

}  // namespace

TEST_CASE("the fields of a source are shown as they were written") {
    Site site;
    const Variable token{"CRM_TOKEN", "pat-demo"};
    write_source(site, R"([source.fields.opportunity]
close_date = { from = ["/properties/next_review"], as = "date" }
extra.segment = "/properties/segment"
[source.fields.call]
outcome = { values = { "our-own" = "connected" } }
)");
    const auto shown = config::show(site.good());
    for (const auto* part :
         {"\n[source.fields.call]\noutcome = { values = { our-own = \"connected\" } }\n",
          "\n[source.fields.opportunity]\nclose_date = { from = [\"/properties/next_review\"], as "
          "= "
          "\"date\" }\n",
          "\n[source.fields.opportunity.extra]\nsegment = { from = [\"/properties/segment\"] }\n"})
        CHECK_THAT(shown, Catch::Contains(part));
}

TEST_CASE("a mistake in a source's fields is told with its place in the source's file") {
    struct Case {
        const char* name;
        std::string fields;
        std::string problem;
    };
    const auto c = GENERATE(values<Case>({
        {"an entity that is none", "[source.fields.oportunity]\nname = \"/x\"\n",
         "6:1: the manifest has no stream \"oportunity\", did you mean \"opportunity\"?\n"},
        {"a field that is none", "[source.fields.opportunity]\nclos_date = \"/x\"\n",
         "7:13: opportunity has no field \"clos_date\", did you mean \"close_date\"?\n"},
        {"a place that is none", "[source.fields.opportunity]\nextra.segment = \"segment\"\n",
         "7:17: \"segment\" is no JSON pointer, begin it with / (or with ../ for what holds the "
         "record), close every [, or write @key alone\n"},
        {"an unknown conversion",
         "[source.fields.opportunity]\nextra.days = { from = [\"/x\"], as = \"integr\" }\n",
         "7:14: unknown conversion \"integr\", did you mean \"integer\"?\n"},
        {"a key that an entry does not have",
         "[source.fields.call]\noutcome = { vlues = { a = \"busy\" } }\n",
         "7:13: unknown key \"vlues\" in [source.fields.call.outcome], did you mean \"values\"?\n"},
        {"a name that no query could write",
         "[source.fields.opportunity]\nextra.next-step = \"/x\"\n",
         "7:19: an extra field cannot be called \"next-step\", use letters, digits and _\n"},
        {"extra fields of an entity that has none", "[source.fields.stage]\nextra.color = \"/x\"\n",
         "7:15: stage has no extra fields, users, accounts, contacts, opportunities, calls, tasks, "
         "meetings and e-mails do\n"},
        {"values for a field that the manifest does not map",
         "[source.fields.opportunity]\ncontact = { values = { a = \"b\" } }\n",
         "7:11: \"contact\" is mapped from nothing, give it `from`, `join` or `constant`\n"},
        {"the record's own id", "[source.fields.opportunity]\nid = \"/x\"\n",
         "7:6: records of \"opportunity\" are known to the CRM by the manifest's id, leave id out "
         "here\n"},
        {"notes without their text", "[source.fields.note]\nowner = \"/x\"\n",
         "6:1: nothing says where the text of a note stands, add extra.commitment, or leave the "
         "notes out\n"},
        {"notes whose text stands nowhere", "[source.fields.note]\nextra.commitment = \"body\"\n",
         "7:20: \"body\" is no JSON pointer, begin it with / (or with ../ for what holds the "
         "record), close every [, or write @key alone\n"},
        {"a table that is none", "[source.fields]\nopportunity = \"/x\"\n",
         "7:15: \"opportunity\" must be a table, not text\n"},
    }));
    DYNAMIC_SECTION(c.name) {
        Site site;
        const Variable token{"CRM_TOKEN", "pat-demo"};
        write_source(site, c.fields);
        CHECK(site.problems() == "sources.d/crm.toml:" + c.problem);
    }
}

TEST_CASE("the notes of a manifest that has them are read where their text is mapped") {
    Site site;
    const Variable token{"CRM_TOKEN", "pat-demo"};
    write_source(site, "[source.fields.note]\nextra.commitment = \"/properties/hs_note_body\"\n");
    CHECK(site.problems().empty());
}
