// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/channel_fields.hpp"
#include "daemon/config/check_fields.hpp"
#include "daemon/config/config.hpp"
#include "daemon/config/daemon_fields.hpp"
#include "daemon/config/route_fields.hpp"
#include "daemon/config/settings.hpp"
#include "daemon/config/source_fields.hpp"
#include "daemon/config/team_fields.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>

namespace nudged::config {
namespace {

using Places = std::map<std::string, Place>;

/// Where the value at `path` comes from: its own place or, of a table that is one value to us, that
/// of the first thing in it.
std::string origin_of(const Places& places, const std::string& path) {
    for (auto place = places.lower_bound(path); place != places.end(); ++place) {
        const auto& [key, where] = *place;
        if (!key.starts_with(path)) break;
        const auto rest = key.substr(path.size());
        if (!rest.empty() && rest[0] != '.' && rest[0] != '[') continue;
        return where.line > 0 ? fmt::format("{}:{}", where.file, where.line) : where.file;
    }
    return "default";
}

/// What a person calls one table of a list: its name or address, else its number.
std::string name_of(const Table& table, std::size_t number) {
    for (const auto* word : {"name", "email", "rep"})
        for (const auto& [key, value] : table.entries)
            if (key == word && value.form == Value::Form::text && value.text.size() > 2)
                return value.text.substr(1, value.text.size() - 2);
    return fmt::format("{}", number);
}

/// Reads a table, and the tables in it, out as settings.
class Flattening {
public:
    Flattening(const Places& places, std::vector<Setting>& settings)
        : places_(places), settings_(settings) {}

    /// `key` is for people, `path` for finding the place.
    void add(const Table& table, const std::string& key, const std::string& path) {
        for (const auto& [name, value] : table.entries) {
            if (value.form == Value::Form::text)
                settings_.push_back({key + name, value.text, origin_of(places_, path + name)});
            else if (value.form == Value::Form::table)
                add(value.tables.front(), key + name + ".", path + name + ".");
            else
                for (std::size_t i = 0; i < value.tables.size(); ++i)
                    add(value.tables[i],
                        fmt::format("{}{}[{}].", key, name, name_of(value.tables[i], i + 1)),
                        fmt::format("{}{}[{}].", path, name, i));
        }
    }

private:
    const Places& places_;
    std::vector<Setting>& settings_;
};

/// Where each value stands, by its dotted key; tables of a list by their number.
void note_places(const toml::table& table, const Spot& spot, const std::string& prefix,
                 Places& places) {
    for (const auto& [key, node] : table) {
        const auto dotted = prefix + std::string{key.str()};
        const auto* list = node.as_array();
        if (const auto* inner = node.as_table()) {
            note_places(*inner, spot, dotted + ".", places);
        } else if (list && list->is_array_of_tables()) {
            for (std::size_t i = 0; i < list->size(); ++i)
                note_places(*list->get_as<toml::table>(i), spot, fmt::format("{}[{}].", dotted, i),
                            places);
        } else {
            places[dotted] = spot.place(node);
        }
    }
}

/// Of one file; what --set says counts as checks.toml's.
Places places_in(const Config& config, const std::string& file) {
    if (file == "checks.toml") return config.check_places;
    Places places;
    Diagnostics ignored;
    const auto path = config.file.parent_path() / file;
    if (std::error_code none; !std::filesystem::exists(path, none)) return places;
    Reading reading{file, path.parent_path(), ignored, Secrets::unread};
    if (const auto table = read_toml(path, file, ignored))
        note_places(*table, Spot{reading, "", ""}, "", places);
    return places;
}

/// Every file with what stands in it.
using FileTables = std::vector<std::pair<std::string, Table>>;

template <typename... Ts>
void add_file(std::string name, FileTables& files, const Ts&... structs) {
    Table table;
    (write_fields(structs, table), ...);
    files.emplace_back(std::move(name), std::move(table));
}

FileTables tables_of(const Config& config) {
    FileTables files;
    add_file(config.file.filename().string(), files, config.daemon, config.alerts, config);
    for (const auto& source : config.sources)
        add_file(source.place.file, files, SourceFile{source});
    for (const auto& channel : config.channels)
        add_file(channel.place.file, files, ChannelFile{channel});
    add_file("teams.toml", files, config.roster);
    add_file("routes.toml", files, config.alerts.routing);
    const auto& checks = config.checks;
    add_file("kpis.toml", files,
             KpiFile{checks.kpis,
                     checks.quotas,
                     checks.ramp,
                     checks.roles,
                     checks.funnel,
                     {checks.measures.own().begin(), checks.measures.own().end()}});
    add_file("criteria.toml", files, CriteriaFile{checks.criteria});
    add_file("checks.toml", files, config.checks);
    for (const auto& check : config.checks.sql_checks)
        add_file(check.place.file, files, SqlCheckFile{check});
    return files;
}

/// What the environment says of a folder wins over the file.
std::string origin_in_environment(const std::string& key) {
    const auto is_set = [](const char* name) {
        const char* value = std::getenv(name);
        return value && *value;
    };
    if (key == "state_dir")
        for (const auto* name : {"NUDGED_STATE_DIR", "STATE_DIRECTORY"})
            if (is_set(name)) return fmt::format("${}", name);
    return {};
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
    Flattening(Places{}, settings).add(table, check.id() + ".", "");
    for (auto& setting : settings) setting.origin = check.place.file;
    return settings;
}

}  // namespace

std::vector<Setting> check_settings(const Config& config, std::string_view check,
                                    std::span<const checks::Override* const> overrides) {
    Table table;
    write_fields(config.checks, table);
    std::vector<Setting> all, chosen;
    for (const auto& own : config.checks.sql_checks)
        if (own.id() == check) chosen = settings_of(own);
    Flattening(config.check_places, all).add(table, "", "");
    for (auto& setting : all)
        for (const auto* one : overrides)
            for (const auto& [key, value] : one->settings)
                if (key == setting.key) {
                    setting.value = value;
                    setting.origin =
                        fmt::format("{}:{} [[override]]", one->place.file, one->place.line);
                }
    std::copy_if(all.begin(), all.end(), std::back_inserter(chosen),
                 [&](const Setting& setting) { return goes_by(check, setting.key); });
    std::copy_if(all.begin(), all.end(), std::back_inserter(chosen),
                 [](const Setting& setting) { return is_of_all(setting.key); });
    return chosen;
}

std::string show(const Config& config) {
    std::string text;
    for (const auto& [name, table] : tables_of(config))
        text += fmt::format("{}# --- {} ---\n\n{}", text.empty() ? "" : "\n", name, render(table));
    return text;
}

std::vector<FileSetting> all_settings(const Config& config) {
    std::vector<FileSetting> all;
    for (const auto& [file, table] : tables_of(config)) {
        const auto places = places_in(config, file);
        std::vector<Setting> settings;
        Flattening(places, settings).add(table, "", "");
        const bool is_main = file == config.file.filename();
        for (auto& setting : settings) {
            auto origin = is_main ? origin_in_environment(setting.key) : std::string{};
            if (origin.empty()) origin = std::move(setting.origin);
            all.push_back(
                {file, std::move(setting.key), std::move(setting.value), std::move(origin)});
        }
    }
    return all;
}

}  // namespace nudged::config
