// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/http_source.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/source_command.hpp"
#include "daemon/cli/source_rows.hpp"
#include "daemon/runtime/workplace.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

struct Options {
    std::string name;
    std::string stream;
    std::string id;
    std::size_t limit = 3;
    bool json = false;
};

runtime::asio::awaitable<void> fetch_one(sources::Source& source, model::Entity entity,
                                         std::vector<std::string> ids, model::Page& page) {
    page = co_await source.fetch_records(entity, std::move(ids));
}

/// Enough pages for as many records as are to be shown.
TrialPlan plan_for(const Options& options, model::Entity entity) {
    constexpr std::size_t at_least_on_a_page = 20;
    return {.only = {entity},
            .pages = 1 + static_cast<int>(options.limit / at_least_on_a_page),
            .deletions = false};
}

void print_failures(const Trial& trial) {
    for (const auto& one : trial.streams)
        if (one.failure)
            fmt::print(stderr, "{}/{}: {}: {}\n", to_string(one.stream.entity),
                       to_string(one.stream.lane), to_string(one.failure->kind()),
                       one.failure->what());
}

void preview(const Options& options, const config::Config& config, Context& context) {
    const auto& source = source_named(config, options.name);
    std::optional<sources::Manifest> manifest;
    if (source.connector == "http")
        manifest = sources::read_manifest(source, config.daemon.manifest_dir);
    std::vector<model::Entity> known;
    if (manifest)
        for (const auto& stream : manifest->streams) known.push_back(stream.entity);
    else
        known.assign(model::all_entities().begin(), model::all_entities().end());
    const auto entity = entities_named({options.stream}, known).front();
    runtime::Workplace place;
    net::Capture capture{place.http()};
    const auto made =
        runtime::make_source(source, place.source_context(config, capture, system_now));
    Trial trial;
    model::Page one;
    if (options.id.empty())
        place.run(try_source(*made, plan_for(options, entity), capture, trial));
    else
        place.run(fetch_one(*made, entity, {options.id}, one));
    print_failures(trial);
    auto pages = pages_of(trial);
    if (!options.id.empty()) pages.push_back(&one);
    const RecordView view{entity, options.limit, options.json};
    const auto count = print_records(pages, manifest ? &*manifest : nullptr, capture, view);
    if (count == 0 && trial.failures() == 0)
        fmt::print(stderr, "the CRM answered, and told no {}\n", options.stream);
    if (trial.failures() > 0 || count == 0) context.status = exit_failure;
}

}  // namespace

void add_source_preview(Parser group, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = group.add_subcommand(
        "preview",
        "Show records beside the rows of the CRM that they are made from; stores nothing");
    command.add_option("NAME", options->name, "the source").required();
    command.add_option("STREAM", options->stream, "such as call").required();
    command.add_option("--limit", options->limit, "so many records").show_default();
    command.add_option("--id", options->id, "this one alone, by its id in the CRM");
    command.add_flag("--json", options->json, "for programs");
    command.callback([options, &context] {
        preview(*options, *context.load(config::Secrets::required), context);
    });
}

}  // namespace nudged::cli
