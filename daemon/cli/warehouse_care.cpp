// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/warehouse_care.hpp"
#include "daemon/cli/care_client.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/shown_time.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/backup.hpp"
#include "daemon/warehouse/file_lock.hpp"
#include "daemon/warehouse/forget.hpp"
#include "daemon/warehouse/restore.hpp"
#include "daemon/warehouse/retention.hpp"
#include "daemon/warehouse/scrub.hpp"

#include <cstdio>
#include <filesystem>

namespace nudged::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string file;
    bool json = false;
    bool dry_run = false;
};

/// Without a daemon nothing is changed, the schema included: a backup before an upgrade is of
/// before.
int back_up_here(const config::Config& config, Options options) {
    const auto path = config.warehouse_path().string();
    if (options.file.empty()) {
        warehouse::make_backup_folder(config.backup.folder);
        options.file =
            (fs::path{config.backup.folder} / warehouse::backup_name(system_now())).string();
    }
    if (!fs::exists(path)) {
        fmt::print(stderr, "{}: there is no warehouse yet; nothing has been synced\n", path);
        return exit_unavailable;
    }
    const int lock = warehouse::lock_file(path);
    warehouse::back_up_alone(path, options.file);
    warehouse::unlock_file(lock);
    runtime::CareReport report;
    report.facts["file"] = options.file;
    report.facts["bytes"] = fmt::format("{}", fs::file_size(options.file));
    report.sentences.push_back(fmt::format("{}: whole and verified", options.file));
    print_report(report, options.json);
    return exit_ok;
}

int back_up(const config::Config& config, Options options) {
    if (!options.file.empty()) options.file = fs::absolute(options.file).lexically_normal();
    if (!runtime::ControlClient::connect(config.control_socket_path()))
        return back_up_here(config, std::move(options));
    const runtime::ControlRequest request{.command = "backup", .arguments = {{"to", options.file}}};
    return take_care(config, request, options.json);
}

void list_backups(const config::Config& config, bool json) {
    const auto backups = warehouse::list_backups(config.backup.folder);
    if (json) {
        Json out;
        out.begin_array();
        for (const auto& backup : backups)
            out.begin_object()
                .field("file", backup.path)
                .field("taken_at", format_instant(backup.taken_at))
                .field("bytes", static_cast<std::size_t>(backup.bytes))
                .end_object();
        out.end_array();
        fmt::print("{}\n", out.str());
        return;
    }
    Table table({Table::Align::left, Table::Align::right, Table::Align::left});
    table.row({"taken at", "bytes", "file"});
    for (const auto& backup : backups)
        table.row({shown_time(backup.taken_at), fmt::format("{}", backup.bytes), backup.path});
    fmt::print("{}", table.str());
}

/// Whoever was forgotten since the backup was taken is forgotten again.
std::int64_t forget_suppressed(warehouse::Database& database,
                               const warehouse::Suppression& suppression) {
    std::int64_t forgotten = 0;
    for (const auto& address : warehouse::find_suppressed(database, suppression)) {
        warehouse::Forgetting forgetting(warehouse::find_traces(database, address));
        for (bool more = true; more;) {
            warehouse::Transaction transaction{database};
            more = forgetting.step(database);
            transaction.commit();
        }
        ++forgotten;
    }
    // The copy is nobody else's yet: no reader holds it.
    warehouse::Scrub scrub;
    while (forgotten > 0 && scrub.step(database) != warehouse::Scrub::Step::done) continue;
    return forgotten;
}

