// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/hubspot/search.hpp"

#include "tests/crmsim/hubspot/answers.hpp"
#include "tests/crmsim/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace nudged::crmsim {
namespace {

constexpr std::size_t max_body = 3'000;
constexpr std::size_t max_page = 200;
constexpr std::size_t max_results = 10'000;
constexpr std::size_t max_groups = 5;
constexpr std::size_t max_filters_of_group = 6;
constexpr std::size_t max_filters = 18;
constexpr std::size_t max_cached = 8;

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// Epoch milliseconds, or a date and time as text.
std::optional<std::int64_t> parse_time(std::string_view text) {
    if (const auto millis = parse_number<std::int64_t>(text)) return millis;
    if (const auto instant = parse_instant(text)) return to_millis(*instant);
    if (const auto day = parse_date(text)) return to_millis(Instant{day->time_since_epoch()});
    return std::nullopt;
}

bool compares_as_integer(PropertyKind kind) {
    return kind == PropertyKind::id || kind == PropertyKind::created ||
           kind == PropertyKind::modified || kind == PropertyKind::time;
}

std::optional<Operator> parse_operator(std::string_view name) {
    static constexpr std::pair<std::string_view, Operator> names[] = {
        {"EQ", Operator::eq},
        {"NEQ", Operator::neq},
        {"LT", Operator::lt},
        {"LTE", Operator::lte},
        {"GT", Operator::gt},
        {"GTE", Operator::gte},
        {"IN", Operator::in},
        {"BETWEEN", Operator::between},
        {"HAS_PROPERTY", Operator::has},
        {"NOT_HAS_PROPERTY", Operator::has_not},
    };
    for (const auto& [text, op] : names)
        if (text == name) return op;
    return std::nullopt;
}

std::string operand(const rapidjson::Value& json, const char* name) {
    const auto found = json.FindMember(name);
    if (found == json.MemberEnd()) throw invalid_request(fmt::format("filter without {}", name));
    if (found->value.IsString()) return found->value.GetString();
    if (found->value.IsInt64()) return std::to_string(found->value.GetInt64());
    throw invalid_request(fmt::format("filter {} must be a string", name));
}

void read_operands(const rapidjson::Value& json, Filter& filter) {
    if (filter.op == Operator::has || filter.op == Operator::has_not) return;
    if (filter.op == Operator::in) {
        const rapidjson::Value* values = array_member(json, "values");
        if (values == nullptr) throw invalid_request("IN needs values");
        for (const auto& value : values->GetArray())
            filter.texts.push_back(value.IsString() ? value.GetString() : "");
    } else {
        filter.texts.push_back(operand(json, "value"));
        if (filter.op == Operator::between) filter.texts.push_back(operand(json, "highValue"));
    }
    for (const std::string& text : filter.texts) {
        if (compares_as_integer(filter.kind)) {
            const auto integer = parse_time(text);
            if (!integer) throw invalid_request(fmt::format("\"{}\" is not a valid long", text));
            filter.integers.push_back(*integer);
        } else if (filter.kind == PropertyKind::number) {
            const auto number = parse_number<double>(text);
            if (!number) throw invalid_request(fmt::format("\"{}\" is not a valid number", text));
            filter.numbers.push_back(*number);
        }
    }
}

Filter parse_filter(const Schema& schema, const rapidjson::Value& json) {
    const std::string name = text_member(json, "propertyName");
    const auto property = schema.find(name);
    if (!property)
        throw invalid_request(fmt::format("There was a problem with the request: property {} does "
                                          "not exist on {}",
                                          name, schema.name));
    const auto op = parse_operator(text_member(json, "operator"));
    if (!op) throw invalid_request("unknown filter operator");
    Filter filter{*property, schema.properties[*property].kind, *op, {}, {}, {}};
    read_operands(json, filter);
    return filter;
}

std::vector<FilterGroup> parse_groups(const Schema& schema, const rapidjson::Value& body) {
    std::vector<FilterGroup> groups;
    std::size_t count = 0;
    if (const rapidjson::Value* json = array_member(body, "filterGroups")) {
        for (const auto& group : json->GetArray()) {
            const rapidjson::Value* filters =
                group.IsObject() ? array_member(group, "filters") : nullptr;
            if (filters == nullptr) throw invalid_request("a filter group needs filters");
            FilterGroup& parsed = groups.emplace_back();
            for (const auto& filter : filters->GetArray())
                parsed.push_back(parse_filter(schema, filter));
            count += parsed.size();
            if (parsed.size() > max_filters_of_group)
                throw invalid_request("too many filters in a group");
        }
    }
    if (groups.size() > max_groups || count > max_filters)
        throw invalid_request("too many filters in the request");
    return groups;
}

void parse_sort(const Schema& schema, const rapidjson::Value& body, SearchRequest& request) {
    const rapidjson::Value* sorts = array_member(body, "sorts");
    if (sorts == nullptr || sorts->Empty()) return;
    if (sorts->Size() > 1) throw invalid_request("only one sort is allowed");
    const auto& sort = (*sorts)[0];
    const std::string name = sort.IsString() ? sort.GetString() : text_member(sort, "propertyName");
    request.sort = schema.find(name);
    if (!request.sort) throw invalid_request(fmt::format("cannot sort by {}", name));
    request.descending = text_member(sort, "direction") == "DESCENDING";
}

void parse_page(const rapidjson::Value& body, SearchRequest& request) {
    if (const auto limit = body.FindMember("limit"); limit != body.MemberEnd()) {
        if (!limit->value.IsUint() || limit->value.GetUint() > max_page)
            throw invalid_request("limit must be at most 200");
        request.limit = limit->value.GetUint();
    }
    const auto after = body.FindMember("after");
    if (after == body.MemberEnd() || after->value.IsNull()) return;
    const std::string text = operand(body, "after");
    const auto position = text.empty() ? 0 : parse_number<std::size_t>(text);
    if (!position) throw invalid_request("after is not a number");
    if (*position >= max_results)
        throw invalid_request("Invalid input: results beyond 10000 are not available");
    request.after = *position;
}

std::string canonical_query(ObjectType type, const rapidjson::Value& body) {
    JsonWriter json;
    json.StartArray();
    json.text(schema_of(type).name);
    for (const char* part : {"filterGroups", "sorts"})
        if (const auto found = body.FindMember(part); found != body.MemberEnd())
            found->value.Accept(json);
    json.EndArray();
    return json.str();
}

/// A stored value as whole number: an id, or a time in epoch milliseconds.
std::optional<std::int64_t> integer_of(const Record& record, const Filter& filter) {
    switch (filter.kind) {
    case PropertyKind::id: return record.id;
    case PropertyKind::created: return to_millis(record.created);
    case PropertyKind::modified: return to_millis(record.modified);
    default: break;
    }
    const auto text = record.values.at(filter.property);
    return text ? parse_time(*text) : std::nullopt;
}

template <typename Value>
bool compare(Operator op, const Value& value, const std::vector<Value>& operands) {
    switch (op) {
    case Operator::eq: return value == operands[0];
    case Operator::neq: return value != operands[0];
    case Operator::lt: return value < operands[0];
    case Operator::lte: return value <= operands[0];
    case Operator::gt: return value > operands[0];
    case Operator::gte: return value >= operands[0];
    case Operator::between: return value >= operands[0] && value <= operands[1];
    case Operator::in: return std::ranges::count(operands, value) > 0;
    default: return false;
    }
}

bool holds(const Record& record, const Filter& filter) {
    if (compares_as_integer(filter.kind)) {
        const auto value = integer_of(record, filter);
        if (filter.op == Operator::has) return value.has_value();
        if (filter.op == Operator::has_not) return !value;
        return value && compare(filter.op, *value, filter.integers);
    }
    const auto text = record.values.at(filter.property);
    const bool present = text && !text->empty();
    if (filter.op == Operator::has) return present;
    if (filter.op == Operator::has_not) return !present;
    if (!present) return false;
    if (filter.kind == PropertyKind::number) {
        const auto value = parse_number<double>(*text);
        return value && compare(filter.op, *value, filter.numbers);
    }
    return compare(filter.op, std::string(*text), filter.texts);
}

bool holds(const Record& record, const std::vector<FilterGroup>& groups) {
    const auto all = [&](const FilterGroup& group) {
        return std::ranges::all_of(group, [&](const Filter& f) { return holds(record, f); });
    };
    return groups.empty() || std::ranges::any_of(groups, all);
}

struct SortKey {
    bool absent;
    std::int64_t integer;
    double number;
    std::string text;
    friend auto operator<=>(const SortKey&, const SortKey&) = default;
};

SortKey sort_key(const Schema& schema, const Record& record, std::size_t property) {
    const Filter as_filter{property, schema.properties[property].kind, Operator::has, {}, {}, {}};
    if (compares_as_integer(as_filter.kind)) {
        const auto integer = integer_of(record, as_filter);
        return {!integer, integer.value_or(0), 0, {}};
    }
    const auto text = record.values.at(property);
    if (!text) return {true, 0, 0, {}};
    if (as_filter.kind == PropertyKind::number)
        return {false, 0, parse_number<double>(*text).value_or(0), {}};
    return {false, 0, 0, std::string(*text)};
}

/// By the property; records that are equal in it come in no order of their ids, though always in
/// the same one. The results arrive in the order of their ids.
void sort_by_property(const Schema& schema, const SearchRequest& request,
                      std::vector<const Record*>& results) {
    std::vector<std::pair<SortKey, const Record*>> keyed;
    keyed.reserve(results.size());
    for (const Record* record : results)
        keyed.emplace_back(sort_key(schema, *record, *request.sort), record);
    std::ranges::reverse(keyed);
    std::ranges::stable_sort(keyed, [&](const auto& a, const auto& b) {
        return request.descending ? b.first < a.first : a.first < b.first;
    });
    std::ranges::transform(keyed, results.begin(), [](const auto& pair) { return pair.second; });
}

}  // namespace

