// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/sql/sql_check.hpp"

#include "daemon/checks/book.hpp"
#include "daemon/checks/sql/sql_row.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/warehouse/rollups.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace nudged::checks {
namespace {

using warehouse::ViewQueries;

std::string reason_of(const SqlCheck& check, std::string_view what) {
    return fmt::format("{}: the query {}", check.query.place.str(), what);
}

/// The first team's day: a query has one, whoever the owners of its rows are.
std::chrono::local_days today(const Scene& scene) {
    const auto& teams = scene.people.teams;
    return (teams.empty() ? Zone::utc() : teams.front().zone).local_day(scene.as_of);
}

/// The sources that are behind, noted as held.
std::set<std::string> hold_sources(const Scene& scene, const SqlCheck& check, const Feed& feed,
                                   std::vector<Held>& held) {
    std::set<std::string> behind;
    for (const auto& [source, states] : streams_of(scene))
        if (auto reason = unproven(scene, source, feed)) {
            held.push_back({check.id(), source, std::move(*reason)});
            behind.insert(source);
        }
    return behind;
}

Findings read_rows(const Scene& scene, const SqlCheck& check,
                   const warehouse::QueryResult& result) {
    Findings findings;
    std::set<std::string> fingerprints;
    for (std::size_t i = 0; i < result.rows.size(); ++i) {
        findings.push_back(read_sql_row(scene, check, result, i));
        if (!fingerprints.insert(findings.back().fingerprint()).second)
            throw Failure(FailureKind::refused,
                          fmt::format("gives two rows about one subject, the second is row {}; "
                                      "group them, or tell them apart by a column aspect",
                                      i + 1));
    }
    return findings;
}

void run_one(const Scene& scene, const SqlCheck& check, const ViewQueries& queries,
             Findings& findings, std::vector<Held>& held) {
    const auto result = queries.run(check.query.text, {scene.as_of, today(scene)});
    if (const auto missing = find_missing_column(result.columns))
        throw Failure(FailureKind::refused, *missing);
    if (reads_sums(result.views) && !warehouse::read_rollup_proof(scene.reader).is_whole()) {
        held.push_back({check.id(), "", "sums are counted anew"});
        return;
    }
    auto found = read_rows(scene, check, result);
    const auto behind = hold_sources(scene, check, feed_of(result.views), held);
    // What is about no source's record rests on all of them.
    std::erase_if(found, [&](const Finding& finding) {
        return finding.subject.source.empty() ? !behind.empty()
                                              : behind.contains(finding.subject.source);
    });
    if (scene.trace) scene.trace->note(check.id(), "its query gives no row about it");
    std::move(found.begin(), found.end(), std::back_inserter(findings));
}

}  // namespace

std::optional<std::string> find_missing_column(const std::vector<std::string>& columns) {
    std::set<std::string> seen;
    for (const auto& column : columns)
        if (!seen.insert(column).second)
            return fmt::format("has two columns \"{}\"; name one of them with AS", column);
    std::vector<std::string> missing;
    for (const auto* needed : {"entity", "source", "id", "owner", "message"})
        if (!seen.contains(needed)) missing.emplace_back(needed);
    if (missing.empty()) return std::nullopt;
    return fmt::format("has no column {}; it needs entity, source, id, owner and message",
                       fmt::join(missing, ", "));
}

bool reads_sums(const std::set<std::string>& views) {
    return views.contains("v_rep_day") || views.contains("v_rep_week") ||
           views.contains("v_team_sum");
}

Feed feed_of(const std::set<std::string>& views) {
    using model::Entity;
    Feed feed;
    // Sums and weeks are made of these.
    if (reads_sums(views) || views.contains("v_commitment"))
        feed.fresh = {Entity::call, Entity::task, Entity::meeting, Entity::opportunity};
    for (const auto& view : views) {
        std::string name = view.substr(view.find('_') + 1);
        if (name == "opportunity_change" || name == "opportunity_period") name = "opportunity";
        if (name == "task_change") name = "task";
        const auto entity = model::entity_of(name);
        if (entity && std::find(feed.fresh.begin(), feed.fresh.end(), *entity) == feed.fresh.end())
            feed.fresh.push_back(*entity);
    }
    return feed;
}

void run_sql_checks(const Scene& scene, std::string_view only, Findings& findings,
                    std::vector<Held>& held) {
    std::optional<ViewQueries> queries;
    for (const auto& check : scene.options.sql_checks) {
        if (only.empty() ? !check.enabled : check.id() != only) continue;
        try {
            if (!queries) queries.emplace(scene.reader.path());
            run_one(scene, check, *queries, findings, held);
        } catch (const warehouse::FileFailure&) {
            throw;  // nothing else can be read either
        } catch (const Failure& failure) {
            held.push_back({check.id(), "", reason_of(check, failure.what())});
        }
    }
}

}  // namespace nudged::checks
