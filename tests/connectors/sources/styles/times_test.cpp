// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

#include <mutex>

using namespace nudged;
using namespace nudged::tests;
using namespace std::chrono_literals;
using model::Entity;

namespace {

/// Filters compare with the seconds that are stored; what is shown are minutes, and filters and
/// answers go by clocks of their own, neither the account's nor UTC's.
constexpr auto manifest = R"([auth]
kind = "bearer"
[request.changed]
get = "/tasks"
records = "/data"
stable = true
[request.changed.query]
from = "{window.lo as local in America/New_York}"
to = '{window.hi as "%m/%d/%Y %H:%M" in America/New_York}'
[stream.task]
request = "changed"
walk = "window"
modified = { from = "/shown", format = "%m/%d/%Y %H:%M", zone = "America/New_York" }
window = { precision = "1m" }
[stream.task.map]
subject = "/title"
)";

/// One task, which is edited; its time as it is stored.
class Server {
public:
    void edit(const char* title, const char* stored) {
        const std::lock_guard lock(mutex_);
        title_ = title;
        stored_ = *parse_instant(stored);
    }
    Reply answer(const Request& request) {
        const std::lock_guard lock(mutex_);
        // "2026-11-20 06:59:00" and "11/20/2026 07:00", five hours behind UTC in November.
        const auto from = parameter(request, "from");
        const auto to = parameter(request, "to");
        const auto local = format_instant(stored_ - 5h);
        const auto day = local.substr(0, 10);
        const auto shown = fmt::format("{}/{}/{} {}", day.substr(5, 2), day.substr(8, 2),
                                       day.substr(0, 4), local.substr(11, 5));
        const bool is_inside = day + " " + local.substr(11, 8) >= from && shown < to;
        if (!is_inside) return Reply::json(R"({"data":[]})");
        return Reply::json(
            fmt::format(R"({{"data":[{{"id":1,"title":"{}","shown":"{}"}}]}})", title_, shown));
    }

private:
    std::mutex mutex_;
    std::string title_;
    Instant stored_{};
};

}  // namespace

TEST_CASE("of a time that is shown more coarsely than it is stored no edit is lost") {
    Server server;
    StyleCrm crm(manifest, [&](const Request& request) { return server.answer(request); });
    Store store;
    model::Cursor at = since_1970;
    const auto round = [&](const char* now) {
        crm.bench.now = *parse_instant(now);
        at = crm.bench.pull(*crm.source, incremental(Entity::task), store, at);
    };
    server.edit("first", "2026-11-20T11:59:10Z");
    round("2026-11-20T12:00:05Z");
    CHECK(fields(store, Entity::task, "1") == Fields{{"subject", "first"}});
    CHECK(store.at({Entity::task, "1"}).modified == parse_instant("2026-11-20T11:59:00Z"));
    // Twice in one minute, which shows the same time for both; asked in between and after.
    server.edit("second", "2026-11-20T12:01:05Z");
    round("2026-11-20T12:01:20Z");
    server.edit("third", "2026-11-20T12:01:40Z");
    round("2026-11-20T12:02:10Z");
    CHECK(fields(store, Entity::task, "1") == Fields{{"subject", "third"}});
    const auto last = crm.server.requests().back();
    CHECK(parameter(last, "from") == "2026-11-20 07:01:00");
    CHECK(parameter(last, "to") == "11/20/2026 07:02");
}
