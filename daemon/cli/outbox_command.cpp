// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/care_client.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/shown_time.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/outbox.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

void list_text(const std::vector<warehouse::OutboxRow>& rows) {
    Table table(std::vector<Table::Align>(7, Table::Align::left));
    table.row({"id", "state", "channel", "for", "reason", "due", "last answer"});
    for (const auto& row : rows)
        table.row({fmt::format("{}", static_cast<std::int64_t>(row.id)),
                   std::string{to_string(row.state)}, row.channel, row.recipient, row.reason,
                   shown_time(row.due_at),
                   for_terminal(fmt::format("{} {}", row.last_outcome, row.last_reason))});
    fmt::print("{}", table.str());
}

/// What the list and `show` have of it alike, in an object that is begun.
void write_row(Json& json, const warehouse::OutboxRow& row) {
    json.field("id", static_cast<std::int64_t>(row.id))
        .field("key", row.key)
        .field("state", to_string(row.state))
        .field("channel", row.channel)
        .field("recipient", row.recipient)
        .field("reason", row.reason)
        .field("continues", row.continues)
        .field("edits", row.edits)
        .field("due_at", format_instant(row.due_at))
        .field("attempts", row.attempts)
        .field("last_outcome", row.last_outcome)
        .field("last_status", row.last_status)
        .field("last_reason", row.last_reason);
}

void list_json(const std::vector<warehouse::OutboxRow>& rows) {
    Json json;
    json.begin_array();
    for (const auto& row : rows) {
        json.begin_object();
        write_row(json, row);
        json.end_object();
    }
    json.end_array();
    fmt::print("{}\n", json.str());
}

void show_json(const warehouse::OutboxRow& row) {
    Json json;
    json.begin_object();
    write_row(json, row);
    json.field("expires_at", format_instant(row.expires_at))
        .field("without_verdict", row.ambiguous)
        .field("is_rendered", row.payload.has_value())
        .field("content", row.payload.value_or(row.message))
        .end_object();
    fmt::print("{}\n", json.str());
}

void show(const warehouse::OutboxRow& row) {
    Table table({Table::Align::left, Table::Align::left});
    table.row({"state", std::string{to_string(row.state)}});
    table.row({"channel", row.channel});
    table.row({"for", row.recipient});
    table.row({"reason", row.reason});
    table.row({"key", row.key});
    // One that never arrived, or not where replies are known, is replied to by a message like
    // others.
    if (!row.continues.empty())
        table.row({"replies to", row.continues + (row.thread.empty() ? ", as far as it can" : "")});
    if (!row.edits.empty()) table.row({"takes the place of", row.edits});
    table.row({"due", shown_time(row.due_at)});
    table.row({"expires", shown_time(row.expires_at)});
    table.row({"tries", fmt::format("{}, {} without a verdict", row.attempts, row.ambiguous)});
    table.row({"last answer", for_terminal(fmt::format("{} {} {}", row.last_outcome,
                                                       row.last_status, row.last_reason),
                                           200)});
    fmt::print("{}\n{}\n", table.str(), row.payload.value_or(row.message));
}

std::optional<warehouse::OutboxState> state_of(const std::string& name) {
    if (name.empty()) return std::nullopt;
    if (const auto state = warehouse::parse_outbox_state(name)) return state;
    fmt::print(stderr, "--state {}: there is no such state; pending, held and dead are some\n",
               name);
    throw Exit{exit_usage};
}

struct Selection {
    std::vector<std::int64_t> ids;
    bool all = false;
    std::string channel;
    std::string since;
    std::string until;
    bool json = false;

    bool is_range() const { return !channel.empty() || !since.empty() || !until.empty(); }
};

void add_release(Parser group, Context& context) {
    auto options = std::make_shared<Selection>();
    auto command = group.add_subcommand(
        "release", "Let messages go that are held since a backup was restored");
    auto ids = command.add_option("ID", options->ids, "as `nudged outbox list` prints them");
    command.add_flag("--all", options->all, "all that are held").excludes(ids);
    command.add_flag("--json", options->json, "an object");
    command.callback([options, &context] {
        if (options->ids.empty() && !options->all) {
            fmt::print(stderr, "name messages by their ids, or say --all\n");
            throw Exit{exit_usage};
        }
        const runtime::ControlRequest request{
            .command = "release",
            .arguments = {{"ids", fmt::format("{}", fmt::join(options->ids, ","))}}};
        context.status = take_care(*context.load(), request, options->json);
    });
}

