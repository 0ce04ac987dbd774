// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "connectors/sources/csv/parser.hpp"
#include "daemon/cli/care_client.hpp"
#include "daemon/cli/commit_text.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/shown_time.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/runtime/commitment_entry.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/sheet_refusals.hpp"

#include <cstdio>
#include <fstream>
#include <sstream>

namespace nudged::cli {
namespace {

/// Of a file, in one request: half of what the control socket takes, as JSON writes some bytes as
/// two.
constexpr std::size_t longest_piece = 16 * 1024;
constexpr std::size_t longest_file = 16 * 1024 * 1024;

/// Options that are handed on as they are, by their names; those not given stay out.
using Words = std::map<std::string, std::string>;

void add_word(Parser command, Words& words, const std::string& name, const std::string& help) {
    command.add_option(
        "--" + name, [&words, name](const std::string& text) { words[name] = text; }, help);
}

runtime::ControlRequest request(const char* what, Words words) {
    words["do"] = what;
    return {.command = "commit", .arguments = std::move(words)};
}

struct Entry {
    Words words;
    std::vector<std::string> text;
    std::string id;
    bool acknowledged = false;
    bool json = false;
};

std::shared_ptr<Entry> entry_of(Parser command) {
    auto entry = std::make_shared<Entry>();
    command.add_flag("--json", entry->json, "an object");
    return entry;
}

void add_add(Parser group, Context& context) {
    auto command = group.add_subcommand("add", "Store what a rep agreed to reach in a week");
    auto entry = entry_of(command);
    auto& words = entry->words;
    add_word(command, words, "rep", "who: e-mail address, name or first name");
    add_word(command, words, "kpi", "of what, as in kpis.toml");
    add_word(command, words, "to", "how much of it, in a week of five days");
    add_word(command, words, "week", "by when: an ISO week, such as 2026-W48");
    add_word(command, words, "from", "where they start; else the median of the last usable weeks");
    add_word(command, words, "by", "who agreed it with them; else the team's manager");
    add_word(command, words, "note", "a word on it");
    command.add_flag("--acknowledged", entry->acknowledged, "the rep has said yes to it");
    command.add_option("WORDS", entry->text, "refused: a commitment needs a number and a week");
    command.callback([entry, &context] {
        if (entry->acknowledged) entry->words["acknowledged"] = "yes";
        if (!entry->text.empty())
            entry->words["text"] = fmt::format("{}", fmt::join(entry->text, " "));
        context.status = take_care(*context.load(), request("add", entry->words), entry->json);
    });
}

void add_correct(Parser group, Context& context) {
    auto command = group.add_subcommand(
        "correct", "Change what was agreed, or add what was said of it; the old words stay");
    auto entry = entry_of(command);
    auto& words = entry->words;
    command.add_option("NO", entry->id, "as `nudged commit list` prints it").required();
    add_word(command, words, "to", "how much, in a week of five days");
    add_word(command, words, "from", "where they start");
    add_word(command, words, "week", "by when, such as 2026-W48");
    add_word(command, words, "note", "a word on it");
    add_word(command, words, "worked", "what worked");
    add_word(command, words, "hard", "where it was hard");
    add_word(command, words, "reason", "why it is changed");
    command.add_flag("--acknowledged", entry->acknowledged, "the rep has said yes to it");
    command.callback([entry, &context] {
        if (entry->acknowledged) entry->words["acknowledged"] = "yes";
        entry->words["id"] = entry->id;
        context.status = take_care(*context.load(), request("correct", entry->words), entry->json);
    });
}

void add_void(Parser group, Context& context) {
    auto command = group.add_subcommand("void", "Say that what was agreed holds no more");
    auto entry = entry_of(command);
    command.add_option("NO", entry->id, "as `nudged commit list` prints it").required();
    add_word(command, entry->words, "reason", "why");
    command.callback([entry, &context] {
        entry->words["id"] = entry->id;
        context.status = take_care(*context.load(), request("void", entry->words), entry->json);
    });
}

std::string read_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) {
        fmt::print(stderr, "{}: cannot be read; is it there, and yours to read?\n", path);
        throw Exit{exit_failure};
    }
    if (text.view().size() > longest_file) {
        fmt::print(stderr, "{}: larger than {} MiB; split it, each part with its header\n", path,
                   longest_file >> 20);
        throw Exit{exit_failure};
    }
    return text.str();
}

