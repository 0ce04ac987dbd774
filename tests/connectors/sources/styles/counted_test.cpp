// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/sources/styles/crm.hpp"

#include <catch2/catch.hpp>

using namespace nudged;
using namespace nudged::tests;
using model::Entity;

namespace {

/// A list of tasks whose first pages are counted; those behind them go by a token.
std::string manifest(const std::string& request) {
    return R"([auth]
kind = "bearer"
[request.tasks]
get = "/tasks"
records = "/data"
)" + request +
           R"(
[stream.task]
request = "tasks"
[stream.task.map]
subject = "/title"
)";
}

constexpr auto by_more = R"(query = { page = "{page.number}", page_token = "{page.token}" }
next = "/info/next"
more = [{ at = "/info/more", in = ["true"] }])";
constexpr auto by_total = R"(query = { skip = "{page.offset}", page_token = "{page.token}" }
next = "/info/next"
total = "/info/all")";

constexpr int counted = 3;    // pages that are asked for by number
constexpr int all_pages = 6;  // of two tasks each

/// Which page is asked for, from 1 on: by its number, by its offset, or by a token such as "T4".
int page_of(const Request& request) {
    const auto token = parameter(request, "page_token");
    const bool is_counted = request.query.contains("page") || request.query.contains("skip");
    if (!token.empty()) return is_counted ? 0 : std::stoi(token.substr(1));
    if (request.query.contains("skip")) return std::stoi(parameter(request, "skip")) / 2 + 1;
    const int number = std::stoi(parameter(request, "page"));
    return number <= counted ? number : 0;
}

/// Beyond the counted ones a number is refused, as are a number and a token together.
Reply answer(const Request& request, int pages = all_pages) {
    const int page = page_of(request);
    if (page == 0) return Reply::json(R"({"code":"PAGINATION_LIMIT_EXCEEDED"})", 400);
    const bool more = page < pages;
    const bool has_token = more && page >= counted;
    return Reply::json(fmt::format(R"({{"data":[{{"id":{},"title":"a"}},{{"id":{},"title":"b"}}],)"
                                   R"("info":{{"more":{},"next":{},"all":{}}}}})",
                                   2 * page - 1, 2 * page, more,
                                   has_token ? fmt::format("\"T{}\"", page + 1) : "null",
                                   2 * pages));
}

/// "page=1 page=2 page_token=T3", as the CRM was asked.
std::string asked(const StyleCrm& crm) {
    std::string text;
    for (const auto& request : crm.requests("/tasks")) {
        text += text.empty() ? "" : " ";
        text += request.target.substr(request.target.find('?') + 1);
    }
    return text;
}

}  // namespace

TEST_CASE("pages are counted until the CRM gives a token, and go by the token from there on") {
    SECTION("by their number, while the answer says that there are more") {
        StyleCrm crm(manifest(by_more), [](const Request& request) { return answer(request); });
        CHECK(crm.pull(Entity::task).size() == 12);
        CHECK(asked(crm) == "page=1 page=2 page=3 page_token=T4 page_token=T5 page_token=T6");
    }
    SECTION("by how many rows stand before them, while the CRM counts more") {
        StyleCrm crm(manifest(by_total), [](const Request& request) { return answer(request); });
        CHECK(crm.pull(Entity::task).size() == 12);
        CHECK(asked(crm) == "skip=0 skip=2 skip=4 page_token=T4 page_token=T5 page_token=T6");
    }
}

TEST_CASE("a list that ends among the counted pages asks for nothing beyond them") {
    const auto* way = GENERATE(by_more, by_total);
    StyleCrm crm(manifest(way), [](const Request& request) { return answer(request, 2); });
    CHECK(crm.pull(Entity::task).size() == 4);
    CHECK(crm.requests("/tasks").size() == 2);
}

TEST_CASE("another process goes on where pages were counted, and where they go by a token") {
    StyleCrm crm(manifest(by_more), [](const Request& request) { return answer(request); });
    Store store;
    auto at = since_1970;
    for (int page = 0; page < all_pages; ++page) {
        const auto source = crm.another_process();
        const auto read = crm.bench.fetch(*source, incremental(Entity::task), at);
        CHECK(read.more == (page < all_pages - 1));
        keep(read, store);
        at = read.cursor;
    }
    CHECK(store.size() == 12);
    CHECK(asked(crm) == "page=1 page=2 page=3 page_token=T4 page_token=T5 page_token=T6");
}

TEST_CASE("a token that comes back behind counted pages is noticed") {
    StyleCrm crm(manifest(by_more), [](const Request& request) {
        if (parameter(request, "page_token") != "T5") return answer(request);
        return Reply::json(R"({"data":[{"id":1}],"info":{"more":true,"next":"T5"}})");
    });
    const auto failure = crm.failure(Entity::task);
    CHECK(failure.kind() == FailureKind::refused);
    CHECK(holds(failure.what(), "its list does not end"));
}
