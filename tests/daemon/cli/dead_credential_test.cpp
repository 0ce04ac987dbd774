// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/cli/site.hpp"
#include "tests/support/http_server.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace nudged::tests;
using Catch::Contains;

namespace {

constexpr const char* gauge = "nudged_source_needs_person{source=\"hubspot\"} ";

/// A daemon that has loaded its CRM, and somebody who looks after it.
struct Office {
    Office() : site(crm.url()), daemon((prepare(site), site.start_daemon())) {
        REQUIRE(eventually([&] { return ask_web(daemon, "/readyz").status == 200; }));
    }
    static void prepare(const Site& site) {
        site.serve_web();
        site.add_admin();
    }
    bool is_gauge(char value) const {
        return ask_web(daemon, "/metrics").body.find(std::string{gauge} + value + '\n') !=
               std::string::npos;
    }
    void renew_token(const std::string& token) const { crm.order("/_sim/dialect/token", token); }
    /// As an admin who looks at once whether what he did has helped.
    Finished sync() const { return site.nudged({"sync", "--source", "hubspot"}); }

    Crm crm;
    Site site;
    Process daemon;
};

void is_well(const Office& office) {
    const auto status = office.site.nudged({"status"});
    CAPTURE(status.output);
    CHECK(status.status == 0);
    CHECK_THAT(status.output, !Contains("For a person to do"));
    CHECK(eventually([&] { return ask_web(office.daemon, "/readyz").body == "ready\n"; }));
    CHECK(office.is_gauge('0'));
}

void tells_what_to_do(const std::string& text) {
    CHECK_THAT(text, Contains("hubspot: ") && Contains("401") &&
                         Contains("give the source a new credential") && !Contains("test-token"));
}

void names_the_dead_credential(const Office& office) {
    const auto status = office.site.nudged({"status"});
    CHECK(status.status == 1);
    const auto todo = status.output.find("For a person to do");
    REQUIRE(todo != std::string::npos);
    tells_what_to_do(status.output.substr(todo));
    const auto ready = ask_web(office.daemon, "/readyz");
    CHECK(ready.status == 503);
    tells_what_to_do(ready.body);
    CHECK(office.is_gauge('1'));
}

/// Users, and notes beside them, which a source is to read every second.
constexpr const char* with_notes = R"([request.list]
get     = "/{object}"
records = "/data"
[stream.user]
request = "list"
with    = { object = "users" }
[stream.user.map]
name = "/name"
[stream.note]
request = "list"
with    = { object = "notes" }
[stream.note.map]
owner      = "/owner"
created_at = "/made"
)";

std::size_t occurrences(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
        ++count;
    return count;
}

}  // namespace

TEST_CASE("a token that the CRM refuses is told wherever somebody looks, and to the admin once") {
    const Office office;
    const auto& site = office.site;
    is_well(office);
    CHECK(site.admin_notices().empty());

    office.renew_token("the-next-one");
    CHECK(office.sync().status == 1);
    names_the_dead_credential(office);
    REQUIRE(eventually([&] { return site.admin_notices().size() == 1; }));
    CHECK_THAT(site.admin_notices()[0], Contains("the source hubspot needs a person") &&
                                            Contains("give the source a new credential") &&
                                            !Contains("test-token"));
    CHECK(office.sync().status == 1);  // once more, of which nobody has to be told
    names_the_dead_credential(office);

    SECTION("until the CRM takes it again") {
        office.renew_token("test-token");
        const auto synced = office.sync();
        CAPTURE(synced.output);
        CHECK(synced.status == 0);
    }
    SECTION("until the source has another one") {
        const auto token = site.folder().file("secrets/token");
        std::filesystem::remove(token);
        site.folder().write("secrets/token", "the-next-one\n");
        std::filesystem::permissions(token, std::filesystem::perms::owner_read);
        REQUIRE(site.nudged({"reload"}).status == 0);
        CHECK(office.sync().status == 0);
    }
    is_well(office);
    REQUIRE(eventually([&] { return site.admin_notices().size() == 2; }));
    CHECK_THAT(site.admin_notices()[1], Contains("the source hubspot works again"));
}

TEST_CASE("a token that is refused is not tried for every stream, without a daemon neither") {
    const Crm crm;
    const Site site(crm.url());
    crm.order("/_sim/dialect/token", "the-next-one");
    const auto sync = site.nudged({"sync"});
    CHECK(sync.status == 1);
    CHECK_THAT(sync.output, Contains("give the source a new credential"));
    CHECK(crm.requests() == 1);
}

TEST_CASE("a token that is refused is not tried for the notes beside the records either") {
    HttpServer server([](const Request&) { return Reply::json("{}", 401); });
    const Site site;
    site.add_source(with_notes, server.url(""));
    auto source = read_file(site.folder().file("sources.d/small.toml"));
    source.replace(source.find("\"1h\""), 4, "\"1s\"");
    site.folder().write("sources.d/small.toml",
                        source + "[source.fields.note]\nextra.commitment = \"/body\"\n");
    const auto daemon = site.start_daemon();
    const auto told = [&] { return site.for_a_person(); };
    REQUIRE(eventually(
        [&] { return told().find("give the source a new credential") != std::string::npos; }));
    const auto fails_again = [&] {
        const auto wanted = occurrences(daemon.output(), "sheet.failed") + 2;
        return eventually([&] { return occurrences(daemon.output(), "sheet.failed") >= wanted; });
    };
    REQUIRE(fails_again());  // what had begun before that was known has ended
    const auto asked = server.requests().size();
    REQUIRE(fails_again());
    CHECK(server.requests().size() == asked);
}
