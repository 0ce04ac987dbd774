// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/event_manual.hpp"
#include "daemon/cli/command_tree.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/service_commands.hpp"
#include "daemon/config/shape.hpp"

#include <cstdio>
#include <functional>
#include <map>

namespace nudged::cli {

/// What the package installs and docs/ publishes is made from the definitions by this command,
/// which is for builds and tests, and is not shown.
void add_generate(Parser app, Context&) {
    using Render = std::function<std::string()>;
    auto what = std::make_shared<std::string>();
    auto command = app.add_subcommand("generate", "Print a document that is made of definitions");
    command.hide();
    command.add_option("WHAT", *what, "which").required();
    command.callback([what, app] {
        const auto program = command_tree(app.app());
        std::map<std::string, Render> documents{
            {"events.md", render_event_manual},
            {"nudged.1", [&] { return render_manual(program); }},
            {"nudged.8", [&] { return render_service_manual(program); }},
            {"nudged.toml.5", config::render_config_manual},
            {"nudged.bash", [&] { return render_bash_completion(program); }},
            {"_nudged", [&] { return render_zsh_completion(program); }},
            {"nudged.fish", [&] { return render_fish_completion(program); }},
        };
        for (const auto& file : config::file_shapes())
            documents.emplace(fmt::format("{}.schema.json", file.name),
                              [file] { return config::render_schema(file); });
        const auto found = documents.find(*what);
        if (found != documents.end()) {
            fmt::print("{}", found->second());
            return;
        }
        for (const auto& [name, render] : documents) fmt::print(stderr, "{}\n", name);
        throw Exit{exit_usage};
    });
}

}  // namespace nudged::cli
