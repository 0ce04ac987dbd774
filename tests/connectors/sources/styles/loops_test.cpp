// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;
using model::Lane;

namespace {

/// A stream of tasks whose pages follow one another in the way that `request` and `stream` say, and
/// a list of users beside it.
std::string manifest(const std::string& request, const std::string& stream) {
    return R"([auth]
kind = "bearer"
[request.users]
get = "/users"
records = "/data"
[stream.user]
request = "users"
[stream.user.map]
name = "/name"
[request.tasks]
get = "/tasks"
records = "/data"
)" + request +
           R"(
[stream.task]
request = "tasks"
)" + stream +
           R"(
[stream.task.map]
subject = "/title"
)";
}

constexpr auto by_token = "query = { after = \"{page.token}\" }\nnext = \"/next\"";
constexpr auto by_number = "query = { page = \"{page.number}\", size = \"{limit}\" }";
constexpr auto by_count = "query = { page = \"{page.number}\" }\ntotal = \"/count\"";
constexpr auto by_offset = "query = { start = \"{page.offset}\" }";
constexpr auto by_address = "next_url = \"/next\"";
constexpr auto by_header = "query = { after = \"{page.token}\" }\nnext_header = \"X-Next\"";
constexpr auto by_id =
    "query = { beyond = \"{keyset.last_id}\", from = \"{window.lo}\", to = \"{window.hi}\" }";
constexpr auto window_number =
    "query = { page = \"{page.number}\", from = \"{window.lo}\", to = \"{window.hi}\" }";
constexpr auto window_count =
    "query = { page = \"{page.number}\", from = \"{window.lo}\", to = \"{window.hi}\" }\n"
    "total = \"/count\"";
constexpr auto feed = "query = { after = \"{page.token}\" }\nnext = \"/next\"\nmark = \"/mark\"";
constexpr auto list = "walk = \"list\"";
constexpr auto window = "walk = \"window\"\nmodified = \"/changed\"";

std::string row(const std::string& id) {
    return fmt::format(R"({{"id":"{}","title":"t","changed":"2026-11-20T10:00:00Z"}})", id);
}

Reply page(const std::string& id, const std::string& next) {
    return with_header(Reply::json(fmt::format(R"({{"data":[{},{}],"next":"{}","mark":"m"}})",
                                               row(id), row(id + "x"), next)),
                       "X-Next", next);
}

/// What the n-th request, from 0 on, is answered with.
using Script = Reply (*)(std::size_t n);

struct Loop {
    const char* name;
    const char* request;
    const char* stream;
    Script script;
    std::size_t most;  // requests until it has to be noticed
};

std::string other(std::size_t n) {
    return n % 2 == 0 ? "A" : "B";
}

Reply same_token(std::size_t n) {
    return page(std::to_string(n), "A");
}
Reply two_tokens(std::size_t n) {
    return page(std::to_string(n), other(n));
}
Reply two_addresses(std::size_t n) {
    return page(std::to_string(n), n % 2 == 0 ? "/tasks?p=A" : "/tasks?p=B");
}
Reply seven_tokens(std::size_t n) {
    return page(std::to_string(n), fmt::format("T{}", n % 7));
}
Reply same_page(std::size_t) {
    return page("1", "");
}
/// Two rows of four, on the first page as on the second.
Reply same_page_counted(std::size_t) {
    return Reply::json(fmt::format(R"({{"count":4,"data":[{},{}]}})", row("1"), row("2")));
}
Reply two_pages(std::size_t n) {
    return page(other(n), "");
}
/// Beyond its end it tells the last page again.
Reply last_page_again(std::size_t n) {
    return page(std::to_string(std::min<std::size_t>(n, 5)), "");
}
Reply same_page_fresh_token(std::size_t n) {
    return page("1", fmt::format("T{}", n));
}
Reply empty_pages(std::size_t n) {
    return Reply::json(fmt::format(R"({{"data":[],"next":"T{}"}})", n));
}
Reply no_ids(std::size_t) {
    return Reply::json(R"({"data":[{"title":"no id"},{"title":"nor here"}]})");
}

}  // namespace

