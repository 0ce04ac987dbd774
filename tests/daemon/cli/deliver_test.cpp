// SPDX-License-Identifier: Apache-2.0
#include "connectors/model/message.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "daemon/warehouse/writer.hpp"
#include "tests/daemon/cli/site.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

/// A message in the outbox of the site, decided `ago`.
void post(const Site& site, const std::string& title, std::chrono::hours ago = 0h) {
    warehouse::WriterOptions options;
    options.path = site.warehouse();
    warehouse::Writer writer{std::move(options)};
    writer.run_blocking([&](warehouse::Database& database) {
        model::Message message;
        message.title = title;
        warehouse::NewMessage row;
        row.key = title;
        row.channel = "managers";
        row.recipient = "mara.voss@kestrel.example";
        row.reason = "digest";
        row.message = model::to_json(message);
        const auto now = system_now() - ago;
        row.due_at = now;
        row.expires_at = now + 24h;
        warehouse::insert_message(database, row, now);
    });
}

}  // namespace

TEST_CASE("what is due is sent by a command where no daemon runs, and what expired by its time") {
    const Crm crm;
    const SlackReceiver slack;
    const Site site(crm.url());
    site.add_team(slack.url());
    CHECK(site.nudged({"deliver"}).status == 64);
    CHECK(site.nudged({"deliver", "--once"}).status == 69);  // there is no warehouse yet
    REQUIRE(site.nudged({"sync"}).status == 0);
    post(site, "of today");
    post(site, "of the week before", 170h);
    post(site, "of the day before", 30h);
    CHECK(site.nudged({"deliver", "--once", "--channel", "nobody"}).status == 64);
    const auto sent = site.nudged({"deliver", "--once"});
    INFO(sent.output);
    CHECK(sent.status == 0);
    CHECK_THAT(sent.output, Contains("channel managers: ") && Contains(", 0 waiting"));
    CHECK_THAT(slack.messages(), Contains("of today") && !Contains("before"));

    // The two that expired are counted, and sent by their channel and the time they were decided.
    const auto status = site.nudged({"status"});
    CHECK(status.status == 1);
    CHECK_THAT(status.output, Contains("2 messages to the channel managers were given up") &&
                                  Contains("2 expired, 0 refused, 0 without an answer"));
    CHECK(site.nudged({"outbox", "replay"}).status == 64);
    CHECK(site.nudged({"outbox", "replay", "--since", "yesterday"}).status == 64);
    CHECK(site.nudged({"outbox", "replay", "--all", "--channel", "managers"}).status == 64);
    CHECK_THAT(site.nudged({"outbox", "replay", "--channel", "other"}).output,
               Contains("0 messages are to be sent again"));
    const auto since = format_instant(std::chrono::floor<std::chrono::seconds>(system_now() - 72h));
    const auto of_late =
        site.nudged({"outbox", "replay", "--channel", "managers", "--since", since});
    INFO(of_late.output);
    CHECK(of_late.status == 0);
    CHECK_THAT(of_late.output, Contains("1 messages are to be sent again"));
    CHECK(site.nudged({"deliver", "--once", "--channel", "managers"}).status == 0);
    CHECK_THAT(slack.messages(), Contains("of the day before") && !Contains("of the week before"));
    CHECK_THAT(site.nudged({"status"}).output, Contains("1 messages to the channel managers"));
    CHECK_THAT(site.nudged({"outbox", "replay", "--until", since}).output,
               Contains("1 messages are to be sent again"));
    CHECK(site.nudged({"deliver", "--once"}).status == 0);
    CHECK_THAT(slack.messages(), Contains("of the week before"));
    CHECK_THAT(site.nudged({"outbox", "list", "--channel", "managers"}).output,
               Contains("delivered") && !Contains("dead"));
    CHECK_THAT(site.nudged({"outbox", "list", "--channel", "other"}).output,
               !Contains("delivered"));
}

TEST_CASE("a running daemon delivers by itself, and what is not taken is left for the next time") {
    const Crm crm;
    const Site site(crm.url());
    site.add_team("http://127.0.0.1:1/services/nobody");
    REQUIRE(site.nudged({"sync"}).status == 0);
    post(site, "for nobody");
    const auto left = site.nudged({"deliver", "--once"});
    INFO(left.output);
    CHECK(left.status == 1);
    CHECK_THAT(left.output, Contains("channel managers: 1 tried, 1 waiting"));
    const auto daemon = site.start_daemon();
    REQUIRE(eventually([&] {
        return site.nudged({"deliver", "--once"}).output.find("the daemon runs") !=
               std::string::npos;
    }));
}
