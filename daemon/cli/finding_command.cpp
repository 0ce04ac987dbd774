// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "daemon/cli/care_client.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/finding_text.hpp"
#include "daemon/cli/login_name.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/shown_time.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/findings.hpp"
#include "daemon/warehouse/roster_find.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

struct ListOptions {
    std::string team;
    std::string owner;
    bool json = false;
};

struct AnswerOptions {
    std::string id;
    std::string until;
    std::string reason;
    std::string note;
    std::string by;
    bool until_change = false;
    bool json = false;
};

/// The day alone where a day was asked for: it ends at midnight of the team's own zone.
std::string until_text(Instant until, const Zone& zone) {
    const auto local = zone.local_time(until);
    return local == LocalTime{zone.local_day(until)} ? format_date(zone.local_day(until))
                                                     : shown_time(until);
}

std::string answer_text(const std::optional<warehouse::Answer>& answer, const Zone& zone) {
    if (!answer) return "";
    std::string text{to_string(answer->kind)};
    if (answer->until) text += " until " + until_text(*answer->until, zone);
    if (!answer->reason.empty()) text += " as " + answer->reason;
    return answer->by.empty() ? text : text + " by " + answer->by;
}

std::vector<warehouse::StoredFinding> read_open(const warehouse::Reader& reader,
                                                const ListOptions& options) {
    warehouse::FindingFilter filter;
    if (!options.team.empty()) filter.team = options.team;
    auto open = warehouse::read_live_findings(reader, filter);
    const auto answers = warehouse::read_answers(reader.database());
    for (auto& stored : open)
        if (const auto answer = answers.find(stored.episode.id); answer != answers.end())
            stored.answer = answer->second;
    return open;
}

bool is_of(const Involved& involved, const std::string& owner) {
    return owner.empty() || to_lower_ascii(involved.owner.email) == to_lower_ascii(owner) ||
           to_lower_ascii(involved.owner.name) == to_lower_ascii(owner);
}

void list(const config::Config& config, const ListOptions& options) {
    const warehouse::Reader reader(config.warehouse_path().string());
    const auto people = warehouse::read_people(reader, config.roster);
    Table table(std::vector<Table::Align>(6, Table::Align::left));
    table.row({"id", "state", "check", "owner", "about", "answer"});
    Json json;
    json.begin_array();
    std::size_t shown = 0;
    for (const auto& stored : read_open(reader, options)) {
        const auto& finding = stored.finding;
        if (people.is_shielded(finding.owner)) continue;  // of before its team said so
        const auto involved = read_involved(reader, people, finding);
        if (!is_of(involved, options.owner)) continue;
        ++shown;
        json.begin_object()
            .field("id", finding_id(finding))
            .field("state", to_string(stored.episode.state))
            .field("check", finding.check)
            .field("owner", involved.owner.email)
            .field("subject", finding.subject.name)
            .field("summary", finding.summary)
            .field("opened_at", format_instant(stored.episode.opened_at))
            .field("answer", stored.answer ? to_string(stored.answer->kind) : "")
            .end_object();
        table.row({finding_id(finding), std::string{to_string(stored.episode.state)}, finding.check,
                   for_terminal(involved.owner.name, 20),
                   for_terminal(fmt::format("{}: {}", finding.subject.name, finding.summary), 80),
                   for_terminal(answer_text(stored.answer,
                                            warehouse::zone_of_team(config.roster, finding.team)),
                                60)});
    }
    json.end_array();
    if (options.json)
        fmt::print("{}\n", json.str());
    else
        fmt::print("{}{} open findings.\n", table.str(), shown);
}

void print_history_json(const warehouse::Reader& reader, const warehouse::StoredFinding& found) {
    Json json;
    json.begin_object()
        .field("id", finding_id(found.finding))
        .field("check", found.finding.check)
        .field("subject", found.finding.subject.name)
        .key("events")
        .begin_array();
    for (const auto& event : warehouse::read_finding_events(reader, found.fingerprint))
        json.begin_object()
            .field("at", format_instant(event.at))
            .field("what", event.what)
            .field("by", event.by)
            .field("note", event.note)
            .end_object();
    json.end_array().end_object();
    fmt::print("{}\n", json.str());
}