SearchRequest parse_search(ObjectType type, const std::string& body) {
    if (body.size() > max_body)
        throw invalid_request("the request body is longer than 3000 characters");
    rapidjson::Document json;
    json.Parse(body.c_str());
    if (json.HasParseError() || !json.IsObject())
        throw invalid_request("Invalid input JSON on line 1, column 1");
    const Schema& schema = schema_of(type);
    SearchRequest request;
    request.type = type;
    request.groups = parse_groups(schema, json);
    parse_sort(schema, json, request);
    parse_page(json, request);
    if (const rapidjson::Value* names = array_member(json, "properties"))
        for (const auto& name : names->GetArray())
            if (name.IsString()) request.properties.emplace_back(name.GetString());
    request.query = canonical_query(type, json);
    return request;
}

void SearchIndex::before_change(ObjectType type, std::int64_t id, Instant now) {
    if (lag_ == lag_.zero()) return;
    const Record* record = dataset_.find(type, id);
    if (record == nullptr) return;
    // What the index already lags behind on keeps its older state, and waits for the newer change.
    const auto [entry, fresh] = behind_.try_emplace({type, id}, Behind{now + lag_, *record});
    if (!fresh) entry->second.until = now + lag_;
}

void SearchIndex::after_creation(ObjectType type, std::int64_t id, Instant now) {
    if (lag_ == lag_.zero()) return;
    behind_.insert_or_assign({type, id}, Behind{now + lag_, std::nullopt});
}

