// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/config/config.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

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
void add_checks(Parser app, Context& context);
void add_commit(Parser app, Context& context);
void add_config(Parser app, Context& context);
void add_deal(Parser app, Context& context);
void add_digest(Parser app, Context& context);
void add_evaluate(Parser app, Context& context);
void add_explain(Parser app, Context& context);
void add_finding(Parser app, Context& context);
void add_go_live(Parser app, Context& context);
void add_route(Parser app, Context& context);
void add_backtest(Parser app, Context& context);
void add_test(Parser app, Context& context);
void add_funnel(Parser app, Context& context);
void add_velocity(Parser app, Context& context);
void add_outbox(Parser app, Context& context);
void add_person(Parser app, Context& context);
void add_reload(Parser app, Context& context);
void add_rollups(Parser group, Context& context);  // warehouse verify, rebuild
void add_run(Parser app, Context& context);
void add_scorecard(Parser app, Context& context);
void add_source(Parser app, Context& context);
void add_source_login(Parser group, Context& context);  // source login
void add_status(Parser app, Context& context);
void add_sync(Parser app, Context& context);
void add_warehouse(Parser app, Context& context);
void add_audit(Parser app, Context& context);
void add_away(Parser app, Context& context);
void add_brief(Parser app, Context& context);
void add_card(Parser app, Context& context);
void add_scrum(Parser app, Context& context);
void add_cadence(Parser app, Context& context);
void add_escalation(Parser app, Context& context);
void add_note(Parser app, Context& context);
void add_plan(Parser app, Context& context);

}  // namespace nudged::cli
