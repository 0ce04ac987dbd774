// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/runtime/care.hpp"
#include "daemon/runtime/control.hpp"
#include "daemon/runtime/recounter.hpp"
#include "daemon/runtime/workplace.hpp"
#include "daemon/warehouse/rollups_verify.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

/// More are counted, and not printed.
constexpr std::int64_t most_lines = 100;

class Problems {
public:
    explicit Problems(bool keep) : keep_(keep) {}
    /// Printed at once, or kept for JSON.
    void tell(const std::string& line) {
        if (++count_ > most_lines) return;
        if (keep_) return lines_.push_back(line);
        fmt::print("{}\n", for_terminal(line, 300));
    }
    std::int64_t count() const { return count_; }
    const std::vector<std::string>& lines() const { return lines_; }

private:
    bool keep_;
    std::vector<std::string> lines_;
    std::int64_t count_ = 0;
};

struct VerifyOptions {
    int timeout_s = 600;
    bool json = false;
};

void check_file(const warehouse::Reader& reader, std::string_view table, Problems& problems) {
    auto check = reader.database().prepare(
        "SELECT integrity_check FROM pragma_integrity_check(nullif(?1, ''))");
    check.bind(1, table);
    while (check.step())
        if (check.text(0) != "ok") problems.tell(std::string{check.text(0)});
}

/// SQLite's own check. Beside a daemon it goes table by table, so that the log is not held for all
/// of it; what lies between the tables is checked only when none runs.
void check_file(const std::string& path, bool is_live, std::chrono::seconds timeout,
                Problems& problems) {
    std::vector<std::string> tables{""};
    if (is_live) {
        const warehouse::Reader reader(path, timeout);
        tables.clear();
        auto rows = reader.database().prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name");
        while (rows.step()) tables.emplace_back(rows.text(0));
    }
    for (const auto& table : tables) check_file(warehouse::Reader(path, timeout), table, problems);
}

void print_state(const warehouse::RecountState& state) {
    if (state.is_done()) return;
    fmt::print("{} measures and {} users are being counted anew, and read as not proven; compared "
               "is what is counted so far\n",
               state.measures.size(), state.users);
}

void print_verified_json(const Problems& problems, std::int64_t users,
                         const warehouse::RecountState& state) {
    Json json;
    json.begin_object()
        .field("sound", problems.count() == 0)
        .field("users", users)
        .field("problems", problems.count())
        .key("first_problems")
        .begin_array();
    for (const auto& line : problems.lines()) json.value(line);
    json.end_array().key("being_recounted").begin_object().key("measures").begin_array();
    for (const auto& measure : state.measures) json.value(measure);
    json.end_array().field("users", state.users).end_object().end_object();
    fmt::print("{}\n", json.str());
}

int verify(const config::Config& config, const VerifyOptions& options) {
    const bool is_live = runtime::ControlClient::connect(config.control_socket_path()).has_value();
    const auto path = config.warehouse_path().string();
    Problems problems(options.json);
    check_file(path, is_live, std::chrono::seconds{options.timeout_s}, problems);
    warehouse::Database database(path, warehouse::Database::Mode::read_only);
    const auto tell = [&](const warehouse::RollupDifference& difference) {
        problems.tell(fmt::format(
            "rollup {} {} {} {}: stored {}, counted {}", difference.source, difference.user,
            difference.measure.empty() ? "(of no measure)" : difference.measure, difference.day,
            difference.stored, difference.counted));
    };
    const auto limit = [&] {
        database.stop_at(std::chrono::steady_clock::now() +
                         std::chrono::seconds{options.timeout_s});
    };
    const auto users = warehouse::verify_rollups(database, tell, warehouse::measures(), limit);
    limit();
    const auto state = warehouse::read_recount_state(database);
    if (options.json) {
        print_verified_json(problems, users, state);
        return problems.count() == 0 ? exit_ok : exit_failure;
    }
    print_state(state);
    if (problems.count() == 0) {
        fmt::print("ok: the file is sound, and every rollup of {} users equals a recount\n", users);
        return exit_ok;
    }
    fmt::print("{} problems{}; rollups that differ are mended by `nudged warehouse rebuild`\n",
               problems.count(),
               problems.count() > most_lines ? fmt::format(", the first {} above", most_lines)
                                             : "");
    return exit_failure;
}

runtime::asio::awaitable<void> rebuild_here(warehouse::Writer& writer) {
    auto begin = [](warehouse::Database& database) { warehouse::begin_rebuild(database); };
    co_await writer.run(begin);
    for (auto state = co_await runtime::recount_step(writer); state.is_pending();)
        state = co_await runtime::recount_step(writer);
    fmt::print("every sum is counted anew\n");
}

int rebuild(const config::Config& config) {
    if (auto client = runtime::ControlClient::connect(config.control_socket_path()))
        return client->ask({.command = "rebuild", .arguments = {}},
                           [](const runtime::ControlReply& reply) {
                               fmt::print("{}\n", reply.text);
                               std::fflush(stdout);
                           });
    // Says what is wrong with the path or the schema, and makes no new file.
    { const warehouse::Reader reader(config.warehouse_path().string()); }
    runtime::Workplace place;  // outlives the writer, which posts to its loop
    warehouse::Writer writer(runtime::writer_options(config));
    place.run(rebuild_here(writer));
    return exit_ok;
}

}  // namespace

void add_rollups(Parser group, Context& context) {
    auto options = std::make_shared<VerifyOptions>();
    auto check = group.add_subcommand(
        "verify",
        "Check the file, and compare every rollup with a recount; exits 1 when something differs");
    check
        .add_option("--timeout", options->timeout_s,
                    "seconds that the check of a table, or of a user's sums, may take")
        .show_default()
        .positive();
    check.add_flag("--json", options->json,
                   "an object: sound, users, problems, first_problems, being_recounted");
    check.callback([options, &context] { context.status = verify(*context.load(), *options); });
    group
        .add_subcommand("rebuild", "Count every rollup anew, by the running daemon, or here when "
                                   "none runs; until then figures read as not proven")
        .callback([&context] { context.status = rebuild(*context.load()); });
}

}  // namespace nudged::cli
