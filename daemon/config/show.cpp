// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/channel_fields.hpp"
#include "daemon/config/check_fields.hpp"
#include "daemon/config/config.hpp"
#include "daemon/config/daemon_fields.hpp"
#include "daemon/config/route_fields.hpp"
#include "daemon/config/source_fields.hpp"
#include "daemon/config/team_fields.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace nudged::config {
namespace {

template <typename... Ts>
void show_file(std::string_view name, std::string& text, const Ts&... structs) {
    Table table;
    (write_fields(structs, table), ...);
    text += fmt::format("{}# --- {} ---\n\n{}", text.empty() ? "" : "\n", name, render(table));
}

/// Every value of a table and of the tables in it, by its dotted key.
void flatten(const Table& table, const std::string& prefix, std::vector<Setting>& settings) {
    for (const auto& [key, value] : table.entries) {
        if (value.form == Value::Form::text)
            settings.push_back({prefix + key, value.text, "default"});
        else if (value.form == Value::Form::table)
            flatten(value.tables.front(), prefix + key + ".", settings);
    }
}

/// Checks of next steps that share one table, or look at another's horizon.
bool goes_by(std::string_view check, std::string_view key) {
    const auto starts = [&](const std::string& prefix) { return key.starts_with(prefix); };
    if (starts(std::string{check} + ".")) return true;
    constexpr std::array of_other{"opp.next_step_text_only", "opp.next_step_undated",
                                  "opp.next_step_far", "opp.next_step_orphan"};
    if (std::find(of_other.begin(), of_other.end(), check) != of_other.end())
        return starts("opp.next_step_other.");
    if (check == "opp.idle" || check == "opp.next_step_overdue")
        return key == "opp.no_next_step.horizon";
    if (check == "rep.stale_layer") return starts("opp.stalled.") || starts("opp.idle.");
    return false;
}

bool is_of_all(std::string_view key) {
    return key.find('.') == key.npos || key.starts_with("freshness.");
}

/// Those of an admin's own check stand in its file.
std::vector<Setting> settings_of(const checks::SqlCheck& check) {
    Table table;
    write_fields(check, table);
    std::vector<Setting> settings;
    flatten(table, check.id() + ".", settings);
    for (auto& setting : settings) setting.origin = check.place.file;
    return settings;
}

}  // namespace

std::vector<Setting> check_settings(const Config& config, std::string_view check) {
    Table table;
    write_fields(config.checks, table);
    std::vector<Setting> all, chosen;
    for (const auto& own : config.checks.sql_checks)
        if (own.id() == check) chosen = settings_of(own);
    flatten(table, "", all);
    for (auto& setting : all)
        if (const auto place = config.check_places.find(setting.key);
            place != config.check_places.end())
            setting.origin = place->second.line > 0
                                 ? fmt::format("{}:{}", place->second.file, place->second.line)
                                 : place->second.file;
    std::copy_if(all.begin(), all.end(), std::back_inserter(chosen),
                 [&](const Setting& setting) { return goes_by(check, setting.key); });
    std::copy_if(all.begin(), all.end(), std::back_inserter(chosen),
                 [](const Setting& setting) { return is_of_all(setting.key); });
    return chosen;
}

std::string show(const Config& config) {
    std::string text;
    show_file(config.file.filename().string(), text, config.daemon, config.alerts, config);
    for (const auto& source : config.sources)
        show_file(source.place.file, text, SourceFile{source});
    for (const auto& channel : config.channels)
        show_file(channel.place.file, text, ChannelFile{channel});
    show_file("teams.toml", text, config.roster);
    show_file("routes.toml", text, config.alerts.routing);
    const auto& checks = config.checks;
    show_file("kpis.toml", text,
              KpiFile{checks.kpis, checks.quotas, checks.ramp, checks.roles, checks.funnel});
    show_file("criteria.toml", text, CriteriaFile{checks.criteria});
    show_file("checks.toml", text, config.checks);
    for (const auto& check : config.checks.sql_checks)
        show_file(check.place.file, text, SqlCheckFile{check});
    return text;
}

}  // namespace nudged::config
