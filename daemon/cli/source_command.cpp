// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/source_command.hpp"

#include "connectors/base/text.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/table.hpp"

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

void list_json(const config::Config& config) {
    Json json;
    json.begin_array();
    for (const auto& source : config.sources)
        json.begin_object()
            .field("source", source.name)
            .field("connector", source.connector)
            .field("poll_s", static_cast<std::int64_t>(source.poll.count()))
            .field("file", source.place.file)
            .end_object();
    json.end_array();
    fmt::print("{}\n", json.str());
}

}  // namespace

void give_up(int status, const std::string& what) {
    fmt::print(stderr, "{}\n", what);
    throw Exit{status};
}

const sources::SourceOptions& source_named(const config::Config& config, const std::string& name) {
    std::vector<std::string> names;
    for (const auto& source : config.sources) {
        if (source.name == name) return source;
        names.push_back(source.name);
    }
    const auto near = nearest(name, names);
    give_up(exit_usage, fmt::format("no source is called \"{}\"; {}", name,
                                    near.empty() ? "`nudged source list` shows them"
                                                 : fmt::format("did you mean \"{}\"?", near)));
}

void add_source(Parser app, Context& context) {
    auto group = app.add_subcommand("source", "Set up, try, record and list sources");
    group.require_subcommand();
    auto json = std::make_shared<bool>(false);
    auto list = group.add_subcommand("list", "The configured sources");
    list.add_flag("--json", *json, "an array of objects: source, connector, poll_s, file");
    list.callback([json, &context] {
        const auto config = context.load();
        *json ? list_json(*config) : list_sources(*config);
    });
    add_source_new(group, context);
    add_source_test(group, context);
    add_source_preview(group, context);
    add_source_record(group, context);
    add_source_replay(group, context);
    add_source_login(group, context);
}

}  // namespace nudged::cli
