// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/asker.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/shown_time.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/audit.hpp"

#include <cstdio>
#include <pwd.h>

namespace nudged::cli {
namespace {

struct Options {
    std::string rep, since;
    int most = 1000;
    bool json = false;
};

/// Numbers are kept, as files keep their owners; whoever has the number now is named.
std::string user_name(const warehouse::AuditUser& user) {
    if (!user) return "nudged";
    const auto* entry = ::getpwuid(static_cast<uid_t>(*user));
    return entry == nullptr ? fmt::format("{}", *user) : std::string{entry->pw_name};
}

std::string about(const warehouse::AuditRow& row) {
    if (!row.about_name.empty()) return row.about_name;
    return row.entry.team.empty() ? "-" : "team " + row.entry.team;
}

std::string as_text(const std::vector<warehouse::AuditRow>& rows) {
    if (rows.empty()) return "Nobody has looked at notes or changed any.\n";
    using enum Table::Align;
    Table table({left, left, left, left, left, right});
    table.row({"when", "user", "as", "whose", "what", "notes"});
    for (const auto& row : rows)
        table.row({shown_time(row.entry.at), for_terminal(user_name(row.entry.user)),
                   row.as_name.empty() ? "-" : for_terminal(row.as_name), for_terminal(about(row)),
                   std::string{to_string(row.entry.use)}, fmt::format("{}", row.entry.notes)});
    return table.str();
}

std::string as_json(const std::vector<warehouse::AuditRow>& rows) {
    Json json;
    json.begin_object().key("audit").begin_array();
    for (const auto& row : rows)
        json.begin_object()
            .field("at", format_instant(std::chrono::floor<std::chrono::seconds>(row.entry.at)))
            .field("user", row.entry.user)
            .field("user_name", user_name(row.entry.user))
            .field("as", row.as_name)
            .field("about", row.about_name)
            .field("team", row.entry.team)
            .field("what", to_string(row.entry.use))
            .field("notes", row.entry.notes)
            .end_object();
    json.end_array().end_object();
    return json.str() + "\n";
}

void print_audit(const config::Config& config, const Options& options) {
    const warehouse::Reader reader(config.warehouse_path().string());
    warehouse::AuditFilter filter;
    filter.most = options.most;
    if (!options.rep.empty()) filter.about = find_rep(reader, config, options.rep);
    if (!options.since.empty()) {
        const auto day = parse_date(options.since);
        if (!day)
            throw Failure(
                FailureKind::refused,
                fmt::format("--since \"{}\" is no day; write it like 2026-11-20", options.since));
        filter.since = Zone::utc().instant(LocalTime{*day});
    }
    const auto rows = warehouse::read_audit(reader, filter);
    fmt::print("{}", options.json ? as_json(rows) : as_text(rows));
}

}  // namespace

void add_audit(Parser app, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = app.add_subcommand("audit", "Who looked at notes or changed them, and when");
    command.add_option("--rep", options->rep, "only at those about this rep");
    command.add_option("--since", options->since, "only from this day on, UTC: 2026-11-20");
    command.add_option("--limit", options->most, "no more rows than these, the latest first")
        .positive()
        .show_default();
    command.add_flag("--json", options->json, "an object");
    command.callback([options, &context] { print_audit(*context.load(), *options); });
}

}  // namespace nudged::cli
