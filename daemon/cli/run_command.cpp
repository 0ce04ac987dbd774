// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/events.hpp"
#include "daemon/alerts/answer_link.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/explain_text.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/runtime/daemon.hpp"
#include "daemon/runtime/log.hpp"
#include "daemon/runtime/notify.hpp"

#include <chrono>
#include <malloc.h>
#include <thread>

namespace nudged::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::minutes longest_wait = 4min;  // the unit's TimeoutStartSec is longer
constexpr std::chrono::seconds between_tries = 5s;

/// As `nudged explain` does, for whoever asks in a channel. What is stored has to do, since they
/// may be many; and whom else it was told to is no rep's business.
std::string explain(const config::Config& config, const warehouse::Finding& finding, Instant now,
                    alerts::MayAnswer asker) {
    // A check of the admin's own may be gone since.
    if (!checks::describe_check(config.checks, finding.check))
        return fmt::format("There is no check {} any more.", finding.check);
    const View view(config, now);
    const Explained explained{.evaluates = false,
                              .tellings = asker == alerts::MayAnswer::everything};
    return explanation(view, config, finding, explained);
}

/// A file that cannot be used now may be used later: the disk is full or read-only, another nudged
/// holds it. A service manager would give up after a few quick restarts, so it is waited for under
/// one; a person at a terminal is told at once.
std::unique_ptr<runtime::Daemon> make_daemon(const std::shared_ptr<const config::Config>& config) {
    const auto give_up =
        std::chrono::steady_clock::now() + (runtime::notify::is_managed() ? longest_wait : 0min);
    for (;;) {
        try {
            return std::make_unique<runtime::Daemon>(config, system_now, explain);
        } catch (const warehouse::FileFailure& failure) {
            const bool may_pass = failure.kind() != FailureKind::corrupt;
            if (!may_pass || std::chrono::steady_clock::now() >= give_up) throw;
            tell(events::warehouse_failing,
                 {{"kind", to_string(failure.kind())}, {"why", failure.what()}});
            runtime::notify::status(failure.what());
        }
        std::this_thread::sleep_for(between_tries);  // signals end the process as ever
    }
}

}  // namespace

void add_run(Parser app, Context& context) {
    app.add_subcommand("run", "Run the daemon until SIGTERM or SIGINT; SIGHUP reloads")
        .callback([&context] {
            auto loaded = config::load(context.config_file);
            for (const auto& problem : loaded.problems.items())
                fmt::print(stderr, "{}\n", problem.str());
            if (!loaded.config) throw Exit{exit_config};
            // An arena a thread keeps what one thread has freed from the others.
            mallopt(M_ARENA_MAX, 2);
            const auto& options = loaded.config->daemon;
            runtime::start_logging(
                {.level = options.log_level, .format = runtime::log_format_of(options.log_format)});
            context.status = make_daemon(loaded.config)->run();
        });
}

}  // namespace nudged::cli
