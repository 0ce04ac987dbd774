// SPDX-License-Identifier: Apache-2.0
// What a CRM says of its own fields, in the ways that differ from list to list.
#include "tests/connectors/sources/heard.hpp"
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;

namespace {

/// A reference's column is described by one name and asked for by another.
constexpr auto by_two_names = R"([auth]
kind = "bearer"
[request.all]
get = "/tasks"
query = { columns = "{fields}" }
records = "/data"
fields = ""
[request.columns]
get = "/columns"
records = "/columns"
[stream.task]
request = "all"
[stream.task.map]
owner = "/_owner_value"
subject = "/title"
type = "/kynd"
[stream.task.describe]
request = "columns"
names = "/columns/*/name"
forms = ["_{name}_value"]
)";

/// All fields come by themselves, and only those of the account's own may be named wrongly.
constexpr auto own_fields = R"([auth]
kind = "bearer"
[request.all]
get = "/tasks"
records = "/data"
fields = "/own"
[request.columns]
get = "/columns"
records = "/columns"
[stream.task]
request = "all"
[stream.task.map]
subject = "/title"
[stream.task.describe]
request = "columns"
names = "/columns/*/name"
complete = true
)";

Reply answer(const Request& request) {
    if (request.path == "/columns")
        return Reply::json(R"({"columns":[{"name":"id"},{"name":"title"},{"name":"owner"}]})");
    return Reply::json(
        R"({"data":[{"id":"1","title":"Call back","_owner_value":"u1","own":{"size":"5"}}]})");
}

}  // namespace

TEST_CASE("a field that is described by another name than it is asked for is not hidden") {
    StyleCrm crm{by_two_names, answer};
    const Heard heard;
    CHECK(fields(crm.pull(Entity::task), Entity::task, "1") ==
          Fields{{"owner", "u1"}, {"subject", "Call back"}});
    CHECK(parameter(crm.requests("/tasks").at(0), "columns") == "_owner_value,id,title");
    CHECK(heard.lines ==
          std::vector<std::string>{"fields.hidden source=crm stream=task fields=kynd"});
}

TEST_CASE("a complete description is believed, however few of the fields read it names") {
    auto text = std::string{own_fields};
    text.insert(text.find("[stream.task.describe]"),
                "[stream.task.extra]\ncolour = \"/own/color\"\n");
    StyleCrm crm{text, answer};
    const Heard heard;
    CHECK(crm.pull(Entity::task).size() == 1);
    CHECK(heard.lines ==
          std::vector<std::string>{"fields.hidden source=crm stream=task fields=color"});
}

TEST_CASE("who reads no fields that could be hidden asks for no description") {
    StyleCrm crm{own_fields, answer};
    CHECK(crm.pull(Entity::task).size() == 1);
    CHECK(crm.requests("/columns").empty());
}
