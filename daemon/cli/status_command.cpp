// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/shown_time.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/runtime/control.hpp"
#include "daemon/warehouse/given_up.hpp"
#include "daemon/warehouse/shadow.hpp"
#include "daemon/warehouse/sheet_refusals.hpp"
#include "daemon/warehouse/summary.hpp"
#include "daemon/warehouse/unknown_owners.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

namespace nudged::cli {
namespace {

struct Status {
    bool running = false;
    warehouse::Summary summary;
    std::vector<std::string> for_a_person;  // what a person must do, a sentence each
    std::vector<warehouse::ShadowEntry> in_shadow;
    std::string admin_channel;
};

/// What the daemon knows of its own: of sources that need a person, of the file that it cannot
/// write, of who holds it up.
void ask_daemon(const config::Config& config, Status& status) {
    constexpr std::chrono::seconds patience{5};
    auto client = runtime::ControlClient::connect(config.control_socket_path());
    status.running = client.has_value();
    if (!client) {
        status.for_a_person.push_back(
            "The daemon is not running: start it with `systemctl start nudged`.");
        return;
    }
    const auto tell = [&](const runtime::ControlReply& reply) {
        if (!reply.text.empty()) status.for_a_person.push_back(reply.text);
    };
    try {
        client->ask({.command = "status", .arguments = {}}, tell, patience);
    } catch (const Failure&) {
        status.for_a_person.push_back(
            "The daemon does not answer: look at `journalctl -u nudged`, and restart it.");
    }
}

/// What the configuration has dropped is not shown any more.
bool is_configured(const config::Config& config, const warehouse::ShadowEntry& entry) {
    if (entry.kind == warehouse::ShadowKind::team)
        return std::any_of(config.roster.teams.begin(), config.roster.teams.end(),
                           [&](const auto& team) { return team.name == entry.name; });
    return checks::describe_check(config.checks, entry.name).has_value();
}

bool is_configured(const config::Config& config, const std::string& channel) {
    return std::any_of(config.channels.begin(), config.channels.end(),
                       [&](const auto& options) { return options.name == channel; });
}

/// For so long a message that was given up is one more thing to look at.
constexpr std::chrono::days given_up_counts_for{7};

void add_given_up(const warehouse::Database& database, Status& status) {
    for (const auto& lost : warehouse::read_given_up(database, system_now() - given_up_counts_for))
        status.for_a_person.push_back(fmt::format(
            "{} messages to the channel {} were given up in the last {} days ({} expired, {} "
            "refused, {} without an answer): `nudged outbox list --channel {}` shows them, `nudged "
            "outbox replay --channel {}` sends those that expired once more, `nudged outbox replay "
            "ID` any.",
            lost.all(), lost.channel, given_up_counts_for.count(), lost.expired, lost.refused,
            lost.unknown, lost.channel, lost.channel));
}

/// Teams whose manager has left: their messages wait.
void find_successors(const config::Config& config, Instant now, Status& status) {
    for (const auto& team : config.roster.teams) {
        const auto& until = team.manager.until;
        if (!until || team.manager.zone.value_or(team.zone).local_day(now) < *until) continue;
        status.for_a_person.push_back(
            fmt::format("Team \"{}\" has had no manager since {}, so that its messages wait: name "
                        "the successor in teams.toml.",
                        for_terminal(team.name), format_date(*until)));
    }
}

void read_warehouse(const config::Config& config, Status& status) {
    const warehouse::Reader reader{config.warehouse_path().string()};
    status.summary = warehouse::read_summary(reader);
    status.admin_channel = config.daemon.admin_channel;
    for (auto& entry : warehouse::read_shadow_entries(reader.database()))
        if (!entry.live_at && is_configured(config, entry))
            status.in_shadow.push_back(std::move(entry));
    if (status.admin_channel.empty())
        for (const auto& entry : status.in_shadow)
            status.for_a_person.push_back(fmt::format(
                "{} {} is in shadow and there is no admin_channel, so that what is found goes "
                "nowhere: set admin_channel in nudged.toml, or let it go to whom it is for with "
                "`nudged go-live {}\"{}\"`.",
                to_string(entry.kind), entry.name,
                entry.kind == warehouse::ShadowKind::check ? "--check " : "", entry.name));
    std::set<std::pair<std::string, std::string>> strangers;
    for (const auto& owner : warehouse::read_unknown_owners(reader))
        if (!owner.owner.empty()) strangers.emplace(owner.source, owner.owner);
    if (!strangers.empty())
        status.for_a_person.push_back(fmt::format(
            "{} owners of records are unknown to their CRM's list of users, so their work "
            "counts for nobody: `nudged warehouse info` names them.",
            strangers.size()));
    for (const auto& stream : status.summary.streams)
        if (!status.running && stream.failure_kind == "needs_person")
            status.for_a_person.push_back(
                fmt::format("{} {}: {}", stream.source, stream.stream, stream.failure));
    for (const auto& channel : status.summary.channels)
        if (channel.broken_since && is_configured(config, channel.channel))
            status.for_a_person.push_back(
                fmt::format("channel {} is broken: {}", channel.channel, channel.broken_reason));
    add_given_up(reader.database(), status);
    for (const auto& upkeep : status.summary.upkeep)
        if (upkeep.failed_at)
            status.for_a_person.push_back(
                fmt::format("{} fails: {}", to_string(upkeep.task), upkeep.failure));
    if (const auto refused = warehouse::read_sheet_refusals(reader.database()); !refused.empty())
        status.for_a_person.push_back(fmt::format("{} rows of sheets of commitments or leave are "
                                                  "not taken: `nudged commit refused` shows "
                                                  "each.",
                                                  refused.size()));
    if (const auto held = status.summary.messages.find("held");
        held != status.summary.messages.end())
        status.for_a_person.push_back(fmt::format(
            "{} messages are held since a backup was restored: look with `nudged outbox list "
            "--state held`, let them go with `nudged outbox release`.",
            held->second));
}

Status read_status(const config::Config& config) {
    Status status;
    ask_daemon(config, status);
    find_successors(config, system_now(), status);
    if (!std::filesystem::exists(config.warehouse_path())) {
        status.for_a_person.push_back("There is no warehouse yet: nothing has been synced.");
        return status;
    }
    try {
        read_warehouse(config, status);
    } catch (const Failure& failure) {
        // What can be told is told, the file's trouble with its remedy too.
        status.for_a_person.push_back(failure.what());
    }
    return status;
}

std::string when(const std::optional<Instant>& instant) {
    return instant ? shown_time(*instant) : "never";
}

void print_shadow(const Status& status) {
    for (const auto& entry : status.in_shadow)
        fmt::print("{} {} is in shadow since {}: {}; nudged go-live {}\"{}\"\n",
                   to_string(entry.kind), for_terminal(entry.name), when(entry.since),
                   status.admin_channel.empty()
                       ? "nobody is told, as there is no admin_channel"
                       : fmt::format("\"{}\" alone is told", status.admin_channel),
                   entry.kind == warehouse::ShadowKind::check ? "--check " : "",
                   for_terminal(entry.name));
}

void print_text(const Status& status) {
    fmt::print("daemon: {}\n\n", status.running ? "running" : "not running");
    Table streams({Table::Align::left, Table::Align::left, Table::Align::left, Table::Align::left});
    streams.row({"source", "stream", "complete at", "last failure"});
    for (const auto& stream : status.summary.streams)
        streams.row(
            {stream.source, stream.stream, when(stream.complete_at), for_terminal(stream.failure)});
    fmt::print("{}\n", streams.str());
    for (const auto& [state, count] : status.summary.findings)
        fmt::print("findings {}: {}\n", state, count);
    for (const auto& [state, count] : status.summary.messages)
        fmt::print("messages {}: {}\n", state, count);
    print_shadow(status);
    for (const auto& upkeep : status.summary.upkeep)
        fmt::print("{}: last done {}\n", to_string(upkeep.task), when(upkeep.done_at));
    if (const auto& recount = status.summary.recount; !recount.is_done())
        fmt::print("counted anew, not proven until then: {}, {} users in another time zone, "
                   "{:.0f} % done\n",
                   recount.measures.empty() ? "no measure"
                                            : fmt::format("{}", fmt::join(recount.measures, ", ")),
                   recount.users, 100 * recount.share);
    if (status.for_a_person.empty()) return;
    fmt::print("\nFor a person to do\n");
    for (const auto& sentence : status.for_a_person)
        fmt::print("  {}\n", for_terminal(sentence, 300));
}

void print_json(const Status& status) {
    Json json;
    json.begin_object().field("running", status.running);
    json.key("streams").begin_array();
    for (const auto& stream : status.summary.streams) {
        json.begin_object().field("source", stream.source).field("stream", stream.stream);
        json.field("complete_at", stream.complete_at
                                      ? std::optional{format_instant(*stream.complete_at)}
                                      : std::nullopt);
        json.field("failure_kind", stream.failure_kind)
            .field("failure", stream.failure)
            .end_object();
    }
    json.end_array();
    const auto write_counts = [&](const char* name, const auto& counts) {
        json.key(name).begin_object();
        for (const auto& [state, count] : counts) json.field(state, count);
        json.end_object();
    };
    write_counts("findings", status.summary.findings);
    write_counts("messages", status.summary.messages);
    json.key("upkeep").begin_object();
    for (const auto& upkeep : status.summary.upkeep) {
        json.key(to_string(upkeep.task)).begin_object();
        json.field("done_at",
                   upkeep.done_at ? std::optional{format_instant(*upkeep.done_at)} : std::nullopt);
        json.field("failure", upkeep.failure).end_object();
    }
    json.end_object();
    json.key("counted_anew").begin_object();
    json.key("measures").begin_array();
    for (const auto& measure : status.summary.recount.measures) json.value(measure);
    json.end_array();
    json.field("users", status.summary.recount.users);
    json.field("share", status.summary.recount.share).end_object();
    json.key("in_shadow").begin_array();
    for (const auto& entry : status.in_shadow)
        json.begin_object()
            .field("kind", to_string(entry.kind))
            .field("name", entry.name)
            .field("since", format_instant(entry.since))
            .end_object();
    json.end_array();
    json.key("for_a_person").begin_array();
    for (const auto& sentence : status.for_a_person) json.value(sentence);
    json.end_array().end_object();
    fmt::print("{}\n", json.str());
}

}  // namespace

void add_status(Parser app, Context& context) {
    auto json = std::make_shared<bool>(false);
    auto command = app.add_subcommand(
        "status",
        "How the daemon, the sources and the messages stand; exits 1 when a person is needed");
    command.add_flag("--json", *json, "an object");
    command.callback([json, &context] {
        const auto status = read_status(*context.load());
        *json ? print_json(status) : print_text(status);
        context.status = status.for_a_person.empty() ? exit_ok : exit_failure;
    });
}

}  // namespace nudged::cli
