// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/channel_fields.hpp"
#include "daemon/config/check_fields.hpp"
#include "daemon/config/config.hpp"
#include "daemon/config/daemon_fields.hpp"
#include "daemon/config/source_fields.hpp"
#include "daemon/config/team_fields.hpp"

namespace nudged::config {
namespace {

template <typename... Ts>
void show_file(std::string_view name, std::string& text, const Ts&... structs) {
    Table table;
    (write_fields(structs, table), ...);
    text += fmt::format("{}# --- {} ---\n\n{}", text.empty() ? "" : "\n", name, render(table));
}

/// The table that stands under a dotted name; null when there is none.
const Table* find_table(const Table& table, std::string_view dotted) {
    const auto dot = dotted.find('.');
    for (const auto& [key, value] : table.entries) {
        if (key != dotted.substr(0, dot) || value.form != Value::Form::table) continue;
        const auto& inner = value.tables.front();
        return dot == dotted.npos ? &inner : find_table(inner, dotted.substr(dot + 1));
    }
    return nullptr;
}

}  // namespace

std::string show_check(const Config& config, std::string_view check) {
    Table table;
    write_fields(config.checks, table);
    const auto* settings = find_table(table, check);
    return settings ? render(*settings) : "";
}

std::string show(const Config& config) {
    std::string text;
    show_file(config.file.filename().string(), text, config.daemon, config.alerts, config);
    for (const auto& source : config.sources)
        show_file(source.place.file, text, SourceFile{source});
    for (const auto& channel : config.channels)
        show_file(channel.place.file, text, ChannelFile{channel});
    show_file("teams.toml", text, config.roster);
    show_file("kpis.toml", text, KpiFile{config.checks.kpis, config.checks.quotas});
    show_file("criteria.toml", text, CriteriaFile{config.checks.criteria});
    show_file("checks.toml", text, config.checks);
    return text;
}

}  // namespace nudged::config