void show_history(const config::Config& config, const std::string& id, bool json) {
    const warehouse::Reader reader(config.warehouse_path().string());
    const auto found = warehouse::read_findings(reader, id);
    if (found.size() != 1) {
        fmt::print(stderr, "{} findings begin with {}; `nudged finding list` shows the open ones\n",
                   found.size(), id);
        throw Exit{exit_failure};
    }
    if (json) return print_history_json(reader, found.front());
    const auto& finding = found.front().finding;
    fmt::print("{} {}\n", finding.check, for_terminal(finding.subject.name, 80));
    Table table(std::vector<Table::Align>(4, Table::Align::left));
    for (const auto& event : warehouse::read_finding_events(reader, found.front().fingerprint))
        table.row({shown_time(event.at), event.what, for_terminal(event.by, 40),
                   for_terminal(event.note, 80)});
    fmt::print("{}", table.str());
}

/// Adds a way to answer; `more` adds what only this one has.
template <typename More>
void add_answer(Parser group, Context& context, const char* name, const char* action,
                const char* about, More more) {
    auto options = std::make_shared<AnswerOptions>();
    options->by = login_name();
    auto command = group.add_subcommand(name, about);
    command.add_option("ID", options->id, "its id, or the beginning of it").required();
    command.add_option("--note", options->note, "why, for whoever reads its history");
    command.add_option("--by", options->by, "who answers").show_default();
    command.add_flag("--json", options->json, "an object");
    more(command, *options);
    command.callback([options, &context, action] {
        const runtime::ControlRequest request{.command = "finding",
                                              .arguments = {{"id", options->id},
                                                            {"do", action},
                                                            {"until", options->until},
                                                            {"reason", options->reason},
                                                            {"note", options->note},
                                                            {"by", options->by}}};
        context.status = take_care(*context.load(), request, options->json);
    });
}

void add_answers(Parser group, Context& context) {
    const auto nothing_more = [](Parser, AnswerOptions&) {};
    add_answer(group, context, "ack", "ack",
               "Somebody is at it: it is told again only if it becomes worse", nothing_more);
    add_answer(group, context, "snooze", "snooze", "Hear of it later",
               [](Parser command, AnswerOptions& options) {
                   auto when = command.add_option_group("when");
                   when.add_option("--until", options.until, "a day, such as 2026-12-10");
                   when.add_flag("--until-change", options.until_change, "until its facts change");
                   when.require_option();
               });
    add_answer(group, context, "dismiss", "dismiss", "Hear of it no more, unless its facts change",
               [](Parser command, AnswerOptions& options) {
                   command
                       .add_option(
                           "--reason", options.reason,
                           fmt::format("{}", fmt::join(warehouse::dismissal_reasons(), ", ")))
                       .required();
               });
    add_answer(group, context, "dispute", "dispute",
               "Say that it is wrong: it is held until the manager has looked",
               [](Parser command, AnswerOptions& options) {
                   command
                       .add_option("--reason", options.reason,
                                   "what is wrong, for the manager and the admin")
                       .required();
               });
    add_answer(group, context, "reopen", "take_back", "Take an answer back", nothing_more);
}

}  // namespace

void add_finding(Parser app, Context& context) {
    auto group = app.add_subcommand("finding", "Findings that are open, and answers to them");
    group.require_subcommand();
    auto options = std::make_shared<ListOptions>();
    auto listed = group.add_subcommand("list", "All that are open, answered ones included");
    listed.add_option("--team", options->team, "only this team's");
    listed.add_option("--owner", options->owner, "only this person's (e-mail or name)");
    listed.add_flag("--json", options->json, "an array of objects");
    listed.callback([options, &context] { list(*context.load(), *options); });
    auto id = std::make_shared<std::string>();
    auto history = group.add_subcommand("history", "All that has happened to one");
    history.add_option("ID", *id, "its id, or the beginning of it").required();
    auto json = std::make_shared<bool>(false);
    history.add_flag("--json", *json, "an object: id, check, subject, events");
    history.callback([id, json, &context] { show_history(*context.load(), *id, *json); });
    add_answers(group, context);
}

}  // namespace nudged::cli
