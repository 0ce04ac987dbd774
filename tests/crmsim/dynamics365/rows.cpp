// SPDX-License-Identifier: Apache-2.0
// Lists of rows: pages of a query, pages of what changed, one row.
#include "tests/crmsim/dynamics365/rows.hpp"

#include "connectors/base/text.hpp"
#include "tests/crmsim/dynamics365/answers.hpp"
#include "tests/crmsim/dynamics365/entities.hpp"
#include "tests/crmsim/dynamics365/odata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nudged::crmsim::dynamics365 {

using namespace tables;

namespace {

constexpr std::chrono::days delta_token_life{7};
constexpr std::size_t max_count = 5'000;

/// Where a query goes on: <cookie pagenumber="2" pagingcookie="…" istracking="False" />. The
/// cookie holds the last row's place in the order, one text a key, and a mark of the query.
struct Cookie {
    std::size_t page = 1;
    std::vector<std::string> place{};
    bool tracking = false;

    std::string str(const std::string& mark) const {
        std::string text = mark;
        for (const std::string& part : place) text += "&" + encode(part);
        return fmt::format(R"(<cookie pagenumber="{}" pagingcookie="{}" istracking="{}" />)", page,
                           text, tracking ? "True" : "False");
    }
};

std::string mark_of(const loopback::Request& request) {
    return fingerprint(link_of(request)).substr(0, 8);
}

std::string decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        int byte = 0;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ec == std::errc{}) {
            out += static_cast<char>(byte);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string attribute(std::string_view xml, const std::string& name) {
    const std::size_t begin = xml.find(name + "=\"");
    if (begin == std::string_view::npos)
        throw refuse(400, "0x80040203", "Malformed XML in the Paging Cookie");
    const std::size_t value = begin + name.size() + 2;
    return std::string(xml.substr(value, xml.find('"', value) - value));
}

std::optional<Cookie> parse_cookie(const loopback::Request& request) {
    const std::string_view text = request.parameter("$skiptoken");
    if (text.empty()) return std::nullopt;
    Cookie cookie;
    const std::string page = attribute(text, "pagenumber");
    std::from_chars(page.data(), page.data() + page.size(), cookie.page);
    cookie.tracking = attribute(text, "istracking") == "True";
    const std::string content = attribute(text, "pagingcookie");
    const auto parts = split(content, '&');
    // A link that was not followed as it was.
    if (parts.front() != mark_of(request))
        throw refuse(400, "0x80040203", "Invalid XML in the Paging Cookie");
    for (std::size_t i = 1; i < parts.size(); ++i) cookie.place.push_back(decode(parts[i]));
    return cookie;
}

bool is_total(const Table& set, const std::vector<OrderKey>& order) {
    return std::ranges::any_of(
        order, [&](const OrderKey& key) { return key.column.name == set.key().name; });
}

std::size_t begin_of(const Cookie& cookie, const std::vector<Row>& rows, const Query& query,
                     std::size_t page_size, const RowsContext& context) {
    if (cookie.page == 1) return 0;
    // Without the key in the order, a page is no more than a number.
    if (!is_total(*query.table, query.order))
        return std::min(rows.size(), (cookie.page - 1) * page_size);
    if (cookie.place.size() != query.order.size())
        throw refuse(400, "0x80040203", "Invalid XML in the Paging Cookie");
    std::vector<Cell> place;
    for (std::size_t i = 0; i < query.order.size(); ++i) {
        const Column& column = query.order[i].column;
        if (column.kind == CellKind::reference && !cookie.place[i].empty())
            place.emplace_back(parse_guid(cookie.place[i]).value_or(Reference{}));
        else
            place.push_back(from_position(column.kind, cookie.place[i]));
    }
    return first_after(rows, query.order, place, context.facts);
}

std::vector<std::string> place_of(const Row& row, const Query& query, const RowsContext& context) {
    std::vector<std::string> place;
    for (const OrderKey& key : query.order) {
        const Cell cell = key.column.read(context.facts, row);
        const auto* reference = std::get_if<Reference>(&cell);
        place.push_back(reference != nullptr ? reference->id : to_position(cell));
    }
    return place;
}

void refuse_with_tracking(const loopback::Request& request) {
    for (const char* option : {"$filter", "$orderby", "$expand", "$top"})
        if (!request.parameter(option).empty())
            throw refuse(400, bad_query,
                         fmt::format("The \"{}\" query parameter isn't supported when Change "
                                     "Tracking is enabled.",
                                     option));
}

std::string context_url(const loopback::Request& request, const Table& set) {
    const std::string_view select = request.parameter("$select");
    return fmt::format("{}$metadata#{}{}", base_url(request), set.name,
                       select.empty() ? "" : fmt::format("({})", select));
}

std::size_t top_of(const loopback::Request& request) {
    const std::string_view text = request.parameter("$top");
    std::size_t top = 0;
    if (!text.empty() &&
        (std::from_chars(text.data(), text.data() + text.size(), top).ec != std::errc{} ||
         top == 0))
        throw refuse(400, bad_query,
                     fmt::format("Invalid value '{}' for $top query option.", text));
    return std::min<std::size_t>(top, 5'000);
}

bool wants_parties(const loopback::Request& request, const Table& set) {
    const std::string_view expand = request.parameter("$expand");
    if (expand.empty()) return false;
    if (expand.starts_with(fmt::format("{}_activity_parties", set.row_name)) &&
        (set.name == "phonecalls" || set.name == "appointments" || set.name == "emails"))
        return true;
    throw refuse(400, bad_query,
                 fmt::format("Could not find a property named '{}' on type "
                             "'Microsoft.Dynamics.CRM.{}'.",
                             expand, set.row_name));
}

}  // namespace

loopback::Reply list_rows(const Table& set, const loopback::Request& request,
                          const RowsContext& context) {
    const Preferences preferences = parse_preferences(request);
    if (!request.parameter("$skip").empty())
        throw refuse(400, bad_query, "Skip Clause is not supported in CRM");
    const Cookie cookie =
        parse_cookie(request).value_or(Cookie{.tracking = preferences.track_changes});
    if (cookie.tracking) refuse_with_tracking(request);
    const auto columns = parse_select(set, request.parameter("$select"));
    const bool parties = wants_parties(request, set);
    const std::size_t top = top_of(request);
    const std::size_t size = top > 0 ? top : preferences.page_size;
    Query query{&set, parse_filter(set, request.parameter("$filter")),
                parse_order(set, request.parameter("$orderby"))};
    if (query.order.empty()) query.order.push_back({set.key()});
    query.text = fmt::format("{}\n{}", request.parameter("$filter"), request.parameter("$orderby"));
    query.reverse_ties = cookie.page % 2 == 0;
    const auto& rows = context.finder.find(query, context.facts);
    const std::size_t begin = begin_of(cookie, rows, query, size, context);
    const std::size_t end = std::min(rows.size(), begin + size);
    JsonWriter json;
    json.StartObject();
    json.member("@odata.context", context_url(request, set));
    if (request.parameter("$count") == "true")
        json.member("@odata.count", static_cast<std::int64_t>(std::min(rows.size(), max_count)));
    json.key("value");
    json.StartArray();
    for (std::size_t i = begin; i < end; ++i)
        write_row(json, columns, rows[i], preferences, context, parties);
    json.EndArray();
    if (end < rows.size() && top == 0) {
        const Cookie next{cookie.page + 1, place_of(rows[end - 1], query, context),
                          cookie.tracking};
        json.member("@odata.nextLink",
                    link_of(request) + "$skiptoken=" + encode(next.str(mark_of(request))));
    } else if (cookie.tracking) {
        // It begins at the end of the walk: what changed behind the walk's back is in neither.
        json.member("@odata.deltaLink",
                    link_of(request) + "$deltatoken=" +
                        encode(DeltaToken{context.log.version(), context.now}.str()));
    }
    json.EndObject();
    return reply_with(json);
}

loopback::Reply list_changes(const Table& set, const loopback::Request& request,
                             const RowsContext& context) {
    const Preferences preferences = parse_preferences(request);
    const DeltaToken token = parse_delta_token(request.parameter("$deltatoken"));
    if (token.at + delta_token_life <= context.now || token.at < context.delta_tokens_from)
        throw refuse(400, stale_version,
                     "Version stamp associated with the client has expired. Please perform a full "
                     "sync.");
    const auto columns = parse_select(set, request.parameter("$select"));
    const auto type = type_of(set);
    const auto changes = type ? context.log.since(*type, token.version)
                              : std::vector<std::pair<std::int64_t, std::int64_t>>{};
    const std::size_t end = std::min(changes.size(), preferences.page_size);
    const bool more = end < changes.size();
    // A page's link is a token as well: of the page's last version.
    const DeltaToken next{more ? changes[end - 1].first : context.log.version(),
                          more ? token.at : context.now};
    JsonWriter json;
    json.StartObject();
    json.member("@odata.context", context_url(request, set) + "/$delta");
    json.member(more ? "@odata.nextLink" : "@odata.deltaLink",
                link_of(request) + "$deltatoken=" + encode(next.str()));
    json.key("value");
    json.StartArray();
    for (std::size_t i = 0; i < end; ++i) {
        const Row row{*type, context.facts.data.find(*type, changes[i].second)};
        const bool seen = row.record != nullptr && !row.record->archived;
        if (seen) {
            write_row(json, columns, row, preferences, context, false);
            continue;
        }
        json.StartObject();
        json.member("@odata.context",
                    fmt::format("{}$metadata#{}/$deletedEntity", base_url(request), set.name));
        const Record gone{changes[i].second, {}, {}, {}, Values({})};
        const Cell id = set.key().read(context.facts, {*type, &gone});
        json.member("id", std::get<Reference>(id).id);
        json.member("reason", "deleted");
        json.EndObject();
    }
    json.EndArray();
    json.EndObject();
    return reply_with(json);
}

loopback::Reply get_row(const Table& set, std::string_view guid, const loopback::Request& request,
                        const RowsContext& context) {
    const auto columns = parse_select(set, request.parameter("$select"));
    const bool parties = wants_parties(request, set);
    const auto id = parse_guid(guid);
    Query query{&set};
    if (id) {
        query.condition = {Condition::Kind::test, {}, set.key(), Relation::equal, {*id}};
        query.text = "id " + id->id;
        const auto& rows = context.finder.find(query, context.facts);
        if (!rows.empty()) {
            JsonWriter row;
            write_row(row, columns, rows.front(), parse_preferences(request), context, parties);
            JsonWriter head;
            head.text(context_url(request, set) + "/$entity");
            return {.content_type = "application/json; odata.metadata=minimal",
                    .headers = {{"OData-Version", "4.0"}},
                    .body = "{\"@odata.context\":" + head.str() + "," + row.str().substr(1)};
        }
    }
    throw refuse(404, no_such_row,
                 fmt::format("{} With Id = {} Does Not Exist", set.row_name, guid));
}

}  // namespace nudged::crmsim::dynamics365
