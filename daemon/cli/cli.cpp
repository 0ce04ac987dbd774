// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/cli.hpp"

#include "connectors/base/failure.hpp"
#include "daemon/cli/mistake.hpp"
#include "daemon/cli/service_commands.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace nudged::cli {
namespace {

constexpr const char* about = "nudged watches CRMs, checks next steps and KPI trends, and tells "
                              "sales managers what is worth a "
                              "conversation.";

void add_commands(Parser app, Context& context) {
    add_setup(app, context);
    add_run(app, context);
    add_reload(app, context);
    add_status(app, context);
    add_doctor(app, context);
    add_readiness(app, context);
    add_config(app, context);
    add_source(app, context);
    add_channel(app, context);
    add_sync(app, context);
    add_evaluate(app, context);
    add_checks(app, context);
    add_explain(app, context);
    add_finding(app, context);
    add_route(app, context);
    add_go_live(app, context);
    add_backtest(app, context);
    add_test(app, context);
    add_funnel(app, context);
    add_velocity(app, context);
    add_scorecard(app, context);
    add_deal(app, context);
    add_digest(app, context);
    add_brief(app, context);
    add_card(app, context);
    add_scrum(app, context);
    add_outbox(app, context);
    add_deliver(app, context);
    add_warehouse(app, context);
    add_person(app, context);
    add_privacy(app, context);
    add_audit(app, context);
    add_note(app, context);
    add_plan(app, context);
    add_escalation(app, context);
    add_cadence(app, context);
    add_away(app, context);
    add_commit(app, context);
    add_generate(app, context);
}

ExitStatus status_of(FailureKind kind) {
    switch (kind) {
    case FailureKind::needs_person: return exit_unavailable;
    case FailureKind::corrupt: return exit_damaged;
    default: return exit_failure;
    }
}

/// Help, or what is wrong with the command line.
int tell(const CLI::App& app, const CLI::ParseError& error) {
    const auto mistake = error.get_exit_code() == 0 ? std::string{} : explain_mistake(app);
    if (mistake.empty()) return app.exit(error) == 0 ? exit_ok : exit_usage;
    fmt::print(stderr, "{}\nRun it with --help for more information.\n", mistake);
    return exit_usage;
}

}  // namespace

int run(int argc, char** argv) {
    CLI::App app{about, "nudged"};
    Context context;
    app.set_version_flag("--version", "nudged " NUDGED_VERSION);
    app.fallthrough();
    app.require_subcommand(1);
    app.add_option("-c,--config", context.config_file,
                   "nudged.toml; the other files are found beside it")
        ->capture_default_str();
    add_commands(Parser(app), context);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return tell(app, error);
    } catch (const Exit& early) {
        return early.status;
    } catch (const Failure& failure) {
        fmt::print(stderr, "nudged: {}\n", failure.what());
        return status_of(failure.kind());
    } catch (const std::exception& error) {
        fmt::print(stderr, "nudged: {}\n", error.what());
        return exit_failure;
    }
    return context.status;
}

}  // namespace nudged::cli
