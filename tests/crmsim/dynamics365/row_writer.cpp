// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "tests/crmsim/dynamics365/answers.hpp"
#include "tests/crmsim/dynamics365/entities.hpp"
#include "tests/crmsim/dynamics365/rows.hpp"

#include <fmt/format.h>

#include <charconv>

namespace nudged::crmsim::dynamics365 {

using namespace tables;

namespace {

constexpr std::string_view formatted = "OData.Community.Display.V1.FormattedValue";
constexpr std::string_view logical = "Microsoft.Dynamics.CRM.lookuplogicalname";

void write_value(JsonWriter& json, const Cell& cell) {
    if (const auto* flag = std::get_if<bool>(&cell)) {
        json.Bool(*flag);
    } else if (const auto* number = std::get_if<Decimal>(&cell)) {
        const std::string text = number->str();
        json.RawValue(text.data(), text.size(), rapidjson::kNumberType);
    } else if (const auto* text = std::get_if<std::string>(&cell)) {
        json.text(*text);
    } else if (const auto* day = std::get_if<std::chrono::local_days>(&cell)) {
        json.text(format_date(*day));
    } else if (const auto* instant = std::get_if<Instant>(&cell)) {
        json.text(format_instant(*instant));
    } else if (const auto* reference = std::get_if<Reference>(&cell)) {
        json.text(reference->id);
    } else {
        json.Null();
    }
}

void write_column(JsonWriter& json, std::string_view name, const Cell& cell,
                  const std::function<std::string(const Cell&)>& label,
                  const Preferences& preferences) {
    json.key(name);
    write_value(json, cell);
    if (is_null(cell)) return;
    const auto* reference = std::get_if<Reference>(&cell);
    const std::string text = label ? label(cell) : reference != nullptr ? reference->label : "";
    if (preferences.formatted_values && !text.empty())
        json.member(fmt::format("{}@{}", name, formatted), text);
    if (preferences.logical_names && reference != nullptr && !reference->target.empty())
        json.member(fmt::format("{}@{}", name, logical), reference->target);
}

/// Who called (mask 1) whom (mask 2): the owner and the linked contact, by the direction.
void write_parties(JsonWriter& json, const Row& row, const Preferences& preferences,
                   const RowsContext& context) {
    const Cell owner = link_to_owner(owner_of(context.facts, row));
    const Cell contact =
        link_to(ObjectType::contacts, linked(context.facts, row, ObjectType::contacts));
    const bool incoming = property(row, "hs_call_direction") == "INBOUND";
    json.key(row.type == ObjectType::calls ? "phonecall_activity_parties"
                                           : "appointment_activity_parties");
    json.StartArray();
    std::int64_t mask = 0;
    for (const Cell& party : {incoming ? contact : owner, incoming ? owner : contact}) {
        ++mask;
        if (is_null(party)) continue;
        json.StartObject();
        json.member("activitypartyid", make_guid(IdKind::party, row.record->id * 2 + mask).id);
        json.member("participationtypemask", mask);
        if (preferences.formatted_values)
            json.member(fmt::format("participationtypemask@{}", formatted),
                        mask == 1 ? "Sender" : "To Recipient");
        write_column(json, "_partyid_value", party, {}, preferences);
        json.EndObject();
    }
    json.EndArray();
}

}  // namespace

Preferences parse_preferences(const loopback::Request& request) {
    Preferences preferences;
    const std::string header(request.header("prefer"));
    const std::size_t size = header.find("odata.maxpagesize=");
    if (size != std::string::npos) {
        std::size_t rows = 0;
        std::from_chars(header.data() + size + 18, header.data() + header.size(), rows);
        if (rows > 0) preferences.page_size = std::min<std::size_t>(rows, 5'000);
    }
    preferences.track_changes = header.find("odata.track-changes") != std::string::npos;
    const std::size_t begin = header.find("odata.include-annotations=");
    if (begin == std::string::npos) return preferences;
    std::string wanted = header.substr(begin + 26);
    if (wanted.starts_with('"')) wanted = wanted.substr(1, wanted.find('"', 1) - 1);
    const bool all = wanted.starts_with('*');
    preferences.formatted_values = all || wanted.find(formatted) != std::string::npos ||
                                   wanted.find("OData.Community.Display.V1.*") != std::string::npos;
    preferences.logical_names = all || wanted.find(logical) != std::string::npos ||
                                wanted.find("Microsoft.Dynamics.CRM.*") != std::string::npos;
    return preferences;
}

std::string base_url(const loopback::Request& request) {
    return fmt::format("http://{}/api/data/v9.2/", request.header("host"));
}

std::string link_of(const loopback::Request& request) {
    std::string link = fmt::format("http://{}{}", request.header("host"), request.path);
    char separator = '?';
    for (const auto& [name, value] : request.query) {
        if (name == "$skiptoken" || name == "$deltatoken") continue;
        link += fmt::format("{}{}={}", separator, name, encode(value));
        separator = '&';
    }
    return link + separator;
}

void write_row(JsonWriter& json, const std::vector<Column>& columns, const Row& row,
               const Preferences& preferences, const RowsContext& context, bool with_parties) {
    json.StartObject();
    const std::int64_t version = row.record != nullptr ? context.facts.version(row) : 919'001;
    json.member("@odata.etag", fmt::format("W/\"{}\"", version));
    for (const Column& column : columns)
        write_column(json, column.name, column.read(context.facts, row), column.label, preferences);
    if (with_parties) write_parties(json, row, preferences, context);
    json.EndObject();
}

}  // namespace nudged::crmsim::dynamics365