/// Whole rows of the file behind its header, as much as one request may carry.
struct Piece {
    std::string text;
    std::uint64_t line = 0;
};

std::vector<Piece> cut(std::string_view text, std::string& header) {
    std::vector<Piece> pieces;
    sources::csv::RowParser parser(runtime::delimiter_of(text.substr(0, text.find('\n'))));
    std::size_t begin = 0;
    std::size_t at = 0;
    const auto take = [&] {
        const auto row = text.substr(begin, parser.row().bytes);
        if (begin == 0) {
            header = row;
        } else {
            if (pieces.empty() || pieces.back().text.size() + row.size() > longest_piece)
                pieces.push_back({.text = {}, .line = parser.row().line});
            pieces.back().text += row;
        }
        begin += row.size();
        at = begin;
    };
    while (at < text.size()) {
        at += parser.feed(text.substr(at));
        if (parser.has_row()) take();
        if (at < text.size() || begin >= text.size()) continue;
        parser.finish();
        if (!parser.has_row()) break;
        take();
    }
    return pieces;
}

void add_report(runtime::CareReport& all, const runtime::CareReport& one) {
    for (const auto& [name, text] : one.facts) {
        auto& sum = all.facts[name];
        sum = fmt::format("{}", (sum.empty() ? 0 : std::stol(sum)) + std::stol(text));
    }
    all.sentences.insert(all.sentences.end(), one.sentences.begin(), one.sentences.end());
    all.status = std::max(all.status, one.status);
}

int import_file(const config::Config& config, const std::string& path, bool json) {
    const auto text = read_text(path);
    std::string header;
    auto pieces = cut(text, header);
    if (pieces.empty()) pieces.push_back({.text = {}, .line = 2});
    runtime::CareReport all;
    for (const auto& piece : pieces) {
        auto report = do_care(config, request("import", {{"header", header},
                                                         {"text", piece.text},
                                                         {"line", fmt::format("{}", piece.line)}}));
        // The last sentence of each sums up that piece; they are summed up together below.
        const bool is_summed = report.facts.contains("stored");
        if (is_summed) report.sentences.pop_back();
        add_report(all, report);
        if (!is_summed) break;
    }
    if (all.facts.contains("stored"))
        all.sentences.push_back(fmt::format("{} stored, {} there already, {} refused",
                                            all.facts["stored"], all.facts["there_already"],
                                            all.facts["refused"]));
    print_report(all, json);
    return all.status;
}

