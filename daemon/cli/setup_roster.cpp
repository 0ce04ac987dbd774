// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/setup_roster.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "connectors/sources/csv/parser.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/config/writing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace nudged::cli {
namespace {

std::size_t user_field(std::string_view name) {
    const auto fields = model::fields_of(model::Entity::user);
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const auto& field) { return field.name == name; });
    return static_cast<std::size_t>(found - fields.begin());
}

bool has_address(const std::string& email) {
    const auto at = email.find('@');
    return at != email.npos && at > 0 && at + 1 < email.size() && clean_line(email) == email;
}

/// Where the columns of a sheet stand.
struct SheetColumns {
    std::optional<std::size_t> name, email, manager;
};

SheetColumns columns_of(const sources::csv::Row& row) {
    SheetColumns columns;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        auto title = to_lower_ascii(trim(row.cells[i]));
        if (i == 0 && title.starts_with("\xEF\xBB\xBF")) title.erase(0, 3);
        if (title == "name") columns.name = i;
        if (title == "email" || title == "e-mail") columns.email = i;
        if (title == "manager" || title == "manager email") columns.manager = i;
    }
    if (!columns.email || !columns.manager)
        throw Failure(FailureKind::refused,
                      "the sheet's first line must name the columns name, email and manager");
    return columns;
}

Colleague colleague_in(const sources::csv::Row& row, const SheetColumns& columns) {
    const auto cell = [&](std::optional<std::size_t> at) {
        return at && *at < row.cells.size() ? clean_line(row.cells[*at]) : std::string{};
    };
    Colleague one;
    one.name = cell(columns.name);
    one.email = to_lower_ascii(cell(columns.email));
    one.manager = to_lower_ascii(cell(columns.manager));
    one.id = one.email;
    if (!has_address(one.email))
        throw Failure(FailureKind::refused,
                      fmt::format("line {} of the sheet has no e-mail address", row.line));
    return one;
}

std::string person_table(const Colleague& one) {
    config::Table table;
    if (!one.name.empty()) table.set("name", config::Value::of(config::quote(one.name)));
    table.set("email", config::Value::of(config::quote(one.email)));
    return config::render_inline(table);
}

}  // namespace

std::vector<Colleague> colleagues_in(std::span<const model::Page> pages) {
    static const auto email = user_field("email"), name = user_field("name"),
                      active = user_field("active"), zone = user_field("time_zone"),
                      manager = user_field("manager"), is_person = user_field("is_person");
    std::vector<Colleague> colleagues;
    for (const auto& page : pages)
        for (const auto& record : page.records) {
            if (record.entity != model::Entity::user || record.deleted) continue;
            if (record.integer_at(active, 1) == 0 || record.integer_at(is_person, 1) == 0) continue;
            Colleague one{std::string{record.id}, clean_line(record.text_at(name)),
                          to_lower_ascii(clean_line(record.text_at(email))),
                          std::string{record.text_at(manager)}, clean_line(record.text_at(zone))};
            if (has_address(one.email)) colleagues.push_back(std::move(one));
        }
    return colleagues;
}

std::vector<Colleague> colleagues_in_sheet(std::string_view csv) {
    const auto first = csv.substr(0, csv.find('\n'));
    const auto delimiter =
        std::count(first.begin(), first.end(), ';') > std::count(first.begin(), first.end(), ',')
            ? ';'
            : ',';
    sources::csv::RowParser parser(delimiter);
    std::optional<SheetColumns> columns;
    std::vector<Colleague> colleagues;
    const auto take = [&] {
        const auto& row = parser.row();
        if (row.is_blank()) return;
        if (row.problem != sources::csv::RowProblem::none)
            throw Failure(FailureKind::refused, fmt::format("line {} of the sheet: {}", row.line,
                                                            to_string(row.problem)));
        if (!columns)
            columns = columns_of(row);
        else
            colleagues.push_back(colleague_in(row, *columns));
    };
    while (!csv.empty()) {
        csv.remove_prefix(parser.feed(csv));
        if (parser.has_row()) take();
    }
    parser.finish();
    if (parser.has_row()) take();
    return colleagues;
}

std::vector<NewTeam> teams_of(const std::vector<Colleague>& colleagues) {
    std::map<std::string, NewTeam> teams;
    for (const auto& one : colleagues) {
        if (one.manager.empty() || one.manager == one.id) continue;
        const auto manager =
            std::find_if(colleagues.begin(), colleagues.end(), [&](const Colleague& other) {
                return other.id == one.manager || other.email == one.manager;
            });
        if (manager == colleagues.end()) continue;
        auto& team = teams[manager->id];
        team.manager = *manager;
        team.members.push_back(one);
    }
    std::vector<NewTeam> list;
    for (auto& [id, team] : teams) {
        team.name =
            "Team of " + (team.manager.name.empty() ? team.manager.email : team.manager.name);
        list.push_back(std::move(team));
    }
    std::sort(list.begin(), list.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    return list;
}

NewTeam one_team(const std::vector<Colleague>& colleagues, const Colleague& manager) {
    NewTeam team{"Team of " + (manager.name.empty() ? manager.email : manager.name), manager, {}};
    for (const auto& one : colleagues)
        if (one.email != manager.email) team.members.push_back(one);
    return team;
}

std::string render_teams(const std::vector<NewTeam>& teams, const std::string& zone,
                         const std::string& channel) {
    std::string text;
    for (const auto& team : teams) {
        text += fmt::format("\n[[team]]\nname = {}\nmanager = {}\nzone = {}\n# Its digest goes "
                            "where only the manager reads.\nchannel = {}\n",
                            config::quote(team.name), person_table(team.manager),
                            config::quote(zone), config::quote(channel));
        for (const auto& member : team.members) {
            text += "[[team.member]]\n";
            if (!member.name.empty())
                text += fmt::format("name = {}\n", config::quote(member.name));
            text += fmt::format("email = {}\n", config::quote(member.email));
        }
    }
    return text;
}

}  // namespace nudged::cli