TEST_CASE("a list that leads in a circle is refused, and holds up no other stream") {
    const auto c = GENERATE(values<Loop>({
        {"one token for ever", by_token, list, same_token, 2},
        {"A, B, A, B", by_token, list, two_tokens, 5},
        {"a circle of seven tokens", by_token, list, seven_tokens, 16},
        {"a circle of addresses", by_address, list, two_addresses, 5},
        {"a circle of tokens in a header", by_header, list, two_tokens, 5},
        {"a feed's circle", feed, "walk = \"feed\"", two_tokens, 5},
        {"ever new tokens for one page", by_token, list, same_page_fresh_token, 3},
        {"numbers that nobody reads", by_number, list, same_page, 3},
        {"offsets that nobody reads", by_offset, list, same_page, 3},
        {"a page that is told until the count is reached", by_count, list, same_page_counted, 2},
        {"the same in a window", window_count, window, same_page_counted, 2},
        {"two pages in turn", by_number, list, two_pages, 7},
        {"the last page for every number beyond", by_number, list, last_page_again, 8},
        {"a window by numbers that nobody reads", window_number, window, same_page, 3},
        {"a window by ids that nobody reads", by_id, window, same_page, 2},
        {"a window by ids that come in turn", by_id, window, two_pages, 5},
        {"pages of rows without ids", by_number, list, no_ids, 3},
        {"empty pages without end", by_token, list, empty_pages, 1000},
    }));
    DYNAMIC_SECTION(c.name) {
        std::atomic<std::size_t> asked = 0;
        StyleCrm crm(manifest(c.request, c.stream), [&](const Request& request) {
            if (request.path == "/users") return Reply::json(R"({"data":[{"id":7}]})");
            return c.script(asked++);
        });
        const auto failure = crm.failure(Entity::task);
        CHECK(failure.kind() == FailureKind::refused);
        CHECK(holds(failure.what(), "end"));
        CHECK(asked == c.most);
        CHECK(crm.pull(Entity::user).size() == 1);
    }
}

TEST_CASE("a circle is noticed although each page is read by another process") {
    std::atomic<std::size_t> asked = 0;
    StyleCrm crm(manifest(by_number, list), [&](const Request&) { return two_pages(asked++); });
    model::Cursor at;
    for (int n = 0; n < 6; ++n) {
        const auto source = crm.another_process();
        at = crm.bench.fetch(*source, incremental(Entity::task), at).cursor;
    }
    const auto source = crm.another_process();
    CHECK(crm.bench.failure_of(*source, incremental(Entity::task), at).kind() ==
          FailureKind::refused);
}

TEST_CASE("a CRM that has found its way out of a circle is read on") {
    std::atomic<std::size_t> asked = 0;
    StyleCrm crm(manifest(by_token, list), [&](const Request&) {
        const auto n = asked++;
        if (n < 5) return two_tokens(n);
        return n == 5 ? page("late", "C") : page("last", "");
    });
    Store store;
    auto at = since_1970;
    for (int n = 0; n < 4; ++n) {
        const auto page = crm.fetch(Entity::task, at);
        keep(page, store);
        at = page.cursor;
    }
    CHECK_THROWS_AS(crm.fetch(Entity::task, at), Failure);
    const auto end = crm.bench.pull(*crm.source, incremental(Entity::task), store, at);
    CHECK(end.position.empty());
    CHECK(store.size() == 6 * 2);
}

TEST_CASE("pages that overlap, or are empty for a while, are no circle") {
    // Ten pages; on every third one a record of the page before comes again, and 40 empty ones
    // stand in between.
    StyleCrm crm(manifest(by_token, list), [](const Request& request) {
        const auto token = parameter(request, "after");
        const int n = token.empty() ? 0 : std::stoi(token);
        const auto next = n < 49 ? std::to_string(n + 1) : "";
        if (n >= 5 && n < 45) return Reply::json(fmt::format(R"({{"data":[],"next":"{}"}})", next));
        const auto again = n % 3 == 2 ? std::to_string(n - 1) : std::to_string(n) + "y";
        return Reply::json(fmt::format(R"({{"data":[{},{}],"next":"{}"}})", row(std::to_string(n)),
                                       row(again), next));
    });
    const auto store = crm.pull(Entity::task);
    CHECK(store.count({Entity::task, "49"}) == 1);
    // Ten pages with a record of their own, and those of n = 0, 1, 3, 4, 45, 46, 48, 49 with two.
    CHECK(store.size() == 10 + 8);
    CHECK(crm.server.requests().size() == 50);
}

TEST_CASE("a feed may tell the same record on one page after the other") {
    StyleCrm crm(manifest(feed, "walk = \"feed\""), [](const Request& request) {
        const auto token = parameter(request, "after");
        const int n = token.empty() ? 0 : std::stoi(token);
        return page("1", n < 6 ? std::to_string(n + 1) : "");
    });
    CHECK(crm.pull(Entity::task).size() == 2);
    CHECK(crm.server.requests().size() == 7);
}
