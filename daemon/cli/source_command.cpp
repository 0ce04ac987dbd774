// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/runtime/workplace.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace nudged::cli {
namespace {

void list_sources(const config::Config& config) {
    Table table({Table::Align::left, Table::Align::left, Table::Align::right, Table::Align::left});
    table.row({"source", "connector", "poll", "file"});
    for (const auto& source : config.sources)
        table.row({source.name, source.connector, fmt::format("{} s", source.poll.count()),
                   source.place.file});
    fmt::print("{}", table.str());
}

const sources::SourceOptions& source_named(const config::Config& config, const std::string& name) {
    for (const auto& source : config.sources)
        if (source.name == name) return source;
    fmt::print(stderr, "no source is called \"{}\"; `nudged source list` shows them\n", name);
    throw Exit{exit_usage};
}

/// Fields that at least one record of the page fills, and those that none does.
void print_mapping(const model::Page& page) {
    for (const auto entity : model::all_entities()) {
        std::size_t count = 0;
        std::vector<std::string> filled, empty;
        const auto fields = model::fields_of(entity);
        for (const auto& record : page.records) count += record.entity == entity ? 1 : 0;
        if (count == 0) continue;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const bool any =
                std::any_of(page.records.begin(), page.records.end(), [&](const auto& r) {
                    return r.entity == entity && r.values[i].index() != 0;
                });
            (any ? filled : empty).emplace_back(fields[i].name);
        }
        fmt::print("    {} {}: {}\n", count, to_string(entity), fmt::join(filled, ", "));
        if (!empty.empty()) fmt::print("      null everywhere: {}\n", fmt::join(empty, ", "));
    }
    for (const auto& bad : page.malformed)
        fmt::print("      malformed: {}: {}\n", bad.where, bad.what);
}

/// One page of each stream; touches no warehouse.
runtime::asio::awaitable<void> try_streams(sources::Source& source, int& failed) {
    for (const auto& stream : source.streams()) {
        fmt::print("  {}/{}\n", to_string(stream.entity), to_string(stream.lane));
        try {
            model::Cursor beginning;
            const auto page = co_await source.fetch_page(stream, std::move(beginning));
            fmt::print("    {} records on the first page{}\n", page.records.size(),
                       page.more ? ", and more to come" : "");
            print_mapping(page);
        } catch (const Failure& failure) {
            ++failed;
            fmt::print("    {}: {}\n", to_string(failure.kind()), failure.what());
        }
    }
}

}  // namespace

void add_source(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("source", "List and try the configured sources");
    group->require_subcommand(1);
    group->add_subcommand("list", "The configured sources")->callback([&context] {
        list_sources(*context.load());
    });
    auto name = std::make_shared<std::string>();
    auto* test = group->add_subcommand(
        "test", "Fetch one page of every stream and show what was mapped; stores nothing");
    test->add_option("NAME", *name, "the source")->required();
    test->callback([name, &context] {
        const auto config = context.load(config::Secrets::required);
        const auto& options = source_named(*config, *name);
        runtime::Workplace place;
        const auto source = runtime::make_source(options, place.source_context(*config));
        int failed = 0;
        fmt::print("{} ({})\n", options.name, options.connector);
        place.run(try_streams(*source, failed));
        if (failed > 0) context.status = exit_failure;
    });
    add_source_login(*group, context);
}

}  // namespace nudged::cli
