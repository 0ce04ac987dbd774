// SPDX-License-Identifier: Apache-2.0
#include "tests/crmsim/google_sheets/spreadsheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nudged::crmsim::google_sheets {
namespace {

using loopback::JsonWriter;

/// "2026-11-20 13:00:00", or the day alone: the format that the sheet's keeper has chosen.
std::string shown(const Moment& moment) {
    const auto day = std::chrono::floor<std::chrono::days>(moment.at);
    std::string text = format_date(day);
    if (moment.is_day) return text;
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(moment.at - day)};
    return text + fmt::format(" {:02}:{:02}:{:02}", time.hours().count(), time.minutes().count(),
                              time.seconds().count());
}

/// Days since 1899-12-30.
double serial_number(const Moment& moment) {
    constexpr std::chrono::local_days epoch{std::chrono::year{1899} / 12 / 30};
    return std::chrono::duration<double, std::chrono::days::period>(moment.at - epoch).count();
}

void write_number(JsonWriter& json, double value, bool as_text) {
    if (as_text)
        json.text(fmt::format("{}", value));
    else if (value == std::floor(value))
        json.Int64(static_cast<std::int64_t>(value));
    else
        json.Double(value);
}

void write_cell(JsonWriter& json, const Cell& cell, const Rendering& rendering) {
    if (const auto* value = std::get_if<std::string>(&cell))
        json.text(*value);
    else if (const auto* amount = std::get_if<double>(&cell))
        write_number(json, *amount, rendering.as_shown);
    else if (const auto* truth = std::get_if<bool>(&cell))
        rendering.as_shown ? json.text(*truth ? "TRUE" : "FALSE")
                           : static_cast<void>(json.Bool(*truth));
    else if (const auto* at = std::get_if<Moment>(&cell))
        rendering.as_shown || !rendering.serial_numbers
            ? json.text(shown(*at))
            : write_number(json, serial_number(*at), false);
    else
        json.text("");  // an empty cell in the midst of a row
}

void write_row(JsonWriter& json, const std::vector<Cell>& row, std::size_t width,
               const Rendering& rendering) {
    std::size_t end = std::min(width, row.size());
    while (end > 0 && std::holds_alternative<std::monostate>(row[end - 1])) --end;
    json.StartArray();
    for (std::size_t i = 0; i < end; ++i) write_cell(json, row[i], rendering);
    json.EndArray();
}

}  // namespace

std::string values_json(const Sheet& sheet, std::string_view range, std::size_t width,
                        const Rendering& rendering) {
    JsonWriter json;
    json.StartObject();
    json.member("range", range);
    json.member("majorDimension", "ROWS");
    json.key("values");
    json.StartArray();
    json.StartArray();
    for (std::size_t i = 0; i < std::min(width, sheet.columns.size()); ++i)
        json.text(sheet.columns[i]);
    json.EndArray();
    for (const auto& row : sheet.rows) write_row(json, row, width, rendering);
    json.EndArray();
    json.EndObject();
    return json.str();
}

}  // namespace nudged::crmsim::google_sheets
