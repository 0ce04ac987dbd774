// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/http.hpp"
#include "connectors/sources/http/http_source.hpp"
#include "connectors/sources/recording/replay.hpp"
#include "connectors/sources/recording/sanitizer.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/shown_time.hpp"
#include "daemon/cli/source_command.hpp"
#include "daemon/cli/source_rows.hpp"
#include "daemon/runtime/workplace.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

namespace recording = sources::recording;

struct Options {
    std::string name;
    std::string folder;
    std::string stream;
    std::size_t limit = 3;
    bool json = false;
};

/// The source's own manifest, without what only the real CRM needs: no session, no pace, no
/// patience. Requests that named a session's key are recorded without it.
sources::Manifest manifest_for_replay(const sources::SourceOptions& source,
                                      const config::Config& config) {
    auto manifest = sources::read_manifest(source, config.daemon.manifest_dir);
    manifest.auth = {};
    for (auto& request : manifest.requests) {
        request.limiters.clear();
        sources::each_name(request, [&](const std::string& name) {
            if (sources::is_of_session(name))
                manifest.auth.stand_ins[name] = std::string{recording::redacted};
        });
    }
    manifest.retry.tries = 1;
    return manifest;
}

TrialPlan plan_for(const Options& options, const recording::Terms& terms,
                   const std::vector<model::Entity>& known) {
    TrialPlan plan{.only = entities_named(terms.streams, known), .pages = terms.pages};
    if (!options.stream.empty()) {
        plan.only = entities_named({options.stream}, known);
        plan.deletions = false;
    }
    return plan;
}

void print_outcome(const Trial& trial, const recording::Replay& replay) {
    for (const auto& line : replay.missing())
        fmt::print(stderr, "not in the recording: {}\n", line);
    const auto unasked = replay.unasked();
    if (!unasked.empty())
        fmt::print(stderr, "recorded, and not asked for this time: {} exchanges, such as {}\n",
                   unasked.size(), unasked.front());
    if (trial.malformed() > 0) fmt::print(stderr, "{} values did not map\n", trial.malformed());
}

void replay(const Options& options, const config::Config& config, Context& context) {
    const auto& source = source_named(config, options.name);
    if (source.connector != "http")
        give_up(exit_usage, fmt::format("{}: only sources of the connector \"http\" can be "
                                        "replayed, and this one's is \"{}\"",
                                        source.name, source.connector));
    auto recorded = recording::read_recording(options.folder);
    auto manifest = manifest_for_replay(source, config);
    std::vector<model::Entity> known;
    for (const auto& stream : manifest.streams) known.push_back(stream.entity);
    const auto plan = plan_for(options, recorded.terms, known);

    runtime::Workplace place;
    recording::Replay exchanges{std::move(recorded.exchanges), net::origin_of(manifest.base_url)};
    net::Capture capture{exchanges};
    const auto at = recorded.terms.at;
    const auto made = sources::make_http(
        manifest, source, place.source_context(config, capture, [at] { return at; }));
    Trial trial;
    place.run(try_source(*made, plan, capture, trial));
    if (!options.stream.empty()) {
        const auto entity = plan.only.front();
        const RecordView view{entity, options.limit, options.json};
        print_records(pages_of(trial), &manifest, capture, view);
        for (const auto& one : trial.streams)
            if (one.failure) fmt::print(stderr, "{}\n", one.failure->what());
    } else if (options.json) {
        fmt::print("{}\n", trial_json(source.name, trial));
    } else {
        fmt::print("{}, as recorded {}\n", source.name, shown_time(at));
        print_trial(trial);
    }
    if (!options.json) print_outcome(trial, exchanges);
    if (trial.failures() > 0 || trial.malformed() > 0) context.status = exit_failure;
}

}  // namespace

void add_source_replay(Parser group, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = group.add_subcommand(
        "replay", "Run the source's manifest over a recording: no network, no credentials. Exits "
                  "1 when something does not map, or was not recorded");
    command.add_option("NAME", options->name, "the source").required();
    command.add_option("DIR", options->folder, "what `source record` has written").required();
    command.add_option("--stream", options->stream, "show this one's records, like preview");
    command.add_option("--limit", options->limit, "so many of them").show_default();
    command.add_flag("--json", options->json, "for programs");
    command.callback([options, &context] { replay(*options, *context.load(), context); });
}

}  // namespace nudged::cli
