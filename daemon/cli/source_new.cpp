// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/new_file.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/source_command.hpp"
#include "daemon/cli/source_skeleton.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace nudged::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string name;
    std::string manifest;
    bool blank = false;
    std::string folder;
};

void check_name(const std::string& name) {
    const auto fits = [](char c) {
        return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '_' || c == '-';
    };
    if (!name.empty() && std::ranges::all_of(name, fits)) return;
    give_up(exit_usage, fmt::format("\"{}\" is no name for a source; use lower-case letters, "
                                    "digits, _ and -",
                                    name));
}

void make_source_files(const Options& options, const Context& context) {
    check_name(options.name);
    if (options.blank == !options.manifest.empty())
        give_up(exit_usage,
                "say which: --manifest NAME for a CRM that nudged knows, or --blank for "
                "another");
    const auto folder = fs::absolute(context.config_file).parent_path();
    const auto target =
        options.folder.empty() ? folder / "sources.d" : fs::absolute(options.folder);
    const auto file = target / (options.name + ".toml");
    const auto own_manifest = target / "manifests" / (options.name + ".toml");
    check_is_new(file);
    const auto secrets = folder.string();
    if (options.blank) {
        check_is_new(own_manifest);
        write_new(own_manifest, blank_manifest(options.name));
        write_new(file, source_skeleton(options.name, "./manifests/" + options.name + ".toml",
                                        blank_manifest(options.name), secrets));
        fmt::print("next: fill in what {} marks with FILL IN,\n", own_manifest.string());
    } else {
        const auto shipped = config::find_paths(context.config_file).manifest_dir;
        const auto text = read_shipped(options.manifest, shipped);
        write_new(file, source_skeleton(options.name, options.manifest, text, secrets));
        fmt::print(
            "next: put the credentials where {} says, and fill in what it marks with FILL IN,\n",
            file.string());
    }
    fmt::print("then  nudged config check && nudged source test {}\n", options.name);
}

}  // namespace

void add_source_new(Parser group, Context& context) {
    auto options = std::make_shared<Options>();
    auto command =
        group.add_subcommand("new", "Write a commented file for a new source; overwrites nothing");
    command.add_option("NAME", options->name, "what the source will be called").required();
    command.add_option("--manifest", options->manifest, "a manifest that ships");
    command.add_flag("--blank", options->blank,
                     "for a CRM without one: a manifest to fill in, too");
    command.add_option("--dir", options->folder, "default: sources.d beside nudged.toml");
    command.callback([options, &context] { make_source_files(*options, context); });
}

}  // namespace nudged::cli
