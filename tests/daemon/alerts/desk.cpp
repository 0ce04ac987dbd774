// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/alerts/desk.hpp"

#include "daemon/alerts/backlog.hpp"

namespace nudged::tests {

Desk::Desk() {
    world.team("North").manager("max").rep("ana").rep("ben").rep("cleo").channel("managers");
    for (const char* rep : {"ana", "ben", "cleo"}) world.user(rep);
    world.mark_all_complete(monday - std::chrono::minutes{5});
    scorecard.as_of = monday;
}

warehouse::Finding& Desk::found(const std::string& check, const std::string& deal,
                                const std::string& rep, warehouse::Severity severity) {
    auto& finding = evaluation.findings.emplace_back();
    finding.check = check;
    finding.severity = severity;
    finding.subject = {"opportunity", "crm", deal, deal, "https://crm.example/" + deal};
    finding.owner = world.person(rep);
    finding.team = "North";
    finding.since = monday - std::chrono::days{7};
    finding.summary = "No next step for 5 working days.";
    finding.question = "What is the next thing that the customer agreed to?";
    finding.evidence = {{"last touch", "2026-11-13", ""}};
    finding.amount = Decimal{48'000};
    return finding;
}

warehouse::Finding& Desk::praise(const std::string& rep, const std::string& text) {
    auto& finding = found("kpi.attainment", rep, rep, warehouse::Severity::info);
    finding.subject = {"person", "", std::to_string(static_cast<std::int64_t>(finding.owner)), rep,
                       ""};
    finding.is_praise = true;
    finding.summary = text;
    finding.question = "What made the difference?";
    return finding;
}

alerts::FindingChanges Desk::apply(Instant now) {
    return alerts::apply_findings(world.database(), evaluation, now, options);
}

alerts::Digest Desk::compose(Instant now) {
    const auto reader = world.reader();
    const auto people = world.people();
    const auto& team = people.teams.at(0);
    const alerts::DigestScene scene{
        .people = people,
        .team = team,
        .scorecard = scorecard,
        .held = evaluation.held,
        .due = alerts::digest_of(team, options.digest, team.zone.local_day(now)),
        .as_of = now,
        .findings = alerts::join_episodes(reader, evaluation.findings),
        .settled = warehouse::read_unsettled(reader, "North", now - alerts::settled_for),
        .streams = warehouse::read_streams(reader),
        .shared = shared};
    auto digest = alerts::compose_digest(scene, options);
    if (!warehouse::has_told(world.database(), "North"))
        alerts::sum_up_backlog(digest, scene.findings, options.digest.max_items,
                               options.texts.in("en"));
    return digest;
}

alerts::Enqueued Desk::enqueue(const alerts::Digest& digest, Instant now) {
    const auto north = team();
    const auto due = alerts::digest_of(north, options.digest, north.zone.local_day(now));
    return alerts::enqueue_digest(world.database(), digest, due, north, now, options);
}

warehouse::Team Desk::team() {
    return world.people().teams.at(0);
}

std::vector<std::string> Desk::live() {
    std::vector<std::string> names;
    for (const auto& stored : warehouse::read_live_findings(world.database()))
        names.push_back(stored.finding.check + " " + stored.finding.subject.id);
    return names;
}

std::string Desk::state_of(const std::string& check, const std::string& deal) {
    warehouse::Finding finding;
    finding.check = check;
    finding.subject = {"opportunity", "crm", deal, "", ""};
    const auto episode = warehouse::read_latest_episode(world.database(), finding.fingerprint());
    return episode ? fmt::format("{} {}", to_string(episode->state), episode->number) : "unknown";
}

}  // namespace nudged::tests
