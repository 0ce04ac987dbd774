// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/json.hpp"
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

struct Options {
    bool dry_run = false;
    bool json = false;
};

void write_file(Json& json, const fs::path& path, const config::Migrated& migrated) {
    json.begin_object().field("file", path.string()).key("renamed").begin_array();
    for (const auto& change : migrated.changes) json.value(change);
    json.end_array().key("by_hand").begin_array();
    for (const auto& left : migrated.by_hand) json.value(left);
    json.end_array().end_object();
}

void print_file(const fs::path& path, const config::Migrated& migrated) {
    for (const auto& change : migrated.changes) fmt::print("{}: {}\n", path.string(), change);
    for (const auto& left : migrated.by_hand)
        fmt::print(stderr, "{}: by hand: {}\n", path.string(), left);
}

void migrate_files(const Context& context, const Options& options, int& status) {
    std::size_t changes = 0;
    Json json;
    json.begin_object().key("files").begin_array();
    for (const auto& [name, path] : files_of(fs::absolute(context.config_file))) {
        std::ifstream in(path, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>{in}, {}};
        const auto migrated = config::migrate(name, text);
        if (!migrated) {
            fmt::print(stderr, "{}: no TOML; `nudged config check` says where\n", path.string());
            status = exit_config;
            continue;
        }
        if (options.json)
            write_file(json, path, *migrated);
        else
            print_file(path, *migrated);
        if (!migrated->by_hand.empty()) status = exit_failure;
        changes += migrated->changes.size();
        if (!migrated->changes.empty() && !options.dry_run) replace(path, migrated->text);
    }
    json.end_array().field("renamed", changes).field("written", !options.dry_run).end_object();
    if (options.json)
        fmt::print("{}\n", json.str());
    else
        fmt::print("{} keys {}\n", changes,
                   options.dry_run ? "to rename; nothing was written" : "renamed");
}

}  // namespace

void add_config_migrate(Parser group, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = group.add_subcommand(
        "migrate", "Rename keys that an earlier release called otherwise; comments stay");
    command.add_flag("--dry-run", options->dry_run, "say what would be renamed");
    command.add_flag("--json", options->json,
                     "an object: files (file, renamed, by_hand), renamed, written");
    command.callback([options, &context] { migrate_files(context, *options, context.status); });
}

}  // namespace nudged::cli
