// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/page.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Who works for whom, as a CRM or a sheet tells it, on its way to teams.toml.
namespace nudged::cli {

struct Colleague {
    std::string id;  // the CRM's; of a sheet its address
    std::string name;
    std::string email;    // lower case
    std::string manager;  // an id; empty: nobody, or not told
    std::string zone;     // empty: not told
};

struct NewTeam {
    std::string name;
    Colleague manager;
    std::vector<Colleague> members;
};

/// The people among a CRM's users: active, and with an address.
std::vector<Colleague> colleagues_in(std::span<const model::Page> pages);
/// Those of a sheet with the columns name, email and manager (an address), in any order. Throws
/// Failure(refused) for one without them, with its line for a row that cannot be used.
std::vector<Colleague> colleagues_in_sheet(std::string_view csv);

/// One team for each manager of somebody, by name; a manager of managers is told of those managers.
std::vector<NewTeam> teams_of(const std::vector<Colleague>& colleagues);
/// All of them but the manager as one team.
NewTeam one_team(const std::vector<Colleague>& colleagues, const Colleague& manager);

/// `[[team]]` tables, to stand at the end of teams.toml.
std::string render_teams(const std::vector<NewTeam>& teams, const std::string& zone,
                         const std::string& channel);

}  // namespace nudged::cli