void add_import(Parser group, Context& context) {
    struct Options {
        std::string file;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto command =
        group.add_subcommand("import", "Store the lines of a file; a second time changes nothing");
    command.add_option("FILE", options->file, "columns rep,kpi,from,to,week,by,note,acknowledged")
        .required();
    command.add_flag("--json", options->json, "an object");
    command.callback([options, &context] {
        context.status = import_file(*context.load(), options->file, options->json);
    });
}

struct ListOptions {
    std::string rep;
    std::string kpi;
    std::string week;
    std::string as_of;
    bool json = false;
};

/// Failures are of the command line here: somebody typed it.
template <typename Work>
decltype(auto) or_usage(Work work) {
    try {
        return work();
    } catch (const Failure& failure) {
        fmt::print(stderr, "{}\n", failure.what());
        throw Exit{exit_usage};
    }
}

void list(const config::Config& config, const ListOptions& options) {
    const auto as_of = as_of_option(options.as_of, config);
    std::string text;
    {
        const View view(config, as_of);
        const auto scene = view.scene();
        std::optional<IsoWeek> week;
        if (!options.week.empty())
            week = or_usage([&] { return runtime::read_week(options.week); });
        const warehouse::Rep* rep = nullptr;
        if (!options.rep.empty())
            rep = or_usage([&] { return &runtime::find_rep(scene, options.rep); });
        auto first = IsoWeek::of(Zone::utc().local_day(as_of)).plus(-52);
        if (week) first = std::min(first, *week);
        auto commitments = checks::judge_commitments(scene, first).commitments;
        std::erase_if(commitments, [&](const checks::JudgedCommitment& one) {
            return (week && one.commitment.week != *week) ||
                   (rep && one.commitment.person != rep->id) ||
                   (!options.kpi.empty() && one.commitment.kpi != options.kpi);
        });
        if (options.json)
            text = commitments_json(commitments) + "\n";
        else if (commitments.empty())
            text = "Nothing is agreed there; to agree something: nudged commit add\n";
        else
            text = commitments_text(commitments);
    }
    fmt::print("{}", text);
}

void add_list(Parser group, Context& context) {
    auto options = std::make_shared<ListOptions>();
    auto command =
        group.add_subcommand("list", "What was agreed, and what came of it; of the last year");
    command.add_option("--rep", options->rep, "only this rep");
    command.add_option("--kpi", options->kpi, "only this KPI");
    command.add_option("--week", options->week, "only this week, such as 2026-W07");
    command.add_option("--as-of", options->as_of, "the instant, or the day, that counts as now");
    command.add_flag("--json", options->json, "an array of objects");
    command.callback([options, &context] { list(*context.load(), *options); });
}

void propose(const config::Config& config, const ListOptions& options) {
    const View view(config, as_of_option(options.as_of, config));
    const auto scene = view.scene();
    const auto& rep =
        or_usage([&]() -> const warehouse::Rep& { return runtime::find_rep(scene, options.rep); });
    const auto& kpi =
        or_usage([&]() -> const checks::Kpi& { return runtime::find_kpi(scene, options.kpi); });
    const auto proposal = checks::propose_next(scene, rep, kpi);
    if (!proposal) {
        fmt::print(stderr,
                   "{}: there is no target of {} in kpis.toml, or no complete week of theirs yet\n",
                   rep.name, kpi.name);
        throw Exit{exit_failure};
    }
    fmt::print("{}", proposal_text(kpi, *proposal));
}

void add_propose(Parser group, Context& context) {
    auto options = std::make_shared<ListOptions>();
    auto command = group.add_subcommand(
        "propose", "The next rung for a rep: what the two may agree, as a beginning");
    command.add_option("--rep", options->rep, "who").required();
    command.add_option("--kpi", options->kpi, "of what, as in kpis.toml").required();
    command.add_option("--as-of", options->as_of, "the instant, or the day, that counts as now");
    command.callback([options, &context] { propose(*context.load(), *options); });
}

void refused(const config::Config& config, bool json) {
    std::vector<warehouse::SheetRefusal> all;
    {
        const warehouse::Reader reader(config.warehouse_path().string());
        all = warehouse::read_sheet_refusals(reader.database());
    }
    if (!json) {
        for (const auto& one : all)
            fmt::print("{} ({}, since {}): {}\n", one.source, one.kind,
                       format_date(user_zone().local_day(one.told_at)),
                       for_terminal(one.why, 1000));
        if (all.empty()) fmt::print("Every row of the sheets of commitments and leave is taken.\n");
        return;
    }
    Json out;
    out.begin_array();
    for (const auto& one : all)
        out.begin_object()
            .field("source", one.source)
            .field("kind", one.kind)
            .field("why", one.why)
            .field("since", format_instant(one.told_at))
            .end_object();
    out.end_array();
    fmt::print("{}\n", out.str());
}

void add_refused(Parser group, Context& context) {
    auto json = std::make_shared<bool>(false);
    auto command = group.add_subcommand(
        "refused", "Rows of the sheets of commitments and leave that were not taken, and why");
    command.add_flag("--json", *json, "an array of objects");
    command.callback([json, &context] { refused(*context.load(), *json); });
}

}  // namespace

void add_commit(Parser app, Context& context) {
    auto group = app.add_subcommand("commit",
                                    "What reps agreed to reach in which week, and what came of it");
    group.require_subcommand();
    add_add(group, context);
    add_list(group, context);
    add_correct(group, context);
    add_void(group, context);
    add_import(group, context);
    add_propose(group, context);
    add_refused(group, context);
}

}  // namespace nudged::cli
