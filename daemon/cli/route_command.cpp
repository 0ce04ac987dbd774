// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "daemon/alerts/life.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/finding_text.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/runtime/ways.hpp"

#include <cstdio>
#include <set>

namespace nudged::cli {
namespace {

struct Options {
    std::string finding;
    std::string as_of;
    bool dry_run = false;
    bool json = false;
};

std::string_view to_string(alerts::Stop::State state) {
    switch (state) {
    case alerts::Stop::State::told: return "told";
    case alerts::Stop::State::due: return "due";
    case alerts::Stop::State::waits: return "waits";
    case alerts::Stop::State::stopped: return "stopped";
    }
    return "";
}

/// A finding and its way; or why it has none, although it is open.
struct Shown {
    alerts::Routed routed;
    std::string muted;
};

std::string why_muted(const warehouse::StoredFinding& stored,
                      const checks::Evaluation& evaluation) {
    for (const auto& hold : evaluation.held)
        if (alerts::is_held(stored.finding, {&hold, 1}))
            return fmt::format("not judged at present: {}", hold.reason);
    for (const auto& other : evaluation.findings)
        if (other.check == "rep.stale_layer" && other.owner == stored.finding.owner &&
            stored.finding.check.starts_with("opp."))
            return "rep.stale_layer stands for it";
    return "the checks do not find it any more; the next evaluation resolves it, or a rule's hold "
           "keeps it";
}

std::vector<Shown> find_ways(const config::Config& config, const View& view) {
    const auto scene = view.scene();
    const auto evaluation = checks::evaluate(scene);
    const auto& database = view.reader().database();
    const auto shadow = warehouse::read_shadow_book(database);
    const auto tellings = warehouse::read_live_tellings(database);
    std::vector<Shown> shown;
    std::set<std::string> found;
    for (auto& routed :
         runtime::route_findings(config, scene, evaluation.findings, shadow, tellings)) {
        found.insert(routed.stored.fingerprint);
        shown.push_back({std::move(routed), ""});
    }
    for (auto& stored : warehouse::read_live_findings(view.reader())) {
        if (found.contains(stored.fingerprint)) continue;
        auto why = why_muted(stored, evaluation);
        shown.push_back({{std::move(stored), {}}, std::move(why)});
    }
    return shown;
}

std::string channel_of(const alerts::Stop& stop) {
    return stop.channel.empty() ? "" : "by " + stop.channel;
}

void print_one(const View& view, const Shown& shown) {
    const auto& stored = shown.routed.stored;
    const auto& finding = stored.finding;
    const auto involved = read_involved(view.reader(), view.people(), finding);
    const auto team = finding.team.empty() ? "" : ", " + for_terminal(finding.team, 40);
    fmt::print("{} {}\n  {}{}: {}\n", finding_id(finding), finding.check,
               for_terminal(involved.owner.name, 40), team,
               for_terminal(fmt::format("{}: {}", finding.subject.name, finding.summary), 120));
    if (!shown.muted.empty()) fmt::print("  muted: {}\n", for_terminal(shown.muted, 200));
    if (shown.muted.empty() && shown.routed.way.empty())
        fmt::print("  goes to nobody: its owner is in no team of teams.toml\n");
    Table table(std::vector<Table::Align>(5, Table::Align::left));
    for (const auto& stop : shown.routed.way)
        table.row({"  " + stop.line, for_terminal(stop.recipient, 40), channel_of(stop),
                   std::string{to_string(stop.state)}, for_terminal(stop.why, 200)});
    fmt::print("{}", table.str());
}

void print_all(const std::vector<Shown>& all) {
    Table table(std::vector<Table::Align>(5, Table::Align::left));
    table.row({"id", "check", "about", "to", "state"});
    for (const auto& shown : all) {
        const auto& finding = shown.routed.stored.finding;
        const auto about = for_terminal(finding.subject.name, 30);
        if (!shown.muted.empty())
            table.row({finding_id(finding), finding.check, about, "nobody",
                       "muted: " + for_terminal(shown.muted, 80)});
        for (const auto& stop : shown.routed.way)
            table.row(
                {finding_id(finding), finding.check, about,
                 for_terminal(fmt::format("{} {} {}", stop.line, stop.recipient, channel_of(stop)),
                              60),
                 fmt::format("{}: {}", to_string(stop.state), for_terminal(stop.why, 80))});
    }
    fmt::print("{}{} findings.\n", table.str(), all.size());
}

void print_json(const std::vector<Shown>& all) {
    Json json;
    json.begin_array();
    for (const auto& shown : all) {
        const auto& finding = shown.routed.stored.finding;
        json.begin_object().field("id", finding_id(finding)).field("check", finding.check);
        json.field("team", finding.team).field("subject", finding.subject.name);
        json.field("muted", shown.muted).key("way").begin_array();
        for (const auto& stop : shown.routed.way)
            json.begin_object()
                .field("line", stop.line)
                .field("recipient", stop.recipient)
                .field("channel", stop.channel)
                .field("state", to_string(stop.state))
                .field("why", stop.why)
                .end_object();
        json.end_array().end_object();
    }
    json.end_array();
    fmt::print("{}\n", json.str());
}

void run(const config::Config& config, const Options& options) {
    const auto as_of = as_of_option(options.as_of, config);
    const View view(config, as_of);
    auto all = find_ways(config, view);
    if (!options.finding.empty())
        std::erase_if(all, [&](const Shown& one) {
            return !one.routed.stored.fingerprint.starts_with(options.finding);
        });
    if (!options.finding.empty() && all.empty()) {
        fmt::print(stderr, "no finding {} is open; `nudged finding list` shows those that are\n",
                   options.finding);
        throw Exit{exit_failure};
    }
    if (options.json) return print_json(all);
    if (options.dry_run) return print_all(all);
    for (const auto& shown : all) print_one(view, shown);
}

}  // namespace

void add_route(Parser app, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = app.add_subcommand(
        "route", "Whom a finding goes to, how far it has come, and why; sends and changes nothing");
    auto one = command.add_option("--finding", options->finding, "its id, or the beginning of it");
    command.add_flag("--dry-run", options->dry_run, "all that are found now").excludes(one);
    command.add_option("--as-of", options->as_of, "the instant, or the day, that counts as now");
    command.add_flag("--json", options->json, "an array of objects");
    command.callback([options, &context] {
        if (options->finding.empty() && !options->dry_run) {
            fmt::print(stderr, "say --finding ID, or --dry-run for all\n");
            throw Exit{exit_usage};
        }
        run(*context.load(), *options);
    });
}

}  // namespace nudged::cli
