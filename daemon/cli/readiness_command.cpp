// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/kpi/weeks.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/service_commands.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/readiness.hpp"
#include "daemon/warehouse/unknown_owners.hpp"

#include <algorithm>
#include <cstdio>

namespace nudged::cli {
namespace {

/// With fewer a week, one rep's figure is luck rather than news (sales practice §8.2); the team's
/// sum still says something.
constexpr double least_per_rep = 4;

struct RepReadiness {
    std::string name, team;
    warehouse::Logged logged{};
    bool has_user = false;
};

/// One KPI, over the reps whom it is asked of.
struct KpiReadiness {
    std::string kpi;
    double per_rep_and_week = 0;
    std::size_t reps = 0;
    bool for_teams_only = false;
};

struct Readiness {
    int weeks = 0;
    std::vector<RepReadiness> reps;
    std::vector<KpiReadiness> kpis;
    std::vector<warehouse::UnknownOwner> unknown_owners;
    std::vector<warehouse::VagueStage> stages;
    std::vector<warehouse::EmptyField> fields;
};

std::vector<KpiReadiness> read_kpis(const checks::Scene& scene, int weeks) {
    struct Sum {
        double value = 0;
        int weeks = 0;
        std::size_t reps = 0;
    };
    std::vector<std::pair<const checks::Kpi*, Sum>> sums;
    for (const auto& series : checks::read_kpi_series(scene, weeks + 1)) {
        if (series.kpi->ratio) continue;  // a share has no number a week
        auto found = std::find_if(sums.begin(), sums.end(),
                                  [&](const auto& one) { return one.first == series.kpi; });
        if (found == sums.end()) found = sums.insert(sums.end(), {series.kpi, {}});
        auto& sum = found->second;
        ++sum.reps;
        for (const auto& week : series.weeks) {
            if (!week.is_usable() || !week.value) continue;
            sum.value += *week.value;
            ++sum.weeks;
        }
    }
    std::vector<KpiReadiness> kpis;
    for (const auto& [kpi, sum] : sums) {
        const double mean = sum.weeks > 0 ? sum.value / sum.weeks : 0;
        const bool is_count = kpi->unit == "count";
        kpis.push_back({kpi->name, mean, sum.reps, is_count && mean < least_per_rep});
    }
    return kpis;
}

Readiness read_readiness(const View& view, Instant as_of, int weeks) {
    Readiness readiness;
    readiness.weeks = weeks;
    const auto from = as_of - std::chrono::days{7 * weeks};
    const auto logged = warehouse::read_logged(view.reader(), from, as_of);
    const auto scene = view.scene();
    for (const auto& rep : view.people().reps) {
        const auto found = logged.find(rep.id);
        readiness.reps.push_back({rep.name, view.people().team_of(rep).name,
                                  found == logged.end() ? warehouse::Logged{} : found->second,
                                  rep.has_user});
    }
    readiness.kpis = read_kpis(scene, weeks);
    readiness.unknown_owners = warehouse::read_unknown_owners(view.reader());
    readiness.stages = warehouse::read_vague_stages(view.reader());
    readiness.fields = warehouse::read_empty_fields(view.reader());
    return readiness;
}

/// "12 of 80"; a share of few is no news, so numbers stand for themselves.
std::string of(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? "-" : fmt::format("{} of {}", part, whole);
}

void print_reps(const Readiness& readiness) {
    fmt::print("Reps, over {} weeks\n", readiness.weeks);
    using Align = Table::Align;
    Table table({Align::left, Align::left, Align::right, Align::right, Align::right, Align::right});
    table.row({"rep", "team", "calls a week", "calls without outcome", "meetings a week",
               "past meetings without outcome"});
    for (const auto& rep : readiness.reps) {
        if (!rep.has_user) {
            table.row({for_terminal(rep.name), for_terminal(rep.team), "no user", "-", "-", "-"});
            continue;
        }
        const auto& logged = rep.logged;
        const auto weekly = [&](std::int64_t count) {
            return fmt::format("{:.1f}", static_cast<double>(count) / readiness.weeks);
        };
        table.row({for_terminal(rep.name), for_terminal(rep.team), weekly(logged.calls),
                   of(logged.calls_without_outcome, logged.calls), weekly(logged.meetings),
                   of(logged.meetings_without_outcome, logged.meetings)});
    }
    fmt::print("{}", table.str());
    if (readiness.reps.empty()) fmt::print("  nobody: write who works for whom into teams.toml\n");
}

void print_kpis(const Readiness& readiness) {
    fmt::print("\nKPIs\n");
    for (const auto& kpi : readiness.kpis)
        fmt::print("  {}: {:.1f} per rep and week of {} reps; {}\n", kpi.kpi, kpi.per_rep_and_week,
                   kpi.reps,
                   kpi.for_teams_only
                       ? fmt::format("fewer than {:.0f}: use it for the team, a single rep's weeks "
                                     "are luck",
                                     least_per_rep)
                       : "enough for each rep");
    if (readiness.kpis.empty())
        fmt::print("  none is counted: /usr/share/nudged/packs has some to begin with\n");
}

void print_gaps(const Readiness& readiness) {
    fmt::print("\nWhat is in the way\n");
    for (const auto& owner : readiness.unknown_owners)
        fmt::print("  {}: {} {} records of {} count for nobody\n", owner.source, owner.records,
                   owner.entity,
                   owner.owner.empty() ? "no owner"
                                       : "the owner " + for_terminal(owner.owner) +
                                             ", who is not in the CRM's list of users,");
    for (const auto& stage : readiness.stages)
        fmt::print("  {}: {} open opportunities in the stage {}: {}\n", stage.source,
                   stage.opportunities, for_terminal(stage.stage), stage.why);
    for (const auto& field : readiness.fields)
        fmt::print("  {}: {}.{} is empty in the newest {} records: nobody fills it in, or the "
                   "credential may not see it\n",
                   field.source, field.entity, field.field, field.records);
    if (readiness.unknown_owners.empty() && readiness.stages.empty() && readiness.fields.empty())
        fmt::print("  nothing\n");
}

void print_json(const Readiness& readiness) {
    Json json;
    json.begin_object().field("weeks", readiness.weeks).key("reps").begin_array();
    for (const auto& rep : readiness.reps)
        json.begin_object()
            .field("rep", rep.name)
            .field("team", rep.team)
            .field("has_user", rep.has_user)
            .field("calls", rep.logged.calls)
            .field("calls_without_outcome", rep.logged.calls_without_outcome)
            .field("meetings", rep.logged.meetings)
            .field("meetings_without_outcome", rep.logged.meetings_without_outcome)
            .end_object();
    json.end_array().key("kpis").begin_array();
    for (const auto& kpi : readiness.kpis)
        json.begin_object()
            .field("kpi", kpi.kpi)
            .field("per_rep_and_week", kpi.per_rep_and_week)
            .field("reps", kpi.reps)
            .field("for_teams_only", kpi.for_teams_only)
            .end_object();
    json.end_array().key("unknown_owners").begin_array();
    for (const auto& owner : readiness.unknown_owners)
        json.begin_object()
            .field("source", owner.source)
            .field("owner", owner.owner)
            .field("entity", owner.entity)
            .field("records", owner.records)
            .end_object();
    json.end_array().key("vague_stages").begin_array();
    for (const auto& stage : readiness.stages)
        json.begin_object()
            .field("source", stage.source)
            .field("stage", stage.stage)
            .field("why", stage.why)
            .field("opportunities", stage.opportunities)
            .end_object();
    json.end_array().key("empty_fields").begin_array();
    for (const auto& field : readiness.fields)
        json.begin_object()
            .field("source", field.source)
            .field("entity", field.entity)
            .field("field", field.field)
            .field("records", field.records)
            .end_object();
    json.end_array().end_object();
    fmt::print("{}\n", json.str());
}

}  // namespace

void add_readiness(Parser app, Context& context) {
    struct Options {
        int weeks = 4;
        std::string as_of;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto command = app.add_subcommand(
        "readiness",
        "What the CRM's records can support: who logs what, and what is missing; judges nobody");
    command.add_option("--weeks", options->weeks, "the weeks that are looked at")
        .between(1, 26)
        .show_default();
    command.add_option("--as-of", options->as_of, "the instant, or the day, that counts as now");
    command.add_flag("--json", options->json, "an object");
    command.callback([options, &context] {
        const auto config = context.load();
        const auto as_of = as_of_option(options->as_of, *config);
        Readiness readiness;
        {
            const View view(*config, as_of);
            readiness = read_readiness(view, as_of, options->weeks);
        }
        if (options->json) return print_json(readiness);
        print_reps(readiness);
        print_kpis(readiness);
        print_gaps(readiness);
    });
}

}  // namespace nudged::cli
