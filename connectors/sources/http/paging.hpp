// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/http.hpp"
#include "connectors/sources/mapping/record_plan.hpp"
#include "connectors/sources/mapping/template.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace nudged::sources {

/// What a chain remembers of its pages, so that a CRM that leads in a circle is noticed: Brent's
/// way, which needs one page to compare with, however long the circle. Hashes; 0: none.
struct Trail {
    std::uint64_t last = 0;       // the rows of the page before, and of the milestone: the last
    std::uint64_t milestone = 0;  // page whose number was a power of two …
    std::uint64_t token = 0;      // … and the token that it gave
    std::int64_t repeats = 0;     // pages that told the same rows as one of these two
    std::int64_t empty = 0;       // pages in a row that told nothing

    friend bool operator==(const Trail&, const Trail&) = default;
};

/// Where in a chain of pages a walk stands: what its next request asks for.
struct PageAt {
    std::string token;  // of the page, its address, or the last id seen; empty: the first page
    std::int64_t number = 0;  // pages before it
    std::int64_t offset = 0;  // rows before it
    Trail trail{};            // what those pages told

    bool is_first() const { return number == 0; }
    friend bool operator==(const PageAt&, const PageAt&) = default;
};

/// In which order a chain tells records, by their modified time, where it ends by that.
enum class Order : std::uint8_t {
    any,
    oldest_first,  // the page that reaches beyond the window is the last
    newest_first,  // the page that reaches before the window is the last
};

/// How the pages of a request follow one another: which one a request is, its placeholders say. One
/// that has a number or an offset as well as a token is counted until an answer gives a token.
struct PagerPlan {
    bool by_id = false;      // {keyset.last_id}: each page asks for ids beyond the last one seen
    bool by_number = false;  // {page.number}
    bool by_offset = false;  // {page.offset}
    std::optional<json::Path> next;      // the next page's token in the body …
    std::string next_header;             // … or in a header
    std::optional<json::Path> next_url;  // the next page's address in the body
    std::optional<Condition> more;       // holds when there is another page
    std::optional<json::Path> total;     // how many records match, in the body …
    std::string total_header;            // … or in a header
    std::string rows_header;             // says how many rows this answer holds
    std::int64_t first_number = 1;
    std::string first_id = "0";
    Order order = Order::any;
    bool stable = false;      // rows that come, go or change never disturb the pages that follow
    bool may_repeat = false;  // a feed: what it told it may tell again, on the very next page

    /// The answer says where the next page is.
    bool has_token() const { return next || next_url || !next_header.empty(); }
    /// The request says which page it asks for, by its number or the rows before it.
    bool is_counted() const { return by_number || by_offset; }
    bool leads_on() const { return has_token() || is_counted() || by_id; }
};

/// What a pager wants to know of an answer.
struct PageSeen {
    const json::Value& body;
    const net::Headers& headers;
    std::size_t rows = 0;
    std::string last_id;    // of the last row
    std::uint64_t ids = 0;  // stands for the ids and versions of all rows; 0: not known
};

/// The page that follows; nullopt: there is none. Throws Failure(transient) for an answer that
/// holds other than as many rows as it says, and Failure(refused) when the pages do not end: a
/// token comes back, two pages tell nothing but rows that a page before them told, or the last one
/// does, the CRM repeats ids that were asked to be left out, or a thousand pages in a row are
/// empty.
std::optional<PageAt> next_page(const PagerPlan& pager, const PageAt& at, const PageSeen& seen);
/// How many records match, where the CRM says.
std::optional<std::uint64_t> total_of(const PagerPlan& pager, const PageSeen& seen);
/// Adds the placeholders of a page: page.token, or else page.number and page.offset;
/// keyset.last_id.
void add_page(const PagerPlan& pager, const PageAt& at, Variables& variables);
/// The address that a page was told to be found at; empty when the request itself says.
std::string address_of(const PagerPlan& pager, const PageAt& at);

}  // namespace nudged::sources
