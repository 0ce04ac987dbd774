// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/row_text.hpp"

#include "connectors/base/utf8.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string_view>

namespace nudged::warehouse {
namespace {

/// "-12.50": what a spreadsheet may well compute with.
bool is_plain_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    const auto fraction = point == text.npos ? std::string_view{"0"} : text.substr(point + 1);
    constexpr std::string_view digits = "0123456789";
    return !whole.empty() && !fraction.empty() && whole.find_first_not_of(digits) == text.npos &&
           fraction.find_first_not_of(digits) == text.npos;
}

/// Tab and carriage return are dropped by some spreadsheets, and bring what follows to the front.
bool begins_formula(std::string_view text) {
    constexpr std::string_view begins = "=+-@\t\r\n|";
    if (text.empty()) return false;
    if (begins.find(text.front()) != begins.npos) return !is_plain_number(text);
    for (const std::string_view wide : {"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"})
        if (text.starts_with(wide)) return true;
    return false;
}

void append_csv_text(std::string& out, std::string_view text) {
    const bool escapes = begins_formula(text);
    if (!escapes && !text.empty() && text.find_first_of(",\"\r\n") == text.npos) {
        out += text;
        return;
    }
    out += '"';
    if (escapes) out += '\'';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

}  // namespace

std::vector<std::string> column_names(const Statement& statement, int first) {
    std::vector<std::string> names;
    for (int i = first; i < statement.column_count(); ++i)
        names.emplace_back(statement.column_name(i));
    return names;
}

void append_json(std::string& out, const Statement& row, const std::vector<std::string>& names,
                 int first) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer json{buffer};
    const auto write = [&](const std::string& text) {
        json.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    };
    json.StartObject();
    for (int i = first; i < row.column_count(); ++i) {
        write(names[static_cast<std::size_t>(i - first)]);
        if (row.is_null(i))
            json.Null();
        else if (row.is_integer(i))
            json.Int64(row.integer(i));
        else if (row.is_number(i))
            json.Double(row.real(i));
        else
            write(valid_utf8(row.text(i)));
    }
    json.EndObject();
    out.append(buffer.GetString(), buffer.GetSize());
}

void append_csv(std::string& out, const Statement& row, int first) {
    for (int i = first; i < row.column_count(); ++i) {
        if (i > first) out += ',';
        if (row.is_null(i)) continue;
        if (row.is_integer(i))
            out += fmt::format("{}", row.integer(i));
        else if (row.is_number(i))
            out += fmt::format("{}", row.real(i));
        else
            append_csv_text(out, valid_utf8(row.text(i)));
    }
    out += "\r\n";
}

void append_csv_names(std::string& out, const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) out += (i ? "," : "") + names[i];
    out += "\r\n";
}

std::string json_array(const std::vector<std::string>& texts) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer json{buffer};
    json.StartArray();
    for (const auto& text : texts)
        json.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    json.EndArray();
    return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace nudged::warehouse
