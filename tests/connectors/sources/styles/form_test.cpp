// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/crypto.hpp"
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;

namespace {

/// One path for everything, and JSON inside a field of a form.
constexpr auto manifest = R"(
[auth.headers]
X-Session = "{auth.session}"
[[auth.token]]
get = "/challenge"
query = { user = "{credential.user}" }
values = { challenge = "/result/token" }
[[auth.token]]
post = "/rest"
derived = { proof = { of = "{auth.challenge}{credential.key}", as = "md5" } }
form = { method = "login", user_name = "{credential.user}", password = "{auth.proof}" }
values = { session = "/id" }

[request.entries]
post = "/rest"
records = "/entry_list"
total = "/total_count"
limit = 2
[request.entries.form]
method = "get_entry_list"
[request.entries.form.rest_data]
session = "{auth.session}"
module = "{module}"
query = "owner = {who as sql} AND {column} >= '{window.lo as \"%Y-%m-%d %H:%M\" utc}' AND {column} <= '{window.last as \"%Y-%m-%d %H:%M\" utc}'"
offset = "{page.offset}"
max = "{limit}"

[request.nested]
get = "/records/{module}"
query = { "filter[0][field]" = "modified", "filter[0][op]" = "gte", "filter[0][value]" = "{window.lo as epoch_s}", "filter[1][value]" = "{who as quoted}", "page[size]" = "{limit}" }
records = "/list"
stable = true

[stream.task]
walk = "window"
passes = [
    { request = "entries", with = { module = "Tasks", who = "it's", column = "record_changed" } },
    { request = "entries", with = { module = "Tasks", who = "it's", column = "note_changed" } },
]
id = "/fields/[name=id]/value"
[stream.task.modified]
from = ["/fields/[name=shown_changed]/value", "/fields/[name=note_changed]/value"]
latest = true
zone = "UTC"
[stream.task.window]
precision = "1m"
[stream.task.map]
subject = "/fields/[name=name]/value"
owner = "/fields/[name=user.id]/value"
due_on = "/fields/[name=due]/value"
priority = { from = "/fields/[name=prio]/value", values = { P1 = "high", P3 = "low" }, otherwise = "normal" }

[stream.account]
request = "nested"
with = { module = "Accounts", who = "it's" }
walk = "window"
modified = { from = "/modified", as = "epoch_s" }
[stream.account.map]
name = "/name"
owner = "/owner.id"
domain = "/web/site.url"
)";

/// A list of names and values, as this CRM tells a record.
std::string entry(const Fields& values) {
    std::string list;
    for (const auto& [name, value] : values)
        list +=
            fmt::format(R"({}{{"name":"{}","value":"{}"}})", list.empty() ? "" : ",", name, value);
    return fmt::format(R"({{"module":"Tasks","fields":[{}]}})", list);
}

const auto task_a = entry({{"id", "a1"},
                           {"name", "Call back"},
                           {"user.id", "7"},
                           {"due", "2026-11-24"},
                           {"prio", "P1"},
                           {"shown_changed", "2026-11-20 08:15"},
                           {"note_changed", "2026-11-20 09:20"}});
const auto task_b = entry({{"id", "b2"},
                           {"name", "Offer"},
                           {"user.id", ""},
                           {"prio", "P2"},
                           {"shown_changed", "2026-11-20 08:15"},
                           {"note_changed", ""}});

Reply answer(const Request& request) {
    if (request.path == "/challenge") return Reply::json(R"({"result":{"token":"5d1c"}})");
    if (request.path == "/records/Accounts")
        return Reply::json(R"({"list":[{"id":3,"modified":1795162500,"name":"Acme",)"
                           R"("owner.id":7,"web":{"site.url":"acme.example"}}]})");
    auto form = form_fields(request.body);
    if (form["method"] == "login") return Reply::json(R"({"id":"s-77"})");
    if (request.header("x-session") != "s-77") return Reply::json("{}", 401);
    const bool by_note = holds(form["rest_data"], "note_changed >=");
    return Reply::json(
        by_note ? fmt::format(R"({{"total_count":1,"entry_list":[{}]}})", task_a)
                : fmt::format(R"({{"total_count":2,"entry_list":[{},{}]}})", task_b, task_a));
}

const StyleCrm::Credentials ana{{"user", "ana"}, {"key", "k3y"}};

}  // namespace

TEST_CASE("a form CRM is logged in to by the digest of its challenge and the key") {
    StyleCrm crm(manifest, answer, ana);
    crm.pull(Entity::task);
    const auto requests = crm.requests("/rest");
    REQUIRE(requests.size() == 3);  // and a list for each of the two filters
    CHECK(requests[0].header("content-type") == "application/x-www-form-urlencoded");
    CHECK(crm.requests("/challenge").at(0).query.at("user") == "ana");
    auto form = form_fields(requests[0].body);
    const auto proof = crypto::hex(crypto::digest(crypto::Digest::md5, "5d1ck3y"));
    CHECK(form == Fields{{"method", "login"}, {"user_name", "ana"}, {"password", proof}});
}

TEST_CASE("a form CRM is filtered in its own language, to the minute that it knows") {
    StyleCrm crm(manifest, answer, ana);
    crm.bench.now = *parse_instant("2026-11-20T12:00:42Z");
    crm.pull(Entity::task);
    const auto requests = crm.requests("/rest");
    REQUIRE(requests.size() == 3);
    // 12:00:42 is in a minute that is not over: the window ends before it, and its last is 11:59.
    const auto* query = R"({{"max":2,"module":"Tasks","offset":0,)"
                        R"("query":"owner = 'it''s' AND {0} >= '1970-01-01 00:00')"
                        R"( AND {0} <= '2026-11-20 11:59'","session":"s-77"}})";
    CHECK(form_fields(requests[1].body)["rest_data"] ==
          fmt::format(fmt::runtime(query), "record_changed"));
    CHECK(form_fields(requests[2].body)["rest_data"] ==
          fmt::format(fmt::runtime(query), "note_changed"));
}

TEST_CASE("lists of names and values are read by name, and the later of two times is the version") {
    StyleCrm crm(manifest, answer, ana);
    const auto store = crm.pull(Entity::task);
    CHECK(store.size() == 2);
    CHECK(fields(store, Entity::task, "a1") == Fields{{"subject", "Call back"},
                                                      {"owner", "7"},
                                                      {"due_on", "2026-11-24"},
                                                      {"priority", "high"}});
    CHECK(fields(store, Entity::task, "b2") ==
          Fields{{"subject", "Offer"}, {"priority", "normal"}});
    CHECK(store.at({Entity::task, "a1"}).modified == parse_instant("2026-11-20T09:20:00Z"));
    CHECK(store.at({Entity::task, "b2"}).modified == parse_instant("2026-11-20T08:15:00Z"));
}

TEST_CASE("parameters with brackets and keys with dots are names like others") {
    StyleCrm crm(manifest, answer, ana);
    const auto store = crm.pull(Entity::account);
    CHECK(fields(store, Entity::account, "3") ==
          Fields{{"name", "Acme"}, {"owner", "7"}, {"domain", "acme.example"}});
    const auto request = crm.requests("/records/Accounts").at(0);
    CHECK(request.query == std::map<std::string, std::string>{{"filter[0][field]", "modified"},
                                                              {"filter[0][op]", "gte"},
                                                              {"filter[0][value]", "0"},
                                                              {"filter[1][value]", R"('it\'s')"},
                                                              {"page[size]", "100"}});
}
