// SPDX-License-Identifier: Apache-2.0
// A CRM that answers well for users alone, seen by whoever looks at the daemon that reads it.
#include "tests/daemon/cli/site.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace nudged::tests;
using Catch::Contains;

namespace {

constexpr const char* manifest = R"([retry]
tries = 2
base  = "1ms"
[[error]]
status = 200
match  = { at = "/error", present = true }
class  = "bad_request"
[request.list]
get     = "/{object}"
query   = { after = "{page.token}" }
records = "/data"
next    = "/next"
[request.linked]
get      = "/linked"
records  = "/data"
next_url = "/next"
[stream.user]
request = "list"
with    = { object = "users" }
[stream.user.map]
name = "/name"
[stream.account]
request = "list"
with    = { object = "html" }
[stream.account.map]
name = "/name"
[stream.contact]
request = "list"
with    = { object = "half" }
[stream.contact.map]
name = "/name"
[stream.opportunity]
request = "list"
with    = { object = "wrong-types" }
[stream.opportunity.map]
name   = "/name"
amount = "/amount"
[stream.call]
request = "list"
with    = { object = "loop" }
[stream.call.map]
subject = "/subject"
[stream.task]
request = "list"
with    = { object = "error" }
[stream.task.map]
subject = "/subject"
[stream.meeting]
request = "list"
with    = { object = "redirect" }
[stream.meeting.map]
subject = "/subject"
[stream.email]
request = "linked"
[stream.email.map]
subject = "/subject"
)";

/// `away` is an address on another host.
Reply answer(const std::string& path, const std::string& away) {
    if (path == "/html") return Reply::text("<!DOCTYPE html><html>Sign in</html>");
    if (path == "/half") return Reply::json(R"({"data":[{"id":1,"name":"Ac)");
    if (path == "/error") return Reply::json(R"({"error":{"code":7},"data":[]})");
    if (path == "/loop") return Reply::json(R"({"data":[{"id":1,"subject":"a"}],"next":"A"})");
    if (path == "/wrong-types")
        return Reply::json(R"({"data":[{"id":7,"name":{"a":1},"amount":"much"}]})");
    if (path == "/linked")
        return Reply::json(fmt::format(R"({{"data":[{{"id":1}}],"next":"{}"}})", away));
    if (path == "/redirect") {
        auto reply = Reply::text("", 307);
        reply.headers.emplace_back("Location", away);
        return reply;
    }
    return Reply::json(R"({"data":[{"id":7,"name":"Ana"}]})");
}

/// How often the event was told, as the metrics have it.
int count_of(const std::string& metrics, const std::string& event) {
    const auto name = fmt::format("nudged_events_total{{event=\"{}\"}} ", event);
    const auto at = metrics.find(name);
    return at == metrics.npos ? 0 : std::stoi(metrics.substr(at + name.size()));
}

std::string failing(const char* stream, char is_failing) {
    return fmt::format("nudged_stream_failing{{source=\"small\",stream=\"{}\"}} {}\n", stream,
                       is_failing);
}

}  // namespace

TEST_CASE("each bad answer ends its own stream, is told and counted, and holds up no other") {
    HttpServer elsewhere([](const Request&) { return Reply::json(R"({"data":[]})"); });
    HttpServer crm(
        [&](const Request& request) { return answer(request.path, elsewhere.url("/linked")); });
    const Site site;
    site.add_source(manifest, crm.url(""));
    site.serve_web();
    const auto daemon = site.start_daemon();
    const std::vector<const char*> refused{"account", "contact", "call", "task", "meeting"};

    const auto metrics = [&] { return ask_web(daemon, "/metrics").body; };
    CHECK(eventually([&] { return metrics().find(failing("email", '1')) != std::string::npos; }));
    const auto text = metrics();
    const auto log = daemon.output();
    CAPTURE(log);
    for (const auto* stream : refused) {
        CHECK_THAT(text, Contains(failing(stream, '1')));
        CHECK_THAT(log, Contains(fmt::format(
                            "stream.failed source=small stream={} kind=refused why=", stream)));
    }
    CHECK_THAT(text, Contains(failing("user", '0')) && Contains(failing("opportunity", '0')));
    CHECK(count_of(text, "stream.failed") >= 5);
    CHECK(count_of(text, "stream.needs_person") >= 1);
    CHECK(count_of(text, "record.malformed") >= 2);  // the name and the amount
    CHECK_THAT(site.for_a_person(), Contains("leads to another host than the base URL"));
    CHECK(elsewhere.connections() == 0);
    CHECK_THAT(log, !Contains("test-token"));
    CHECK(site.rows("SELECT name FROM user") == "Ana\t\n");
    CHECK(site.rows("SELECT external_id FROM opportunity") == "7\t\n");
}
