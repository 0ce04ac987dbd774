// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <set>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;
using model::Lane;

namespace {

constexpr model::Stream sweep{Entity::task, Lane::sweep};

/// Lists end at their fiftieth row, whatever there is behind it.
std::string manifest(const std::string& query) {
    return R"([auth]
kind = "bearer"
[[error]]
status = 400
match = { at = "/error", contains = ["maximum skip"] }
class = "split_window"
[request.ids]
get = "/tasks"
records = "/data"
limit = 10
query = { skip = "{page.offset}", )" +
           query + R"( }
[stream.task]
request = "ids"
walk = "window"
modified = "/made"
[stream.task.map]
subject = "/title"
[stream.task.sweep]
request = "ids"
walk = "window"
window = { precision = "1s" }
)";
}

constexpr auto both_ends = R"(from = "{window.lo as epoch_s}", to = "{window.hi as epoch_s}")";

/// A task for each of so many days from 2026-01-01 on, the last of them next year.
class Tasks {
public:
    explicit Tasks(std::int64_t count) : count_(count) {}
    static std::int64_t made(std::int64_t task) {
        constexpr std::int64_t first = 1'767'225'600;  // 2026-01-01T00:00:00Z
        return first + task * 86'400;
    }
    Reply answer(const Request& request) const {
        const auto from = std::stoll(parameter(request, "from"));
        const auto to = std::stoll(parameter(request, "to"));
        auto skip = std::stoll(parameter(request, "skip"));
        if (skip >= 50) return Reply::json(R"({"error":"beyond the maximum skip of 50"})", 400);
        std::string rows;
        int told = 0;
        for (std::int64_t task = 0; task < count_ && told < 10; ++task) {
            if (made(task) < from || made(task) >= to || gone == task || skip-- > 0) continue;
            rows += fmt::format(R"({}{{"id":{}}})", told++ == 0 ? "" : ",", task + 1);
        }
        return Reply::json(fmt::format(R"({{"data":[{}]}})", rows));
    }
    std::atomic<std::int64_t> gone{-1};

private:
    std::int64_t count_;
};

/// What a sweep tells, as the warehouse would take it.
struct Told {
    std::set<std::string> present;
    int begins = 0;
    int ends = 0;
};

void take(const model::Page& page, Told& told) {
    REQUIRE(page.snapshot);
    CHECK(page.records.empty());
    if (page.snapshot->begins) told.present.clear();
    told.begins += page.snapshot->begins;
    told.ends += page.snapshot->ends;
    for (const auto id : page.snapshot->present) told.present.emplace(id);
}

}  // namespace

TEST_CASE("a sweep in windows tells every id, though no list reaches all of them") {
    Tasks tasks(400);
    StyleCrm crm(manifest(both_ends), [&](const Request& one) { return tasks.answer(one); });
    Told told;
    model::Cursor at;
    for (int round = 0; round < 2; ++round) {
        bool more = true;
        for (int pages = 0; more && pages < 1000; ++pages) {
            const auto page = crm.bench.fetch(*crm.source, sweep, at);
            take(page, told);
            at = page.cursor;
            more = page.more;
        }
        CHECK_FALSE(more);
        CHECK(told.begins == round + 1);
        CHECK(told.ends == round + 1);
        CHECK(told.present.size() == (round == 0 ? 400u : 399u));
        tasks.gone = 7;  // and the next sweep begins where time does
    }
    CHECK_FALSE(told.present.contains("8"));
    CHECK(told.present.contains("400"));  // which was made in the future
}

TEST_CASE("a sweep in windows that another process began is begun again") {
    Tasks tasks(120);
    StyleCrm crm(manifest(both_ends), [&](const Request& one) { return tasks.answer(one); });
    Told told;
    model::Cursor at;
    for (int pages = 0; pages < 9; ++pages) {
        const auto page = crm.bench.fetch(*crm.source, sweep, at);
        at = page.cursor;
        REQUIRE(page.more);
    }
    const auto other = crm.another_process();
    auto page = crm.bench.fetch(*other, sweep, at);
    CHECK(page.snapshot->begins);
    for (take(page, told); page.more; take(page, told))
        page = crm.bench.fetch(*other, sweep, page.cursor);
    CHECK(told.present.size() == 120);
    CHECK(told.begins == 1);
}

TEST_CASE("a sweep in windows has to ask for both of their ends") {
    const auto refused = [](const std::string& query) {
        try {
            const StyleCrm crm(manifest(query), [](const Request&) { return Reply::json("{}"); });
        } catch (const Failure& failure) {
            return holds(failure.what(),
                         "the request \"ids\" does not ask for both ends of a window");
        }
        return false;
    };
    CHECK(refused(R"(from = "{window.lo}")"));
    CHECK(refused(R"(to = "{window.hi}")"));
}
