// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/dataset.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <iterator>

namespace nudged::crmsim {
namespace {

using enum PropertyKind;

std::size_t index_of(ObjectType type) {
    return static_cast<std::size_t>(type);
}

std::int64_t to_number(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::vector<Property> deal_properties() {
    std::vector<Property> properties{{"hs_object_id", id},
                                     {"createdate", created},
                                     {"hs_createdate", created},
                                     {"hs_lastmodifieddate", modified},
                                     {"dealname", text},
                                     {"pipeline", text},
                                     {"dealstage", text},
                                     {"amount", number},
                                     {"amount_in_home_currency", number},
                                     {"deal_currency_code", text},
                                     {"closedate", time},
                                     {"hubspot_owner_id", number},
                                     {"hs_updated_by_user_id", number},
                                     {"hs_deal_stage_probability", number},
                                     {"hs_manual_forecast_category", text},
                                     {"hs_is_closed", text},
                                     {"hs_is_closed_won", text},
                                     {"hs_next_step", text},
                                     {"dealtype", text},
                                     {"closed_lost_reason", text},
                                     {"hs_merged_object_ids", text},
                                     // Two that an admin has added.
                                     {"segment", text},
                                     {"next_review", text},
                                     {"notes_last_updated", time},
                                     {"notes_last_contacted", time},
                                     {"notes_next_activity_date", time}};
    for (const Stage& stage : stages())
        properties.push_back({"hs_v2_date_entered_" + stage.id, time});
    return properties;
}

Schema make_schema(ObjectType type, std::string_view name, std::string_view singular,
                   std::vector<Property> properties, std::vector<std::string_view> shown) {
    Schema schema{type, name, singular, std::move(properties), {}};
    for (const std::string_view property : shown) schema.shown.push_back(*schema.find(property));
    return schema;
}

std::array<Schema, all_types.size()> make_schemas() {
    const std::vector<std::string_view> activity{"hs_createdate", "hs_lastmodifieddate",
                                                 "hs_object_id"};
    const Property own_id{"hs_object_id", id};
    const Property made{"hs_createdate", created};
    const Property changed{"hs_lastmodifieddate", modified};
    const Property owner{"hubspot_owner_id", number};
    return {make_schema(ObjectType::calls, "calls", "call",
                        {own_id,
                         made,
                         changed,
                         owner,
                         {"hs_timestamp", time},
                         {"hs_call_duration", number},
                         {"hs_call_direction", text},
                         {"hs_call_disposition", text},
                         {"hs_call_status", text},
                         {"hs_call_title", text},
                         {"hs_call_to_number", text},
                         {"hs_call_from_number", text},
                         {"hs_activity_type", text},
                         {"hs_created_by_user_id", number}},
                        activity),
            make_schema(ObjectType::tasks, "tasks", "task",
                        {own_id,
                         made,
                         changed,
                         owner,
                         {"hs_timestamp", time},
                         {"hs_task_subject", text},
                         {"hs_task_body", text},
                         {"hs_task_status", text},
                         {"hs_task_priority", text},
                         {"hs_task_type", text},
                         {"hs_task_completion_date", time}},
                        activity),
            make_schema(ObjectType::meetings, "meetings", "meeting",
                        {own_id,
                         made,
                         changed,
                         owner,
                         {"hs_timestamp", time},
                         {"hs_meeting_title", text},
                         {"hs_meeting_start_time", time},
                         {"hs_meeting_end_time", time},
                         {"hs_meeting_outcome", text}},
                        activity),
            make_schema(ObjectType::deals, "deals", "deal", deal_properties(),
                        {"amount", "closedate", "createdate", "dealname", "dealstage",
                         "hs_lastmodifieddate", "hs_object_id", "pipeline"}),
            make_schema(ObjectType::companies, "companies", "company",
                        {own_id,
                         {"createdate", created},
                         made,
                         changed,
                         owner,
                         {"name", text},
                         {"domain", text},
                         {"industry", text},
                         {"type", text},
                         {"hs_parent_company_id", number},
                         {"hs_merged_object_ids", text}},
                        {"createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"}),
            // Contacts alone call their modified time by another name.
            make_schema(ObjectType::contacts, "contacts", "contact",
                        {own_id,
                         {"createdate", created},
                         {"lastmodifieddate", modified},
                         owner,
                         {"firstname", text},
                         {"lastname", text},
                         {"email", text},
                         {"phone", text},
                         {"jobtitle", text},
                         {"associatedcompanyid", number},
                         {"lifecyclestage", text},
                         {"hs_merged_object_ids", text}},
                        {"createdate", "email", "firstname", "hs_object_id", "lastmodifieddate",
                         "lastname"})};
}

/// What HubSpot itself fills in when a deal enters a stage.
Properties derived_from_stage(const std::string& stage_id, Instant at) {
    const auto stage = std::ranges::find(stages(), stage_id, &Stage::id);
    if (stage == stages().end()) return {};
    return {{"hs_v2_date_entered_" + stage_id, format_instant(at)},
            {"hs_deal_stage_probability", stage->probability},
            {"hs_is_closed", stage->closed ? "true" : "false"},
            {"hs_is_closed_won", stage_id == "closedwon" ? "true" : "false"}};
}

bool has_history(std::string_view property) {
    return property == "dealstage" || property == "amount" || property == "closedate" ||
           property == "hubspot_owner_id" || property == "hs_next_step";
}

}  // namespace

std::span<const Stage> stages() {
    static const std::array all{
        Stage{"appointmentscheduled", "Appointment Scheduled", "0.2", false},
        Stage{"qualifiedtobuy", "Qualified To Buy", "0.4", false},
        // The long form is what binary floating point makes of 0.6, and what HubSpot sends.
        Stage{"presentationscheduled", "Presentation Scheduled",
              "0.59999999999999997779553950749686919152736663818359375", false},
        Stage{"decisionmakerboughtin", "Decision Maker Bought-In",
              "0.8000000000000000444089209850062616169452667236328125", false},
        Stage{"contractsent", "Contract Sent",
              "0.90000000000000002220446049250313080847263336181640625", false},
        Stage{"closedwon", "Closed Won", "1.0", true},
        Stage{"closedlost", "Closed Lost", "0.0", true}};
    return all;
}

std::optional<std::size_t> Schema::find(std::string_view property) const {
    const auto found = std::ranges::find(properties, property, &Property::name);
    if (found == properties.end()) return std::nullopt;
    return static_cast<std::size_t>(found - properties.begin());
}

const Schema& schema_of(ObjectType type) {
    static const std::array<Schema, all_types.size()> schemas = make_schemas();
    return schemas[index_of(type)];
}

std::optional<ObjectType> parse_object_type(std::string_view name) {
    for (const ObjectType type : all_types)
        if (schema_of(type).name == name || schema_of(type).singular == name) return type;
    return std::nullopt;
}

Values::Values(const std::vector<std::optional<std::string>>& values) {
    ends_.reserve(values.size());
    std::size_t bytes = 0;
    for (const auto& value : values) bytes += value ? value->size() : 0;
    bytes_.reserve(bytes);
    for (const auto& value : values) {
        if (value) bytes_ += *value;
        ends_.push_back(static_cast<std::uint32_t>(bytes_.size()) | (value ? 0 : null_mark));
    }
}

std::optional<std::string_view> Values::at(std::size_t property) const {
    if (ends_[property] & null_mark) return std::nullopt;
    const std::size_t begin = property == 0 ? 0 : ends_[property - 1] & ~null_mark;
    return std::string_view(bytes_).substr(begin, ends_[property] - begin);
}

std::optional<std::string> value_of(const Schema& schema, const Record& record,
                                    std::size_t property) {
    switch (schema.properties[property].kind) {
    case id: return std::to_string(record.id);
    case created: return format_instant(record.created);
    case modified: return format_instant(record.modified);
    default: break;
    }
    const auto value = record.values.at(property);
    if (!value) return std::nullopt;
    return std::string(*value);
}

void Dataset::number_from(ObjectType type, std::int64_t last_id) {
    last_id_[index_of(type)] = last_id;
}

std::int64_t Dataset::create(ObjectType type, const Properties& properties, Instant at) {
    const std::int64_t id = ++last_id_[index_of(type)];
    const std::vector<std::optional<std::string>> empty(schema_of(type).properties.size());
    Record record{id, at, at, std::nullopt, Values(empty)};
    write(type, record, properties, at);
    tables_[index_of(type)].push_back(std::move(record));
    ++version_;
    return id;
}

bool Dataset::set(ObjectType type, std::int64_t id, const Properties& changes, Instant at) {
    Record* record = find_mutable(type, id);
    if (record == nullptr) return false;
    write(type, *record, changes, at);
    record->modified = at;
    ++version_;
    return true;
}

void Dataset::write(ObjectType type, Record& record, const Properties& changes, Instant at) {
    const Schema& schema = schema_of(type);
    std::vector<std::optional<std::string>> values(schema.properties.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (const auto value = record.values.at(i)) values[i] = std::string(*value);
    }
    Properties all = changes;
    const auto stage = changes.find("dealstage");
    if (stage != changes.end() && stage->second) all.merge(derived_from_stage(*stage->second, at));
    for (const auto& [name, value] : all)
        if (const auto property = schema.find(name)) values[*property] = value;
    if (type == ObjectType::deals) {
        const auto editor = editor_of(changes, values[*schema.find("hubspot_owner_id")]);
        values[*schema.find("hs_updated_by_user_id")] = editor;
        for (const auto& [name, value] : all)
            if (has_history(name))
                deal_history_[{record.id, *schema.find(name)}].push_back(
                    {value.value_or(""), at, to_number(editor.value_or(""))});
    }
    record.values = Values(values);
}

/// As a property, which is null for a program.
std::optional<std::string> Dataset::editor_of(const Properties& changes,
                                              const std::optional<std::string>& owner) const {
    const auto named = changes.find("hs_updated_by_user_id");
    if (named != changes.end()) return named->second;
    const auto found = std::ranges::find(owners, to_number(owner.value_or("")), &Owner::id);
    if (found == owners.end() || found->user_id == 0) return std::nullopt;
    return std::to_string(found->user_id);
}

const Owner* Dataset::find_user(std::int64_t user_id) const {
    const auto found = std::ranges::find(owners, user_id, &Owner::user_id);
    return user_id == 0 || found == owners.end() ? nullptr : &*found;
}

bool Dataset::archive(ObjectType type, std::int64_t id, Instant at) {
    Record* record = find_mutable(type, id);
    if (record == nullptr || record->archived) return false;
    record->archived = at;
    record->modified = at;
    ++version_;
    return true;
}

bool Dataset::restore(ObjectType type, std::int64_t id, Instant at) {
    Record* record = find_mutable(type, id);
    if (record == nullptr || !record->archived) return false;
    record->archived.reset();
    record->modified = at;
    ++version_;
    return true;
}

bool Dataset::forget(ObjectType type, std::int64_t id) {
    Record* record = find_mutable(type, id);
    if (record == nullptr) return false;
    auto& table = tables_[index_of(type)];
    table.erase(table.begin() + (record - table.data()));
    for (const ObjectType other : all_types)
        for (const std::int64_t to : linked(type, id, other)) unlink(type, id, other, to);
    ++version_;
    return true;
}

bool Dataset::merge(ObjectType type, std::int64_t id, std::int64_t into, Instant at) {
    const Schema& schema = schema_of(type);
    const auto merged = schema.find("hs_merged_object_ids");
    const Record* part = find(type, id);
    const Record* whole = find(type, into);
    if (!merged || part == nullptr || whole == nullptr || id == into) return false;
    std::string parts;
    for (const auto& one : {whole->values.at(*merged), part->values.at(*merged)})
        if (one && !one->empty()) parts += std::string{*one} + ";";
    parts += std::to_string(id);
    for (const ObjectType other : all_types)
        for (const std::int64_t to : linked(type, id, other)) link(type, into, other, to);
    set(type, into, {{"hs_merged_object_ids", parts}}, at);
    return forget(type, id);
}

void Dataset::link(ObjectType a, std::int64_t id_a, ObjectType b, std::int64_t id_b) {
    const auto add = [](Links& links, Link pair) {
        links.sorted = links.sorted && (links.pairs.empty() || links.pairs.back() < pair);
        links.pairs.push_back(pair);
    };
    add(links_[index_of(a)][index_of(b)], {id_a, id_b});
    add(links_[index_of(b)][index_of(a)], {id_b, id_a});
}

void Dataset::unlink(ObjectType a, std::int64_t id_a, ObjectType b, std::int64_t id_b) {
    std::erase(links_[index_of(a)][index_of(b)].pairs, Link{id_a, id_b});
    std::erase(links_[index_of(b)][index_of(a)].pairs, Link{id_b, id_a});
}

const Record* Dataset::find(ObjectType type, std::int64_t id) const {
    const auto& table = tables_[index_of(type)];
    const auto found = std::ranges::lower_bound(table, id, {}, &Record::id);
    return found != table.end() && found->id == id ? &*found : nullptr;
}

Record* Dataset::find_mutable(ObjectType type, std::int64_t id) {
    return const_cast<Record*>(find(type, id));
}

std::span<const Record> Dataset::records(ObjectType type) const {
    return tables_[index_of(type)];
}

const Dataset::Links& Dataset::sorted_links(ObjectType from, ObjectType to) const {
    Links& links = links_[index_of(from)][index_of(to)];
    if (!links.sorted) {
        std::ranges::sort(links.pairs);
        const auto repeated = std::ranges::unique(links.pairs);
        links.pairs.erase(repeated.begin(), repeated.end());
        links.sorted = true;
    }
    return links;
}

std::vector<std::int64_t> Dataset::linked(ObjectType from, std::int64_t id, ObjectType to) const {
    const Links& links = sorted_links(from, to);
    std::vector<std::int64_t> ids;
    const auto range = std::ranges::equal_range(links.pairs, id, {}, &Link::first);
    std::ranges::transform(range, std::back_inserter(ids), &Link::second);
    return ids;
}

std::vector<PastValue> Dataset::history(ObjectType type, std::int64_t id,
                                        std::size_t property) const {
    const auto kept = deal_history_.find({id, property});
    if (type == ObjectType::deals && kept != deal_history_.end()) {
        std::vector<PastValue> newest_first = kept->second;
        std::ranges::stable_sort(newest_first, std::greater{}, &PastValue::at);
        return newest_first;
    }
    const Record* record = find(type, id);
    if (record == nullptr) return {};
    const auto value = value_of(schema_of(type), *record, property);
    if (!value) return {};
    return {{*value, record->created}};
}

}  // namespace nudged::crmsim
