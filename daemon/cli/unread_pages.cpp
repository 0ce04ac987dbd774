// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/unread_pages.hpp"

#include "connectors/base/text.hpp"
#include "connectors/sources/mapping/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <variant>

namespace nudged::cli {
namespace {

namespace json = sources::json;

/// "@odata.nextLink", "next_cursor" and "hasMore" without what CRMs differ in.
std::string bare(std::string_view name) {
    std::string letters;
    for (const char c : to_lower_ascii(name))
        if (c >= 'a' && c <= 'z') letters += c;
    return letters;
}

bool is_of_next(std::string_view name) {
    constexpr std::array<std::string_view, 5> signs{"next", "hasmore", "morerecords", "moreitems",
                                                    "cursor"};
    const auto letters = bare(name);
    return std::ranges::any_of(signs,
                               [&](auto sign) { return letters.find(sign) != letters.npos; });
}

bool is_of_count(std::string_view name) {
    const auto letters = bare(name);
    return letters.find("total") != letters.npos || letters == "count";
}

/// Whether a value says anything; numbers are texts here.
bool says_so(const json::Value& value) {
    if (value.IsObject()) return !value.ObjectEmpty();
    const auto text = json::scalar(&value);
    return text && !text->empty() && *text != "false" && *text != "0";
}

bool is_beyond(std::string_view text, std::size_t rows) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && number > rows;
}

/// Beside the records, which are lists.
std::string sign_in(const json::Value& value, std::size_t rows, const std::string& above = {}) {
    constexpr std::size_t longest = 120;
    if (!value.IsObject() || above.size() > longest) return {};
    for (const auto& [name, member] : value.GetObject()) {
        const std::string_view key{name.GetString(), name.GetStringLength()};
        const auto place = fmt::format("{}/{}", above, key);
        if (is_of_next(key) && says_so(member)) return place;
        const auto text = json::scalar(&member);
        if (is_of_count(key) && text && is_beyond(*text, rows)) return place;
        if (auto deeper = sign_in(member, rows, place); !deeper.empty()) return deeper;
    }
    return {};
}

std::string sign_in(const net::Headers& headers, std::size_t rows) {
    for (const auto& [name, value] : headers) {
        const bool leads_on = name == "link" && value.find("next") != value.npos;
        const bool is_named = name.starts_with("x-") && is_of_next(name) && !value.empty();
        const bool is_count = name.starts_with("x-") && is_of_count(name) && is_beyond(value, rows);
        if (leads_on || is_named || is_count) return fmt::format("header {}", name);
    }
    return {};
}

std::string sign_in(const net::HttpResponse& response, const json::Path& records) {
    auto body = response.body;
    const auto document = json::parse(body);
    if (!document) return {};
    std::size_t rows = 0;
    records.each_element(*document, [&](const auto&, const auto&) { ++rows; });
    auto sign = sign_in(response.headers, rows);
    return sign.empty() ? sign_in(*document, rows) : sign;
}

/// The answer of a stream's list, among those of descriptions and of what is asked about its rows.
const net::HttpResponse* answer_of(const sources::RequestPlan& request, const StreamTrial& trial,
                                   const net::Capture& capture) {
    const auto* path = std::get_if<std::string>(&request.path.parts().front());
    for (std::size_t i = 0; path && i < trial.requests; ++i) {
        const auto& one = capture.exchanged().at(trial.first_exchange + i);
        const bool is_its = one.request.method == request.method &&
                            one.request.url.find(*path) != one.request.url.npos;
        if (is_its) return &one.response;
    }
    return nullptr;
}

}  // namespace

void note_unread_pages(Trial& trial, const net::Capture& capture,
                       const sources::Manifest& manifest) {
    for (auto& one : trial.streams) {
        const auto* stream = manifest.find(one.stream.entity);
        if (!stream || one.failure || one.requests == 0 || !model::tells_records(one.stream.lane))
            continue;
        const bool is_own_way = one.stream.lane == model::Lane::backfill && stream->backfill;
        const auto& passes = is_own_way ? stream->backfill->walk.passes : stream->walk.passes;
        if (passes.size() != 1) continue;
        const auto& request = manifest.requests[passes.front().request];
        if (request.pager.leads_on()) continue;
        const auto* answer = answer_of(request, one, capture);
        const auto sign = answer ? sign_in(*answer, request.records) : "";
        if (sign.empty()) continue;
        one.unread_next = fmt::format(
            "the answer's {} tells of more, and the request \"{}\" goes on to no next page: say "
            "how with next, next_url, next_header, {{page.number}}, {{page.offset}} or "
            "{{keyset.last_id}}",
            sign, request.name);
    }
}

}  // namespace nudged::cli
