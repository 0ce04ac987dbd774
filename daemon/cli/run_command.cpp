// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/events.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/runtime/daemon.hpp"
#include "daemon/runtime/log.hpp"

#include <CLI/CLI.hpp>

namespace nudged::cli {

void add_run(CLI::App& app, Context& context) {
    app.add_subcommand("run", "Run the daemon until SIGTERM or SIGINT; SIGHUP reloads")
        ->callback([&context] {
            auto loaded = config::load(context.config_file);
            for (const auto& problem : loaded.problems.items())
                fmt::print(stderr, "{}\n", problem.str());
            if (!loaded.config) throw Exit{exit_config};
            const auto& options = loaded.config->daemon;
            runtime::start_logging(
                {.level = options.log_level, .format = runtime::log_format_of(options.log_format)});
            runtime::Daemon daemon(loaded.config);
            context.status = daemon.run();
        });
}

}  // namespace nudged::cli
