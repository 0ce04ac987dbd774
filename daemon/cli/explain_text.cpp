// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/explain_text.hpp"

#include "daemon/checks/book.hpp"
#include "daemon/checks/scope.hpp"
#include "daemon/cli/finding_text.hpp"
#include "daemon/cli/shown_time.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/runtime/ways.hpp"
#include "daemon/warehouse/finding_tellings.hpp"
#include "daemon/warehouse/findings.hpp"
#include "daemon/warehouse/shadow.hpp"
#include "daemon/warehouse/tellings.hpp"
#include "daemon/warehouse/week_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace nudged::cli {
namespace {

/// A trend looks at its last eight usable weeks, which leave and holidays may spread.
constexpr int weeks_explained = 16;

template <typename... Args>
void print(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

void print_tellings(std::string& out, const View& view, const warehouse::Finding& finding,
                    Instant told_at) {
    for (const auto& telling : warehouse::read_tellings(view.reader(), told_at, finding.team))
        print(out, "     by message {}: {} to {} ({}), {}; `nudged outbox` shows it\n",
              fmt::underlying(telling.id), telling.reason, for_terminal(telling.channel),
              for_terminal(telling.recipient), to_string(telling.state));
}

void print_episodes(std::string& out, const View& view, const warehouse::Finding& finding,
                    bool with_tellings) {
    const auto episodes = warehouse::read_episodes(view.reader(), finding.fingerprint());
    if (episodes.empty()) {
        print(out, "\nNot taken up by the daemon yet: nobody has been told.\n");
        return;
    }
    print(out, "\nEpisodes\n");
    for (const auto& episode : episodes) {
        print(out, "  {}  opened {}", episode.number, shown_time(episode.opened_at));
        if (episode.notified_at) print(out, ", told {}", shown_time(*episode.notified_at));
        if (episode.resolved_at) print(out, ", resolved {}", shown_time(*episode.resolved_at));
        print(out, "\n");
        if (episode.notified_at && with_tellings)
            print_tellings(out, view, finding, *episode.notified_at);
    }
}

/// How far its source, or every source, had been read: silence counts only where it is proven.
std::string freshness(const View& view, const warehouse::Finding& finding) {
    std::string text;
    const auto scene = view.scene();
    for (const auto& [source, streams] : checks::streams_of(scene)) {
        if (!finding.subject.source.empty() && finding.subject.source != source) continue;
        std::optional<Instant> complete;
        bool whole = true;
        for (const auto& state : streams) {
            if (!model::tells_records(state.stream.lane)) continue;
            whole = whole && state.complete_at;
            if (state.complete_at && (!complete || *state.complete_at < *complete))
                complete = state.complete_at;
        }
        if (!text.empty()) text += ", ";
        text += complete
                    ? fmt::format("{} was read completely at {}", source, shown_time(*complete))
                    : source + " was never read completely";
        if (!whole) text += ", part of it not yet";
    }
    return text;
}

/// Whom it goes to, as messages are composed by.
void print_stops(std::string& out, const View& view, const config::Config& config,
                 const warehouse::Finding& finding) {
    const auto& database = view.reader().database();
    const auto routed = runtime::route_findings(config, view.scene(), {finding},
                                                warehouse::read_shadow_book(database),
                                                warehouse::read_live_tellings(database));
    for (const auto& [stored, way] : routed) {
        if (way.empty()) print(out, "  goes to nobody: its owner is in no team of teams.toml\n");
        for (const auto& stop : way) {
            const auto by = stop.channel.empty() ? "" : " by " + for_terminal(stop.channel);
            const auto to = stop.recipient.empty() ? "" : " to " + for_terminal(stop.recipient);
            print(out, "  {}{}{}: {}\n", for_terminal(stop.line), to, by,
                  for_terminal(stop.why, 200));
        }
    }
}

/// Whether anything stands between the finding and those whom it goes to.
void print_way(std::string& out, const View& view, const config::Config& config,
               const Involved& involved, const warehouse::Finding& finding,
               const Explained& explained) {
    const auto scene = view.scene();
    const auto say = [&](const std::string& text) { print(out, "  {}\n", text); };
    print(out, "\nWhy it is told, or not\n");
    say(fmt::format("it holds since {}, as of {}", shown_time(finding.since),
                    shown_time(scene.as_of)));
    say("not held: " + freshness(view, finding));
    const auto check = checks::describe_check(scene.options, finding.check);
    if (check && !check->is_enabled) return say("not told: the check is switched off");
    if (explained.tellings) print_stops(out, view, config, finding);
    if (!explained.evaluates) return;
    const auto told = checks::evaluate(scene).findings;
    const bool is_told = std::any_of(told.begin(), told.end(), [&](const auto& other) {
        return other.fingerprint() == finding.fingerprint();
    });
    if (is_told) return say("not folded into another");
    for (const auto& other : told)
        if (other.check == "rep.stale_layer" && other.owner == finding.owner)
            say(fmt::format("folded into {}, which stands for all stale deals of {}",
                            finding_id(other), for_terminal(involved.owner.name)));
}

/// A KPI's weeks that changed after they had been complete: what the finding rests on may not be
/// what was told then.
void print_edits(std::string& out, const View& view, const config::Config& config,
                 const warehouse::Finding& finding) {
    const auto first =
        IsoWeek::of(Zone::utc().local_day(view.scene().as_of)).plus(-weeks_explained);
    const auto edits = warehouse::read_week_edits(view.reader(), first, view.scene().as_of);
    Table table({Table::Align::left, Table::Align::left, Table::Align::left});
    bool any = false;
    for (const auto& edit : edits)
        for (const auto& kpi : config.checks.kpis) {
            if (edit.person != finding.owner || kpi.measure != edit.measure ||
                !finding.aspect.starts_with(kpi.name + "/"))
                continue;
            any = true;
            table.row({fmt::format("  {} {}", for_terminal(kpi.label, 30), edit.week.str()),
                       fmt::format("{:g} → {:g}", edit.before, edit.after),
                       fmt::format("found changed {}", shown_time(edit.seen_at))});
        }
    if (any) print(out, "\nChanged after the week's end\n{}", table.str());
}

}  // namespace

std::string explanation(const View& view, const config::Config& config,
                        const warehouse::Finding& finding, const Explained& explained) {
    std::string out;
    const auto involved = read_involved(view.reader(), view.people(), finding);
    const auto check = checks::describe_check(config.checks, finding.check);
    print(out, "{} ({})\n{}\n\n", finding.check, to_string(finding.severity),
          for_terminal(finding.summary, 400));
    Table facts({Table::Align::left, Table::Align::left});
    facts.row(
        {"about",
         fmt::format("{} {} ({} {})", finding.subject.type, for_terminal(finding.subject.name),
                     for_terminal(finding.subject.source), for_terminal(finding.subject.id, 80))});
    if (!finding.subject.url.empty()) facts.row({"open", for_terminal(finding.subject.url, 200)});
    facts.row({"owner",
               for_terminal(fmt::format("{} {}", involved.owner.name, involved.owner.email), 80)});
    facts.row(
        {"manager",
         for_terminal(fmt::format("{} {}", involved.manager_name, involved.manager_email), 80)});
    facts.row({"since", shown_time(finding.since)});
    facts.row({"question", for_terminal(finding.question, 300)});
    print(out, "{}\nEvidence\n", facts.str());
    Table evidence({Table::Align::left, Table::Align::left, Table::Align::left});
    for (const auto& fact : finding.evidence)
        evidence.row(
            {"  " + fact.label, for_terminal(fact.value, 200), for_terminal(fact.url, 200)});
    print(out, "{}", evidence.str());
    print_edits(out, view, config, finding);
    print(out, "\nRule\n  {}\n  Clears when: {}\n", check->meaning, check->clears);
    Table settings({Table::Align::left, Table::Align::left, Table::Align::left});
    const auto scene = view.scene();
    for (const auto& setting :
         config::check_settings(config, finding.check, checks::overrides_of(scene, finding)))
        settings.row({"  " + setting.key, for_terminal(setting.value, 80), setting.origin});
    print(out, "\nSettings, and where each was set\n{}", settings.str());
    print_way(out, view, config, involved, finding, explained);
    print_episodes(out, view, finding, explained.tellings);
    return out;
}

}  // namespace nudged::cli
