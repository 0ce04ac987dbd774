// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/care_client.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
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
                   format_instant(std::chrono::floor<std::chrono::seconds>(row.due_at)),
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
    table.row({"due", format_instant(row.due_at)});
    table.row({"expires", format_instant(row.expires_at)});
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

/// A command on messages that are named by their ids, or on all that `all_means`.
void add_on_messages(Parser group, Context& context, const char* name, const char* about,
                     const char* all_means) {
    struct Options {
        std::vector<std::int64_t> ids;
        bool all = false;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto command = group.add_subcommand(name, about);
    auto ids = command.add_option("ID", options->ids, "as `nudged outbox list` prints them");
    command.add_flag("--all", options->all, all_means).excludes(ids);
    command.add_flag("--json", options->json, "an object");
    command.callback([options, &context, name] {
        if (options->ids.empty() && !options->all) {
            fmt::print(stderr, "name messages by their ids, or say --all\n");
            throw Exit{exit_usage};
        }
        const runtime::ControlRequest request{
            .command = name,
            .arguments = {{"ids", fmt::format("{}", fmt::join(options->ids, ","))}}};
        context.status = take_care(*context.load(), request, options->json);
    });
}

}  // namespace

void add_outbox(Parser app, Context& context) {
    auto group = app.add_subcommand("outbox", "Messages, and what became of them");
    group.require_subcommand();
    auto json = std::make_shared<bool>(false);
    auto state = std::make_shared<std::string>();
    auto list = group.add_subcommand("list", "The newest hundred");
    list.add_option("--state", *state, "only those in this state, such as held or pending");
    list.add_flag("--json", *json, "an array of objects");
    list.callback([json, state, &context] {
        warehouse::OutboxFilter filter;
        filter.state = state_of(*state);
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
    add_on_messages(group, context, "release",
                    "Let messages go that are held since a backup was restored",
                    "all that are held");
    add_on_messages(group, context, "replay",
                    "Send messages once more that were given up: dead, refused or unknown ones",
                    "all that are dead");
}

}  // namespace nudged::cli