void say_restored(const warehouse::Restored& restored, std::int64_t forgotten,
                  const Options& options, const config::Config& config) {
    runtime::CareReport report;
    report.facts["file"] = options.file;
    report.facts["kept_aside"] = restored.kept_aside;
    report.facts["held"] = fmt::format("{}", restored.held);
    report.facts["forgotten"] = fmt::format("{}", forgotten);
    auto& say = report.sentences;
    say.push_back(
        fmt::format("{} is in place of {}.", options.file, config.warehouse_path().string()));
    if (!restored.kept_aside.empty())
        say.push_back(fmt::format("What was there is kept as {}: remove it when all is well.",
                                  restored.kept_aside));
    if (restored.held > 0)
        say.push_back(fmt::format(
            "{} messages are held, since they may have been sent after the backup was taken: look "
            "with `nudged outbox list --state held`, let them go with `nudged outbox release`.",
            restored.held));
    if (forgotten > 0)
        say.push_back(
            fmt::format("{} persons who were forgotten since were forgotten again.", forgotten));
    say.emplace_back("Once nudged runs, the streams are read on from where they were then:");
    for (const auto& stream : restored.streams)
        say.push_back(fmt::format("  {} {}: {}", stream.source, stream.stream,
                                  stream.complete_at ? "what has changed since " +
                                                           format_instant(*stream.complete_at)
                                                     : "its first load goes on"));
    say.emplace_back("Records that the CRMs deleted meanwhile go with the next sweep. "
                     "`systemctl start nudged` starts it.");
    print_report(report, options.json);
}

void restore(const config::Config& config, Options options) {
    options.file = fs::absolute(options.file).lexically_normal();
    const auto path = config.warehouse_path().string();
    fs::create_directories(config.warehouse_path().parent_path());
    const warehouse::Suppression suppression(warehouse::suppression_path(path));
    std::int64_t forgotten = 0;
    const auto restored = warehouse::restore_warehouse(
        options.file, path, system_now(), [&](warehouse::Database& database) {
            forgotten = forget_suppressed(database, suppression);
        });
    say_restored(restored, forgotten, options, config);
}

int retain(const config::Config& config, const Options& options) {
    if (!options.dry_run)
        return take_care(config, {.command = "retention", .arguments = {}}, options.json);
    warehouse::RetentionPass pass(config.retention, system_now(),
                                  warehouse::RetentionPass::Mode::only_count);
    for (bool more = true; more;) {
        // A connection for each step, so that no snapshot lives long.
        warehouse::Database database(config.warehouse_path().string(),
                                     warehouse::Database::Mode::read_only);
        database.stop_at(std::chrono::steady_clock::now() + warehouse::Reader::longest);
        for (int steps = 0; more && steps < 100; ++steps) more = pass.step(database);
    }
    runtime::CareReport report;
    report.removed = pass.past();
    report.sentences.emplace_back(report.removed.empty()
                                      ? "Nothing is past its time."
                                      : "This would go; what it counted stays in team sums.");
    print_report(report, options.json, {.removed = "would go"});
    return exit_ok;
}

}  // namespace

void add_warehouse_care(Parser group, Context& context) {
    auto options = std::make_shared<Options>();
    auto backup = group.add_subcommand(
        "backup", "A verified copy of the warehouse, while everything goes on");
    backup.add_option("--to", options->file,
                      "a file that is not there yet; without it, one in the folder of [backup]");
    backup.add_flag("--json", options->json, "an object");
    backup.callback([options, &context] { context.status = back_up(*context.load(), *options); });

    auto backups = group.add_subcommand("backups", "The copies in the folder of [backup]");
    backups.add_flag("--json", options->json, "an array of objects");
    backups.callback([options, &context] { list_backups(*context.load(), options->json); });

    auto restored = group.add_subcommand(
        "restore", "Put a backup in the place of the warehouse, which is kept beside it; while no "
                   "daemon runs");
    restored.add_option("FILE", options->file, "a backup").required();
    restored.add_flag("--json", options->json, "an object");
    restored.callback([options, &context] { restore(*context.load(), *options); });

    auto retention = group.add_subcommand(
        "retention", "Remove what is past its time by [retention], as the daemon does every day");
    retention.add_flag("--dry-run", options->dry_run, "only tell what would go");
    retention.add_flag("--json", options->json, "an object");
    retention.callback([options, &context] { context.status = retain(*context.load(), *options); });
}

}  // namespace nudged::cli
