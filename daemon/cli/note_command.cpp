// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/asker.hpp"
#include "daemon/cli/care_client.hpp"
#include "daemon/cli/note_import.hpp"
#include "daemon/cli/note_text.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/runtime/note_desk.hpp"

#include <cstdio>

namespace nudged::cli {
namespace {

using Arguments = std::map<std::string, std::string>;

struct Options {
    Arguments values;  // of the desk's commands
    std::vector<std::string> agreed, opportunities, words;
    std::string as, rep, week, type, file;
    std::int64_t id = 0;
    bool json = false;
    bool removed = false;
};

std::string joined(const std::vector<std::string>& lines) {
    return fmt::format("{}", fmt::join(lines, "\n"));
}

int send(const config::Config& config, const char* command, Options& options) {
    auto& values = options.values;
    if (!options.agreed.empty()) values["agreed"] = joined(options.agreed);
    if (!options.opportunities.empty()) values["opportunity"] = joined(options.opportunities);
    if (options.id != 0) values["id"] = fmt::format("{}", options.id);
    std::erase_if(values, [](const auto& one) { return one.second.empty(); });
    return take_care(config, {.command = command, .arguments = values}, options.json);
}

/// Texts that were not given as an option come from standard input.
int send_text(const config::Config& config, const char* command, Options& options) {
    if (options.values["text"].empty()) options.values["text"] = read_standard_input();
    return send(config, command, options);
}

warehouse::NoteFilter filter_of(const warehouse::Reader& reader, const config::Config& config,
                                const Options& options) {
    warehouse::NoteFilter filter;
    if (!options.rep.empty()) filter.rep = find_rep(reader, config, options.rep);
    if (!options.week.empty()) {
        filter.week = IsoWeek::parse(options.week);
        if (!filter.week)
            throw Failure(
                FailureKind::refused,
                fmt::format("--week \"{}\" is no week; write it like 2026-W48", options.week));
    }
    if (!options.type.empty()) filter.type = warehouse::note_type_of(options.type);
    filter.words = fmt::format("{}", fmt::join(options.words, " "));
    filter.with_removed = options.removed;
    return filter;
}

/// Nothing is shown of which it is not written down who saw it.
void write_down(const config::Config& config, const Options& options,
                const warehouse::NotesSeen& seen) {
    for (const auto& request :
         runtime::note_seen_requests(seen, options.as, !options.words.empty())) {
        runtime::CareReport report;
        std::string why;
        try {
            report = do_care(config, request);
            if (report.status != 0 && !report.sentences.empty()) why = report.sentences.front();
        } catch (const Failure& failure) {
            report.status = exit_failure;
            why = failure.what();
        }
        if (report.status == 0) continue;
        throw Failure(FailureKind::refused,
                      fmt::format("notes are shown only when it can be written down who saw them, "
                                  "and that failed: {}; start nudged, or run this as the user that "
                                  "it runs as",
                                  why));
    }
}

void list(const config::Config& config, const Options& options) {
    warehouse::NotesSeen seen;
    {
        const warehouse::Reader reader(config.warehouse_path().string());
        const auto asker = find_asker(reader, config, options.as, system_now());
        seen = read_notes(reader, asker, filter_of(reader, config, options));
    }
    write_down(config, options, seen);
    fmt::print("{}", options.json ? notes_json(seen) + "\n" : notes_text(seen));
}

int show(const config::Config& config, const Options& options) {
    warehouse::NotesSeen seen;
    {
        const warehouse::Reader reader(config.warehouse_path().string());
        warehouse::NoteFilter filter;
        filter.id = warehouse::NoteId{options.id};
        seen = read_notes(reader, find_asker(reader, config, options.as, system_now()), filter);
    }
    if (seen.notes.empty()) {
        fmt::print(stderr,
                   "there is no note {} that you may read; `nudged note list --as YOU` "
                   "shows those that you may\n",
                   options.id);
        return exit_failure;
    }
    write_down(config, options, seen);
    fmt::print("{}", options.json ? notes_json(seen) + "\n" : note_text(seen.notes.front()));
    return exit_ok;
}

std::vector<std::string> type_names() {
    std::vector<std::string> names;
    for (const auto type : warehouse::all_note_types()) names.emplace_back(to_string(type));
    return names;
}

using Shared = std::shared_ptr<Options>;

Parser add_writing(Parser group, const char* name, const char* about, const Shared& options,
                   std::initializer_list<std::pair<const char*, const char*>> values) {
    auto command = group.add_subcommand(name, about);
    for (const auto& [option, meaning] : values)
        command.add_option(fmt::format("--{}", option), options->values[option], meaning);
    command.add_flag("--json", options->json, "an object");
    return command;
}

void add_add(Parser group, Context& context) {
    auto options = std::make_shared<Options>();
    auto command = add_writing(
        group, "add", "Keep what a talk came to", options,
        {{"rep", "whom it is about: an address, a name, or the part of the address before the @"},
         {"team", "instead of a rep: the team of a scrum"},
         {"manager", "who held it; default: who managed the team then"},
         {"held", "the day on which it was held; default: today"},
         {"text", "what was said; default: standard input"},
         {"minutes", "how long it took"},
         {"skill", "what a joint call was for"},
         {"kpi", "what a best practice moves"}});
    command.add_option("--type", options->values["type"], "one_on_one, scrum, joint_call, …")
        .required()
        .one_of(type_names());
    command
        .add_option("--agreed", options->agreed,
                    "what was agreed next, best with a number and a week: \"50 dials in "
                    "2026-W48\"; may be given again")
        .one_value_each();
    command
        .add_option("--opportunity", options->opportunities,
                    "one that it is about: SOURCE/ID; may be given again")
        .one_value_each();
    command.callback(
        [options, &context] { context.status = send_text(*context.load(), "note.add", *options); });
}

void add_changes(Parser group, Context& context) {
    auto edited = std::make_shared<Options>();
    auto edit = add_writing(group, "edit", "Give a note another text; the earlier one is kept",
                            edited, {{"text", "what was said; default: standard input"}});
    edit.add_option("ID", edited->id, "of `nudged note list`").required();
    edit.add_option("--agreed", edited->agreed, "what was agreed next; may be given again")
        .one_value_each();
    edit.callback(
        [edited, &context] { context.status = send_text(*context.load(), "note.edit", *edited); });

    auto removed = std::make_shared<Options>();
    auto remove = add_writing(group, "remove", "Take a note away; that there was one is kept",
                              removed, {{"reason", "why it goes"}});
    remove.add_option("ID", removed->id, "of `nudged note list`").required();
    remove.callback(
        [removed, &context] { context.status = send(*context.load(), "note.remove", *removed); });

    auto handed = std::make_shared<Options>();
    auto handover =
        add_writing(group, "handover", "Let a new manager read what was noted about a rep so far",
                    handed, {{"rep", "whose notes"}, {"to", "the manager who is to read them"}});
    handover.callback(
        [handed, &context] { context.status = send(*context.load(), "note.handover", *handed); });

    auto imported = std::make_shared<Options>();
    auto import = group.add_subcommand("import", "Keep the notes of a CSV file, each line once");
    import.add_option("FILE.csv", imported->file, "its first line names the columns").required();
    import.add_flag("--json", imported->json, "an object");
    import.callback([imported, &context] {
        context.status = import_notes(*context.load(), imported->file, imported->json);
});
}  // namespace

void add_reading(Parser group, Context& context) {
    auto listed = std::make_shared<Options>();
    const auto add_common = [](Parser command, const Shared& options) {
        command.add_option("--as", options->as,
                           "the address of whoever reads; without it, nothing of what was said");
        command.add_flag("--json", options->json, "an object");
    };
    const auto add_filter = [&](Parser command, const Shared& options) {
        add_common(command, options);
        command.add_option("--rep", options->rep, "only about this rep");
        command.add_option("--week", options->week, "only those held in this week: 2026-W48");
        command.add_option("--type", options->type, "only this type").one_of(type_names());
    };
    auto list_command = group.add_subcommand("list", "The notes that you may see");
    add_filter(list_command, listed);
    list_command.add_flag("--removed", listed->removed, "tombstones as well");
    list_command.callback([listed, &context] { list(*context.load(), *listed); });

    auto searched = std::make_shared<Options>();
    auto search = group.add_subcommand("search", "The notes that you may read and that hold words");
    add_filter(search, searched);
    search.add_option("WORDS", searched->words, "all of them; contr* for a beginning").required();
    search.callback([searched, &context] { list(*context.load(), *searched); });

    auto shown = std::make_shared<Options>();
    auto show_command = group.add_subcommand("show", "One note");
    add_common(show_command, shown);
    show_command.add_option("ID", shown->id, "of `nudged note list`").required();
    show_command.callback([shown, &context] { context.status = show(*context.load(), *shown); });
}

}  // namespace nudged::cli

void add_note(Parser app, Context& context) {
    auto group = app.add_subcommand(
        "note", "Notes of 1:1s, joint calls, praise: for the rep and the manager");
    group.require_subcommand();
    add_add(group, context);
    add_changes(group, context);
    add_reading(group, context);
}

}  // namespace nudged::cli
