// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/salesforce/cursors.hpp"

#include "tests/crmsim/salesforce/errors.hpp"
#include "tests/crmsim/salesforce/ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nudged::crmsim::salesforce {
namespace {

constexpr std::size_t max_cursors = 10;
constexpr std::chrono::hours cursor_life{48};
constexpr std::size_t least_batch = 200;
constexpr std::size_t most_batch = 2'000;

std::size_t to_number(std::string_view text) {
    std::size_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// A hint: below 200 it is 200, whatever was asked.
std::size_t page_size(const Org& org, const loopback::Request& request) {
    constexpr std::string_view option = "batchSize=";
    const std::string_view header = request.header("sforce-query-options");
    const std::size_t place = header.find(option);
    if (place == std::string_view::npos) return org.settings.page_size;
    const std::size_t asked = to_number(header.substr(place + option.size()));
    return std::min(std::clamp(asked, least_batch, most_batch), org.settings.page_size);
}

struct Page {
    std::size_t total;
    std::size_t begin;
    std::size_t end;
    std::string cursor;  // empty: all is told
};

loopback::Reply write_page(const Org& org, const Plan& plan, const Page& page,
                           const std::vector<std::uint64_t>& numbers, std::string_view version) {
    const bool done = page.end >= numbers.size();
    loopback::JsonWriter json;
    json.StartObject();
    json.member("totalSize", static_cast<std::int64_t>(page.total));
    json.member("done", done);
    // It says "query" after a queryAll too.
    if (!done)
        json.member("nextRecordsUrl",
                    fmt::format("/services/data/{}/query/{}-{}", version, page.cursor, page.end));
    json.key("records");
    json.StartArray();
    for (std::size_t i = page.begin; i < page.end && !plan.query.count; ++i) {
        // What was deleted since the query began is passed over: such pages are short.
        const auto row = plan.object->find(org, numbers[i]);
        if (row && is_shown(org, *plan.object, *row, plan.all))
            write_row(json, org, plan, *row, version);
    }
    json.EndArray();
    json.EndObject();
    return {.content_type = "application/json;charset=UTF-8", .body = json.str()};
}

}  // namespace

loopback::Reply Cursors::begin(const Org& org, const loopback::Request& request,
                               std::string_view version, bool all) {
    Plan plan = make_plan(org, request.parameter("q"), all);
    std::vector<std::uint64_t> numbers;
    for (const Row& row : run(org, plan)) numbers.push_back(row.number);
    const std::size_t total = numbers.size();
    if (plan.query.count) return write_page(org, plan, {total, 0, total, ""}, numbers, version);
    const Page page{total, 0, std::min(total, page_size(org, request)), id_text("0r8", last_ + 1)};
    loopback::Reply reply = write_page(org, plan, page, numbers, version);
    if (page.end < total) {
        ++last_;
        if (cursors_.size() == max_cursors) cursors_.pop_front();
        cursors_.push_back({page.cursor, org.now, std::move(plan), std::move(numbers)});
    }
    return reply;
}

loopback::Reply Cursors::resume(const Org& org, const loopback::Request& request,
                                std::string_view version, std::string_view locator) {
    std::erase_if(cursors_,
                  [&](const Cursor& cursor) { return cursor.begun + cursor_life <= org.now; });
    const std::size_t dash = locator.find('-');
    const auto cursor = std::ranges::find(cursors_, locator.substr(0, dash), &Cursor::id);
    if (dash == std::string_view::npos || cursor == cursors_.end())
        throw refusal(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    const std::size_t total = cursor->rows.size();
    const std::size_t begin = std::min(total, to_number(locator.substr(dash + 1)));
    const Page page{total, begin, std::min(total, begin + page_size(org, request)), cursor->id};
    return write_page(org, cursor->plan, page, cursor->rows, version);
}

}  // namespace nudged::crmsim::salesforce