/// An instant, or a day, of which the beginning is meant, in the first team's zone; empty: none.
std::string moment(const char* option, const std::string& text, const config::Config& config) {
    if (text.empty()) return {};
    if (const auto instant = parse_instant(text)) return format_instant(*instant);
    if (const auto day = parse_date(text)) {
        const auto& teams = config.roster.teams;
        const auto zone = teams.empty() ? Zone::utc() : teams.front().zone;
        return format_instant(zone.instant(LocalTime{*day}));
    }
    fmt::print(stderr,
               "{} {}: expected a day like 2026-11-20 or a time like 2026-11-20T08:00:00Z\n",
               option, text);
    throw Exit{exit_usage};
}

void replay(const Selection& options, Context& context) {
    const int ways =
        (options.ids.empty() ? 0 : 1) + (options.all ? 1 : 0) + (options.is_range() ? 1 : 0);
    if (ways != 1) {
        fmt::print(stderr,
                   "name messages by their ids, or those that expired by --channel, --since "
                   "and --until, or say --all\n");
        throw Exit{exit_usage};
    }
    const auto config = context.load();
    const runtime::ControlRequest request{
        .command = "replay",
        .arguments = {{"ids", fmt::format("{}", fmt::join(options.ids, ","))},
                      {"channel", options.channel},
                      {"since", moment("--since", options.since, *config)},
                      {"until", moment("--until", options.until, *config)}}};
    context.status = take_care(*config, request, options.json);
}

void add_replay(Parser group, Context& context) {
    auto options = std::make_shared<Selection>();
    auto command = group.add_subcommand(
        "replay", "Send messages once more that were given up: dead, refused or unknown ones by "
                  "their ids, dead ones by channel and time, too");
    command.add_option("ID", options->ids, "as `nudged outbox list` prints them");
    command.add_flag("--all", options->all, "all that are dead");
    command.add_option("--channel", options->channel, "all that are dead of this channel");
    command.add_option("--since", options->since,
                       "all that are dead and were decided then or later: a day, or a time");
    command.add_option("--until", options->until,
                       "all that are dead and were decided before: a day, or a time");
    command.add_flag("--json", options->json, "an object");
    command.callback([options, &context] { replay(*options, context); });
}

}  // namespace

void add_outbox(Parser app, Context& context) {
    auto group = app.add_subcommand("outbox", "Messages, and what became of them");
    group.require_subcommand();
    auto json = std::make_shared<bool>(false);
    auto state = std::make_shared<std::string>();
    auto channel = std::make_shared<std::string>();
    auto list = group.add_subcommand("list", "The newest hundred");
    list.add_option("--state", *state, "only those in this state, such as held or pending");
    list.add_option("--channel", *channel, "only those to this channel");
    list.add_flag("--json", *json, "an array of objects");
    list.callback([json, state, channel, &context] {
        warehouse::OutboxFilter filter;
        filter.state = state_of(*state);
        if (!channel->empty()) filter.channel = *channel;
        const warehouse::Reader reader(context.load()->warehouse_path().string());
        const auto rows = warehouse::read_outbox(reader, filter);
        *json ? list_json(rows) : list_text(rows);
    });
    auto id = std::make_shared<std::int64_t>(0);
    auto one = group.add_subcommand("show", "One message, with the bytes that are sent");
    one.add_option("ID", *id, "as `nudged outbox list` prints it").required();
    auto one_json = std::make_shared<bool>(false);
    one.add_flag("--json", *one_json,
                 "an object: what the list has, expires_at, without_verdict, is_rendered, and as "
                 "content the bytes that are sent or, before they are rendered, the message");
    one.callback([id, one_json, &context] {
        const warehouse::Reader reader(context.load()->warehouse_path().string());
        const auto row = warehouse::read_outbox_row(reader.database(), warehouse::OutboxId{*id});
        if (!row) {
            fmt::print(stderr, "there is no message {}; `nudged outbox list` shows them\n", *id);
            throw Exit{exit_failure};
        }
        *one_json ? show_json(*row) : show(*row);
    });
    add_release(group, context);
    add_replay(group, context);
}

}  // namespace nudged::cli
