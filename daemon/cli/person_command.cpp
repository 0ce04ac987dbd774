// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/care_client.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/warehouse/forget.hpp"
#include "daemon/warehouse/person_export.hpp"
#include "daemon/warehouse/persons.hpp"
#include "daemon/warehouse/restore.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

constexpr std::chrono::minutes longest_read{10};

struct Options {
    std::string address;
    bool json = false;
    bool dry_run = false;
};

void require_address(const std::string& address) {
    if (!warehouse::joining_address(address).empty()) return;
    fmt::print(stderr, "\"{}\" is no e-mail address\n", address);
    throw Exit{exit_usage};
}

int show_forgetting(const config::Config& config, const Options& options) {
    const auto path = config.warehouse_path().string();
    warehouse::Forgetting forgetting(
        warehouse::find_traces(warehouse::Reader(path).database(), options.address),
        warehouse::Forgetting::Mode::only_count);
    for (bool more = true; more;) {
        // A connection for each step, so that no snapshot lives long.
        warehouse::Database step(path, warehouse::Database::Mode::read_only);
        step.stop_at(std::chrono::steady_clock::now() + warehouse::Reader::longest);
        for (int steps = 0; more && steps < 100; ++steps) more = forgetting.step(step);
    }
    runtime::CareReport report;
    report.removed = forgetting.removed();
    report.changed = forgetting.changed();
    report.sentences.emplace_back(report.removed.empty() && report.changed.empty()
                                      ? "Nothing is known of them."
                                      : "This would be forgotten.");
    for (const auto& backup : warehouse::backups_with(config.backup.folder, options.address)) {
        report.facts["backups"] += (report.facts["backups"].empty() ? "" : "\n") + backup;
        report.sentences.push_back("They would still be in the backup " + backup + ".");
    }
    const auto copies = warehouse::replaced_files(path);
    for (const auto& copy : copies)
        report.sentences.push_back("They may still be in " + copy + ", which only you can remove.");
    if (!copies.empty()) report.facts["copies"] = fmt::format("{}", fmt::join(copies, "\n"));
    print_report(report, options.json, {.removed = "would go", .changed = "would change"});
    return exit_ok;
}

int forget(const config::Config& config, const Options& options) {
    require_address(options.address);
    if (options.dry_run) return show_forgetting(config, options);
    const runtime::ControlRequest request{.command = "forget",
                                          .arguments = {{"address", options.address}}};
    return take_care(config, request, options.json);
}

/// All of it is read before any is printed: whoever looks at it may take their time, and meanwhile
/// a snapshot would hold the write-ahead log.
int export_everything(const config::Config& config, const Options& options) {
    require_address(options.address);
    std::string text;
    bool is_known = false;
    {
        const warehouse::Reader reader(config.warehouse_path().string(), longest_read);
        const auto traces = warehouse::find_traces(reader.database(), options.address);
        is_known = !traces.empty();
        warehouse::export_person(reader, traces, [&](std::string_view piece) { text += piece; });
    }
    fmt::print("{}", text);
    if (is_known) return exit_ok;
    fmt::print(stderr, "nobody is known by {}; what mentions it is all there is\n",
               options.address);
    return exit_failure;
}

}  // namespace

void add_person(Parser app, Context& context) {
    auto group = app.add_subcommand("person", "What is stored about one human, rep or contact");
    group.require_subcommand();
    auto options = std::make_shared<Options>();
    auto forgotten = group.add_subcommand(
        "forget", "Remove all of it, and never store it again; the CRMs are not touched");
    forgotten.add_option("E-MAIL", options->address, "any of their addresses").required();
    forgotten.add_flag("--dry-run", options->dry_run, "only tell what would go");
    forgotten.add_flag("--json", options->json, "an object");
    forgotten.callback([options, &context] { context.status = forget(*context.load(), *options); });
    auto exported = group.add_subcommand("export", "All of it, as a JSON object");
    exported.add_option("E-MAIL", options->address, "any of their addresses").required();
    exported.callback(
        [options, &context] { context.status = export_everything(*context.load(), *options); });
}

}  // namespace nudged::cli
