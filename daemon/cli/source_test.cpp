// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "connectors/sources/http/http_source.hpp"
#include "connectors/sources/recording/sanitizer.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/source_command.hpp"
#include "daemon/cli/source_trial.hpp"
#include "daemon/cli/unread_pages.hpp"
#include "daemon/runtime/workplace.hpp"

#include <algorithm>
#include <cstdio>

namespace nudged::cli {
namespace {

/// What the CRM said where a stream failed, without credentials. It may tell of people: for whoever
/// sits at the terminal, and for no log or file.
void add_answers(Trial& trial, const net::Capture& capture, const sources::SourceOptions& source,
                 const config::Config& config) {
    constexpr std::size_t longest = 400;
    const auto* http = std::get_if<sources::HttpSourceOptions>(&source.connector_options);
    if (!http) return;
    const auto manifest = sources::read_manifest(source, config.daemon.manifest_dir);
    std::vector<std::string> secrets;
    for (const auto& [name, secret] : http->credentials) secrets.emplace_back(secret.reveal());
    sources::recording::Sanitizer sanitizer{manifest, std::move(secrets), "salt"};
    for (auto& one : trial.streams) {
        if (!one.failed_by) continue;
        const auto kept = sanitizer.strip(capture.exchanged().at(*one.failed_by));
        one.answer =
            shorten(clean_line(std::string_view{kept.body}.substr(0, 2 * longest)), longest);
    }
}

/// Who sits at the terminal tries again sooner than a daemon that nobody waits for.
std::unique_ptr<sources::Source> make_impatient(const sources::SourceOptions& source,
                                                const sources::SourceContext& context) {
    constexpr int tries = 2;
    if (source.connector != "http") return runtime::make_source(source, context);
    auto manifest = sources::read_manifest(source, context.manifest_folder);
    manifest.retry.tries = std::min(manifest.retry.tries, tries);
    return sources::make_http(std::move(manifest), source, context);
}

}  // namespace

void add_source_test(Parser group, Context& context) {
    struct Options {
        std::string name;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto test = group.add_subcommand(
        "test", "Fetch a page of every stream and show what was mapped; stores nothing");
    test.add_option("NAME", options->name, "the source").required();
    test.add_flag("--json", options->json, "for programs");
    test.callback([options, &context] {
        const auto config = context.load(config::Secrets::required);
        const auto& source = source_named(*config, options->name);
        runtime::Workplace place;
        net::Capture capture{place.http()};
        const auto made =
            make_impatient(source, place.source_context(*config, capture, system_now));
        Trial trial;
        if (!options->json) fmt::print("{} ({})\n", source.name, source.connector);
        place.run(try_source(*made, {}, capture, trial));
        add_answers(trial, capture, source, *config);
        if (source.connector == "http")
            note_unread_pages(trial, capture,
                              sources::read_manifest(source, config->daemon.manifest_dir));
        if (options->json)
            fmt::print("{}\n", trial_json(source.name, trial));
        else
            print_trial(trial);
        if (trial.failures() > 0) context.status = exit_failure;
    });
}

}  // namespace nudged::cli
