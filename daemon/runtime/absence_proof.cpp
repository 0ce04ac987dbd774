// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/absence_proof.hpp"

#include "daemon/warehouse/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace nudged::runtime {
namespace {

constexpr std::chrono::milliseconds no_time{0};

/// The source whose silence keeps a finding from being told; null: none does. What is about a
/// person rests on every source.
const std::string* source_that_fails(const warehouse::Finding& finding,
                                     const std::map<std::string, std::string>& why_not) {
    if (why_not.empty() || !checks::is_about_absence(finding.check)) return nullptr;
    if (finding.subject.source.empty()) return &why_not.begin()->first;
    const auto found = why_not.find(finding.subject.source);
    return found == why_not.end() ? nullptr : &found->first;
}

}  // namespace

RecordsOfSources records_behind(const checks::Scene& scene,
                                const std::set<warehouse::FindingId>& told) {
    checks::AbsenceRecords records(scene, most_reread);
    for (const auto& live : warehouse::read_live_findings(scene.reader))
        if (told.contains(live.episode.id) && checks::is_about_absence(live.finding.check))
            records.add(live.finding);
    return records.records();
}

asio::awaitable<ReadAgain> read_again(std::span<const std::unique_ptr<SourceRunner>> runners,
                                      RecordsOfSources records,
                                      std::chrono::milliseconds patience) {
    using Steady = std::chrono::steady_clock;
    std::vector<std::pair<std::string, std::shared_ptr<Rereading>>> asked;
    for (const auto& runner : runners)
        if (const auto wanted = records.find(runner->name()); wanted != records.end())
            asked.emplace_back(runner->name(), runner->reread(std::move(wanted->second)));
    const auto until = Steady::now() + patience;
    ReadAgain all;
    for (const auto& [source, one] : asked) {
        const auto left =
            std::max(std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()), no_time);
        const auto result = co_await one->wait(left);
        if (result) all.changed += result->changed;
        if (!result)
            all.why_not[source] = "it has not answered in time";
        else if (!result->why_not.empty())
            all.why_not[source] = result->why_not;
    }
    co_return all;
}

void hold_unproven(checks::Evaluation& evaluation,
                   const std::map<std::string, std::string>& why_not) {
    std::set<std::pair<std::string, std::string>> held;
    std::erase_if(evaluation.findings, [&](const warehouse::Finding& finding) {
        const auto* source = source_that_fails(finding, why_not);
        if (source != nullptr) held.emplace(finding.check, *source);
        return source != nullptr;
    });
    for (const auto& [check, source] : held)
        evaluation.held.push_back(
            {check, source, fmt::format("{} could not be read again just now", source)});
}

}  // namespace nudged::runtime
