// SPDX-License-Identifier: Apache-2.0
// Change tracking, and the shapes of rows.
#include "tests/crmsim/dynamics365/test_environment.hpp"
#include "tests/paths.hpp"

namespace nudged::crmsim {
namespace {

using dynamics365_test::Environment;
using dynamics365_test::values;

/// Walks to the delta link of a first load.
std::string first_delta_link(Environment& crm) {
    crm.prefer("odata.track-changes,odata.maxpagesize=5");
    auto page = crm.list("opportunities?$select=name");
    while (page.json.HasMember("@odata.nextLink")) {
        CHECK_FALSE(page.json.HasMember("@odata.deltaLink"));
        page = crm.follow(page.json["@odata.nextLink"].GetString());
    }
    return page.json["@odata.deltaLink"].GetString();
}

TEST_CASE("a delta link tells changed rows whole and deleted rows by id, once") {
    Environment crm(twelve_deals());
    const std::string link = first_delta_link(crm);
    const auto nothing = crm.follow(link);
    CHECK(nothing.json["value"].Empty());
    CHECK(nothing.json.HasMember("@odata.deltaLink"));
    crm.edit("set", "deals", "992");
    crm.edit("archive", "deals", "993");
    crm.edit("set", "deals", "992");
    const auto changes = crm.follow(link);
    const auto& rows = changes.json["value"];
    REQUIRE(rows.Size() == 2);
    // By version: the deletion was before the last change of the other.
    CHECK(rows[0]["reason"] == "deleted");
    CHECK(rows[0]["@odata.context"] ==
          "http://127.0.0.1/api/data/v9.2/$metadata#opportunities/$deletedEntity");
    CHECK(rows[1]["name"] == "Deal 1");
    const std::string next = changes.json["@odata.deltaLink"].GetString();
    CHECK(crm.follow(next).json["value"].Empty());
    crm.edit("restore", "deals", "993");
    CHECK(values(crm.follow(next), "name") == std::vector<std::string>{"Deal 2"});
}

TEST_CASE("changes come in pages too, and the last one alone has the delta link") {
    Environment crm(twelve_deals());
    const std::string link = first_delta_link(crm);
    for (int id = 991; id <= 997; ++id) crm.edit("set", "deals", std::to_string(id));
    const auto first = crm.follow(link);
    CHECK(first.json["value"].Size() == 5);
    CHECK_FALSE(first.json.HasMember("@odata.deltaLink"));
    const auto second = crm.follow(first.json["@odata.nextLink"].GetString());
    CHECK(second.json["value"].Size() == 2);
    CHECK(second.json.HasMember("@odata.deltaLink"));
}

TEST_CASE("what changes behind a first walk's back is missing from walk and delta") {
    Environment crm(twelve_deals());
    crm.prefer("odata.track-changes,odata.maxpagesize=11");
    const auto page = crm.list("opportunities?$select=name");
    const std::string seen = page.json["value"][0]["name"].GetString();
    crm.edit("archive", "deals", std::to_string(991 + std::stoi(seen.substr(5))));
    const auto last = crm.follow(page.json["@odata.nextLink"].GetString());
    const auto delta = crm.follow(last.json["@odata.deltaLink"].GetString());
    CHECK(delta.json["value"].Empty());
}

TEST_CASE("delta tokens die after seven days, or when ordered") {
    Environment crm(twelve_deals());
    const std::string link = first_delta_link(crm);
    crm.advance(std::chrono::hours{7 * 24 - 1});
    crm.sign_in();
    CHECK(crm.follow(link).status == 200);
    crm.advance(std::chrono::hours{1});
    crm.sign_in();
    const auto dead = crm.follow(link);
    CHECK(dead.status == 400);
    CHECK(dead.json["error"]["code"] == "0x80044352");
    const std::string fresh = first_delta_link(crm);
    crm.post("/_sim/dialect/expire-delta-tokens", "");
    CHECK(crm.follow(fresh).json["error"]["code"] == "0x80044352");
}

TEST_CASE("change tracking goes with no filter, order, expansion or limit") {
    Environment crm(twelve_deals());
    crm.prefer("odata.track-changes");
    const std::string option =
        GENERATE(as<std::string>(), "$filter=statecode%20eq%200", "$orderby=name", "$top=5");
    const auto refused = crm.list("opportunities?" + option);
    CHECK(refused.status == 400);
    CHECK(refused.json["error"]["code"] == "0x80060888");
}

TEST_CASE("a call has its subject's table in an annotation, and its people in the parties") {
    Environment crm(dynamics365_test::one_of_each());
    crm.prefer("odata.include-annotations=\"Microsoft.Dynamics.CRM.lookuplogicalname\"");
    const auto page = crm.list("phonecalls?$expand=phonecall_activity_parties(%24select=x)");
    REQUIRE(page.status == 200);
    const auto& call = page.json["value"][0];
    CHECK(call["_regardingobjectid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] ==
          "opportunity");
    CHECK_FALSE(call.HasMember("statecode@OData.Community.Display.V1.FormattedValue"));
    CHECK(call["directioncode"].IsTrue());
    CHECK(call["actualdurationminutes"].GetInt() == 7);
    CHECK(call["actualend"] == "2026-03-02T15:10:57Z");
    const auto& parties = call["phonecall_activity_parties"];
    REQUIRE(parties.Size() == 2);
    CHECK(parties[0]["participationtypemask"].GetInt() == 1);
    CHECK(parties[1]["_partyid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] == "contact");
}

TEST_CASE("members of rows are those of the samples") {
    const std::string samples = NUDGED_SOURCE_DIR "/../shared/specs/dynamics365/samples/";
    if (!dynamics365_test::exists(samples)) {
        WARN("no samples here: skipped");
        return;
    }
    struct Case {
        const char* file;
        const char* set;
    };
    const auto c = GENERATE(
        Catch::Generators::values<Case>({{"phonecalls-page1.json", "phonecalls"},
                                         {"tasks.json", "tasks"},
                                         {"appointments.json", "appointments"},
                                         {"opportunities.json", "opportunities"},
                                         {"accounts.json", "accounts"},
                                         {"contacts.json", "contacts"},
                                         {"systemusers.json", "systemusers"},
                                         {"usersettings.json", "usersettingscollection"}}));
    DYNAMIC_SECTION(c.set) {
        Environment crm(dynamics365_test::one_of_each());
        crm.prefer("odata.include-annotations=\"*\"");
        const auto page = crm.list(c.set);
        REQUIRE(page.status == 200);
        const auto sample = dynamics365_test::read_json(samples + c.file);
        for (const auto& member : sample["value"][0].GetObject()) {
            const std::string name = member.name.GetString();
            // Legacy columns, annotations of nulls, and what $expand adds.
            if (name == "stageid" || name == "salesstagecode" || member.value.IsArray()) continue;
            if (name.find('@') != std::string::npos && name[0] != '@') continue;
            INFO(name);
            const auto& row = page.json["value"][0];
            REQUIRE(row.HasMember(name.c_str()));
            const auto& ours = row[name.c_str()];
            if (!ours.IsNull() && !member.value.IsNull())
                CHECK((ours.GetType() == member.value.GetType() ||
                       (ours.IsBool() && member.value.IsBool())));
        }
    }
}

}  // namespace
}  // namespace nudged::crmsim
