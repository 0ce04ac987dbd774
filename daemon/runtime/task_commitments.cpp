// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/task_commitments.hpp"

#include "connectors/base/on.hpp"
#include "connectors/base/text.hpp"
#include "daemon/checks/coaching/convention.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

namespace nudged::runtime {
namespace {

constexpr std::string_view example = "kpi: dials, from: 40, to: 50, week: 2026-W48, a line each";

bool maps_commitments(const std::map<std::string, sources::MapEntry>& extra) {
    return extra.contains(std::string{commitment_field});
}

/// What a sheet would have in its cells; throws nothing: what is wrong is a problem.
void add_task(const std::string& task, const std::string& rep, const std::string& created,
              std::string_view subject, std::string_view body, SheetRows& rows) {
    const auto record = checks::parse_convention(subject, plain_lines(body));
    if (!record || record->kind != checks::RecordKind::commitment) return;
    const auto refuse = [&](const std::string& why) {
        rows.problems.push_back(
            fmt::format("task {}{}: {}", task, rep.empty() ? "" : ", rep " + rep, why));
    };
    if (!record->bad_lines.empty()) {
        const auto& bad = record->bad_lines.front();
        return refuse(fmt::format("line {} {}; a commitment has lines such as {}", bad.line,
                                  bad.why, example));
    }
    if (const auto missing = record->missing(); !missing.empty())
        return refuse(fmt::format("a commitment says how much of what in which week; missing: {}; "
                                  "write lines such as {}",
                                  fmt::join(missing, ", "), example));
    if (rep.empty()) return refuse("it belongs to nobody whom nudged knows; give it an owner");
    SheetRow row{{"task", task},
                 {"rep", rep},
                 {"kpi", record->kpi},
                 {"to", checks::number_text(*record->to)},
                 {"week", record->week->str()},
                 {"agreed_at", created},
                 {"worked", record->worked},
                 {"hard", record->hard},
                 {"note", record->text}};
    if (record->from) row["from"] = checks::number_text(*record->from);
    std::erase_if(row, [](const auto& cell) { return cell.second.empty(); });
    rows.rows.push_back(std::move(row));
}

SheetRows read_tasks(const warehouse::Reader& reader, const std::string& source) {
    // In the order in which they were agreed: of two for one week the first one holds.
    auto tasks = reader.database().prepare(
        "SELECT id, coalesce(owner_email, owner, ''), substr(coalesce(created_at, ''), 1, 10), "
        "subject, coalesce(json_extract(extra, '$.commitment'), '') FROM v_task "
        "WHERE source = ?1 AND substr(ltrim(subject), 1, 1) = '[' ORDER BY created_at, id");
    tasks.bind(1, source);
    SheetRows rows;
    while (tasks.step())
        add_task(fmt::format("{}/{}", source, tasks.text(0)), std::string{tasks.text(1)},
                 std::string{tasks.text(2)}, tasks.text(3), tasks.text(4), rows);
    return rows;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> entities{
    {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"#39", "'"}, {"nbsp", " "}}};
constexpr std::array<std::string_view, 8> line_ends{"br",  "/p",  "/div", "/li",
                                                    "/tr", "/h1", "/h2",  "/h3"};

/// What a tag stands for: the end of a line, or nothing.
std::string_view text_of_tag(std::string_view tag) {
    const auto name = to_lower_ascii(tag.substr(0, tag.find_first_of(" \t\n/", 1)));
    return std::ranges::count(line_ends, name) > 0 ? "\n" : "";
}

/// Adds what begins at `at`, and says how long it is.
std::size_t take_piece(std::string_view text, std::size_t at, std::string& plain) {
    const auto rest = text.substr(at);
    if (rest[0] == '<') {
        if (const auto end = rest.find('>'); end != rest.npos) {
            plain += text_of_tag(rest.substr(1, end - 1));
            return end + 1;
        }
    }
    if (rest[0] == '&')
        for (const auto& [name, value] : entities)
            if (rest.substr(1).starts_with(name) && rest.substr(1 + name.size()).starts_with(';')) {
                plain += value;
                return name.size() + 2;
            }
    plain += rest[0];
    return 1;
}

}  // namespace

bool has_task_commitments(const sources::SourceOptions& source) {
    if (const auto* http = std::get_if<sources::HttpSourceOptions>(&source.connector_options)) {
        const auto task = http->fields.find("task");
        return task != http->fields.end() && maps_commitments(task->second.extra);
    }
    if (const auto* csv = std::get_if<sources::CsvSourceOptions>(&source.connector_options))
        return std::ranges::any_of(csv->tables, [](const sources::CsvTable& table) {
            return table.entity == "task" && maps_commitments(table.extra);
        });
    return false;
}

asio::awaitable<SheetRows> read_task_commitments(const CareContext& context, std::string source) {
    auto read = [&] {
        const warehouse::Reader reader(context.config.warehouse_path().string());
        return read_tasks(reader, source);
    };
    co_return co_await on(context.workers, read);
}

std::string plain_lines(std::string_view text) {
    const bool is_html = text.find("</") != text.npos || text.find("<br") != text.npos;
    if (!is_html) return std::string{text};
    std::string plain;
    for (std::size_t at = 0; at < text.size();) at += take_piece(text, at, plain);
    return plain;
}

}  // namespace nudged::runtime
