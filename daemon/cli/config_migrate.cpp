// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/parser.hpp"
#include "daemon/cli/service_commands.hpp"
#include "daemon/cli/source_command.hpp"
#include "daemon/config/migrate.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace nudged::cli {
namespace {

namespace fs = std::filesystem;

/// The files of a configuration, by what renamed_keys() calls them, with where they lie.
std::vector<std::pair<std::string, fs::path>> files_of(const fs::path& main) {
    const auto folder = main.parent_path();
    std::vector<std::pair<std::string, fs::path>> files{{"nudged.toml", main}};
    std::error_code none;
    for (const auto* name : {"teams.toml", "kpis.toml", "criteria.toml", "checks.toml"})
        if (fs::exists(folder / name, none)) files.emplace_back(name, folder / name);
    for (const std::string inner : {"sources.d", "channels.d", "checks.d"})
        for (const auto& entry : fs::directory_iterator(folder / inner, none))
            if (entry.path().extension() == ".toml")
                files.emplace_back(inner + "/" + entry.path().filename().string(), entry.path());
    std::sort(files.begin() + 1, files.end());
    return files;
}

/// Whole or not at all, with the rights that the file had.
void replace(const fs::path& file, const std::string& text) {
    const auto next = file.string() + ".new";
    std::ofstream out(next, std::ios::binary);
    out << text;
    out.close();
    std::error_code error;
    if (out) fs::permissions(next, fs::status(file).permissions(), error);
    if (out && !error) fs::rename(next, file, error);
    if (!out || error)
        give_up(exit_failure, fmt::format("{}: cannot be written; do it as somebody who may (sudo)",
                                          file.string()));
}

void migrate_files(const Context& context, bool dry_run, int& status) {
    std::size_t changes = 0;
    for (const auto& [name, path] : files_of(fs::absolute(context.config_file))) {
        std::ifstream in(path, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>{in}, {}};
        const auto migrated = config::migrate(name, text);
        if (!migrated) {
            fmt::print(stderr, "{}: no TOML; `nudged config check` says where\n", path.string());
            status = exit_config;
            continue;
        }
        for (const auto& change : migrated->changes) fmt::print("{}: {}\n", path.string(), change);
        for (const auto& left : migrated->by_hand) {
            fmt::print(stderr, "{}: by hand: {}\n", path.string(), left);
            status = exit_failure;
        }
        changes += migrated->changes.size();
        if (!migrated->changes.empty() && !dry_run) replace(path, migrated->text);
    }
    fmt::print("{} keys {}\n", changes, dry_run ? "to rename; nothing was written" : "renamed");
}

}  // namespace

void add_config_migrate(Parser group, Context& context) {
    auto dry_run = std::make_shared<bool>(false);
    auto command = group.add_subcommand(
        "migrate", "Rename keys that an earlier release called otherwise; comments stay");
    command.add_flag("--dry-run", *dry_run, "say what would be renamed");
    command.callback([dry_run, &context] { migrate_files(context, *dry_run, context.status); });
}

}  // namespace nudged::cli