void SearchIndex::catch_up(Instant now) {
    if (std::erase_if(behind_, [&](const auto& entry) { return entry.second.until <= now; }) > 0)
        ++generation_;
}

const std::vector<std::int64_t>& SearchIndex::matches(const SearchRequest& request, Instant now) {
    catch_up(now);
    const std::uint64_t version = dataset_.version() + generation_;
    const auto known = std::ranges::find_if(cache_, [&](const Cached& entry) {
        return entry.version == version && entry.query == request.query;
    });
    if (known != cache_.end()) return known->ids;
    if (cache_.size() == max_cached) cache_.pop_front();
    return cache_.emplace_back(Cached{request.query, version, find(request)}).ids;
}

std::vector<std::int64_t> SearchIndex::find(const SearchRequest& request) const {
    std::vector<const Record*> results;
    for (const Record& record : dataset_.records(request.type)) {
        if (record.archived) continue;
        const Record* indexed = &record;
        if (const auto old = behind_.find({request.type, record.id}); old != behind_.end()) {
            if (!old->second.old) continue;
            indexed = &*old->second.old;
        }
        if (holds(*indexed, request.groups)) results.push_back(&record);
    }
    const Schema& schema = schema_of(request.type);
    if (request.sort && schema.properties[*request.sort].kind != PropertyKind::id)
        sort_by_property(schema, request, results);
    else if (request.descending)
        std::ranges::reverse(results);
    std::vector<std::int64_t> ids(results.size());
    std::ranges::transform(results, ids.begin(), &Record::id);
    return ids;
}

}  // namespace nudged::crmsim
