// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/paging.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/sources/mapping/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <functional>

namespace nudged::sources {
namespace {

std::string_view header_of(const net::Headers& headers, std::string_view name) {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

std::optional<std::uint64_t> whole_number(std::string_view digits) {
    std::uint64_t number = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    if (digits.empty() || error != std::errc{} || stop != end) return std::nullopt;
    return number;
}

bool is_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

[[noreturn]] void refuse_loop(const char* why) {
    throw Failure(FailureKind::refused, why);
}

/// The token that an answer gives for the next page; empty: none.
std::string token_of(const PagerPlan& pager, const PageSeen& seen) {
    std::string_view token;
    if (!pager.next_header.empty()) {
        token = header_of(seen.headers, pager.next_header);
        if (token == "null") token = {};  // a header cannot be null: some say it in words
    } else if (const auto& place = pager.next_url ? pager.next_url : pager.next) {
        const auto* value = place->find(seen.body);
        // An empty object or list is as good as null; one with something inside is no token, and
        // ending here would pass for having been told everything.
        const bool holds_more = value && ((value->IsObject() && !value->ObjectEmpty()) ||
                                          (value->IsArray() && !value->Empty()));
        if (holds_more)
            throw Failure(FailureKind::refused,
                          "what should be the next page's token or address is an object or a list");
        if (value && !value->IsFalse()) token = json::scalar(value).value_or(std::string_view{});
    }
    return std::string{token};
}

/// For pages by number or offset.
bool is_last(const PagerPlan& pager, const PageAt& next, const PageSeen& seen) {
    if (seen.rows == 0) return true;
    const auto total = total_of(pager, seen);
    return !pager.more && total && static_cast<std::uint64_t>(next.offset) >= *total;
}

/// Rows that were inserted meanwhile can push a whole page onto the next one; twice is a circle.
constexpr std::int64_t max_repeats = 2;
/// Some search in slices, of which many hold nothing.
constexpr std::int64_t max_empty = 1000;

/// The trail behind the page that was seen, on the way to the next.
Trail trail_behind(const PagerPlan& pager, const PageAt& at, const PageSeen& seen,
                   const PageAt& next) {
    Trail trail = at.trail;
    trail.empty = seen.rows == 0 ? trail.empty + 1 : 0;
    if (trail.empty >= max_empty) refuse_loop("the CRM tells empty pages without end");
    const auto ids = pager.may_repeat || seen.rows == 0 ? 0 : seen.ids;
    const bool is_repeated = ids != 0 && (ids == trail.last || ids == trail.milestone);
    if (is_repeated && ++trail.repeats == max_repeats)
        refuse_loop("two pages have told no new ids: the CRM's list does not end");
    if (ids != 0) trail.last = ids;
    const std::uint64_t token = next.token.empty() ? 0 : std::hash<std::string>{}(next.token) | 1;
    if (token != 0 && token == trail.token)
        refuse_loop("the CRM names a page once more: its list does not end");
    if (at.number == 0 || std::has_single_bit(static_cast<std::uint64_t>(at.number))) {
        trail.token = token;
        if (ids != 0) trail.milestone = ids;
    }
    return trail;
}

/// Of the last page, because of what the CRM counts: that it tells what a page before it told. The
/// rows that were to stand there are told by none.
bool is_told_before(const PagerPlan& pager, const PageAt& at, const PageSeen& seen) {
    if (pager.may_repeat || seen.rows == 0 || seen.ids == 0) return false;
    return seen.ids == at.trail.last || seen.ids == at.trail.milestone;
}

std::optional<PageAt> successor(const PagerPlan& pager, const PageAt& at, const PageSeen& seen) {
    PageAt next{.token = {},
                .number = at.number + 1,
                .offset = at.offset + static_cast<std::int64_t>(seen.rows)};
    if (pager.more && !pager.more->holds(pager.more->at.find(seen.body))) return std::nullopt;
    if (pager.has_token()) {
        next.token = token_of(pager, seen);
        if (!next.token.empty() && next.token == at.token)
            refuse_loop("the CRM names a page as its own successor: its list does not end");
        if (!next.token.empty()) return next;
        // Some count their first pages, and give a token for those behind them.
        const bool may_be_counted = pager.is_counted() && at.token.empty();
        if (!may_be_counted) return std::nullopt;
    }
    if (pager.by_id) {
        if (seen.rows == 0) return std::nullopt;
        next.token = seen.last_id;
        const bool in_order =
            !is_digits(at.token) || !is_digits(next.token) || id_less(at.token, next.token);
        if (next.token == at.token || next.token.empty() || !in_order)
            refuse_loop(
                "the CRM repeats ids that were asked to be left out: its answers do not end");
        return next;
    }
    if (!pager.is_counted() && !pager.more) return std::nullopt;
    if (is_last(pager, next, seen)) return std::nullopt;
    return next;
}

}  // namespace

std::optional<PageAt> next_page(const PagerPlan& pager, const PageAt& at, const PageSeen& seen) {
    const auto told = whole_number(header_of(seen.headers, pager.rows_header));
    if (told && *told != seen.rows)
        throw Failure(
            FailureKind::transient,
            fmt::format("the answer holds {} rows and says that it has {}: it was cut off",
                        seen.rows, *told));
    auto next = successor(pager, at, seen);
    if (next)
        next->trail = trail_behind(pager, at, seen, *next);
    else if (is_told_before(pager, at, seen))
        refuse_loop(
            "the list ends with a page that was told before: what belongs there is told by none");
    return next;
}

std::optional<std::uint64_t> total_of(const PagerPlan& pager, const PageSeen& seen) {
    if (!pager.total_header.empty())
        return whole_number(header_of(seen.headers, pager.total_header));
    if (!pager.total) return std::nullopt;
    const auto digits = json::scalar(pager.total->find(seen.body));
    return digits ? whole_number(*digits) : std::nullopt;
}

void add_page(const PagerPlan& pager, const PageAt& at, Variables& variables) {
    if (pager.by_id) variables["keyset.last_id"] = at.token.empty() ? pager.first_id : at.token;
    if (!at.token.empty()) {
        variables["page.token"] = at.token;
        return;
    }
    if (pager.by_number) variables["page.number"] = at.number + pager.first_number;
    if (pager.by_offset) variables["page.offset"] = at.offset;
}

std::string address_of(const PagerPlan& pager, const PageAt& at) {
    return pager.next_url ? at.token : std::string{};
}

}  // namespace nudged::sources
