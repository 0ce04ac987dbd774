// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/config/config.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace nudged::cli {

/// Exit statuses; those of sysexits(3) where they fit.
enum ExitStatus {
    exit_ok = 0,
    exit_failure = 1,   // the work was tried and failed, or found something that a person must see
    exit_usage = 64,    // the command line
    exit_damaged = 65,  // the warehouse's file; starting again does not help
    exit_unavailable = 69,  // no daemon, no warehouse
    exit_config = 78,       // the configuration
};

/// Ends a command early; its text has been printed already.
struct Exit {
    int status;
};

/// What every command has: the global options, and what is read by them.
class Context {
public:
    std::string config_file = "/etc/nudged/nudged.toml";
    std::vector<std::string> overrides;  // KEY=VALUE over checks.toml
    int status = exit_ok;

    /// The configuration, without its secrets unless they are asked for; errors are printed to
    /// standard error and end the command with 78.
    std::shared_ptr<const config::Config> load(
        config::Secrets secrets = config::Secrets::unread) const;
    /// The same, secrets tried, with warnings printed as well.
    std::shared_ptr<const config::Config> check() const;
};

/// "--as-of": an instant, or a day, which means its end in the first team's zone. Ends the command
/// for anything else.
Instant as_of_option(const std::string& text, const config::Config& config);

/// The warehouse as the checks see it, with all that belongs to it kept alive.
class View {
public:
    /// `asker` is the address of a rep who asks for their own figures; empty: nobody does.
    View(const config::Config& config, Instant as_of, const std::string& asker = {});
    checks::Scene scene() const;
    const warehouse::Reader& reader() const { return reader_; }
    const warehouse::People& people() const { return people_; }

private:
    const config::Config& config_;
    Instant as_of_;
    warehouse::Reader reader_;
    warehouse::People people_;
};

// One function a command, in the file of its name.
void add_checks(CLI::App& app, Context& context);
void add_commit(CLI::App& app, Context& context);
void add_config(CLI::App& app, Context& context);
void add_deal(CLI::App& app, Context& context);
void add_digest(CLI::App& app, Context& context);
void add_evaluate(CLI::App& app, Context& context);
void add_explain(CLI::App& app, Context& context);
void add_finding(CLI::App& app, Context& context);
void add_go_live(CLI::App& app, Context& context);
void add_route(CLI::App& app, Context& context);
void add_backtest(CLI::App& app, Context& context);
void add_test(CLI::App& app, Context& context);
void add_funnel(CLI::App& app, Context& context);
void add_velocity(CLI::App& app, Context& context);
void add_outbox(CLI::App& app, Context& context);
void add_person(CLI::App& app, Context& context);
void add_reload(CLI::App& app, Context& context);
void add_rollups(CLI::App& group, Context& context);  // warehouse verify, rebuild
void add_run(CLI::App& app, Context& context);
void add_scorecard(CLI::App& app, Context& context);
void add_source(CLI::App& app, Context& context);
void add_source_login(CLI::App& group, Context& context);  // source login
void add_status(CLI::App& app, Context& context);
void add_sync(CLI::App& app, Context& context);
void add_warehouse(CLI::App& app, Context& context);
void add_away(CLI::App& app, Context& context);
void add_brief(CLI::App& app, Context& context);
void add_card(CLI::App& app, Context& context);
void add_scrum(CLI::App& app, Context& context);
void add_cadence(CLI::App& app, Context& context);
void add_escalation(CLI::App& app, Context& context);
void add_note(CLI::App& app, Context& context);
void add_plan(CLI::App& app, Context& context);

}  // namespace nudged::cli
