// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/finding_text.hpp"

namespace nudged::cli {

std::string finding_id(const warehouse::Finding& finding) {
    return finding.fingerprint().substr(0, 10);
}

Involved read_involved(const warehouse::Reader& reader, const warehouse::People& people,
                       const warehouse::Finding& finding) {
    Involved involved;
    if (const auto person = warehouse::read_person(reader, finding.owner)) involved.owner = *person;
    const auto* rep = people.rep(finding.owner);
    for (const auto& team : people.teams) {
        const bool theirs =
            rep != nullptr ? &people.team_of(*rep) == &team : team.name == finding.team;
        if (!theirs) continue;
        involved.manager_name = team.manager_name;
        involved.manager_email = team.manager_email;
    }
    return involved;
}

void write_finding(Json& json, const warehouse::Finding& finding, const Involved& involved) {
    json.begin_object()
        .field("id", finding_id(finding))
        .field("check", finding.check)
        .field("severity", to_string(finding.severity))
        .field("praise", finding.is_praise);
    json.key("subject")
        .begin_object()
        .field("type", finding.subject.type)
        .field("source", finding.subject.source)
        .field("id", finding.subject.id)
        .field("name", finding.subject.name)
        .field("url", finding.subject.url)
        .end_object();
    json.key("owner")
        .begin_object()
        .field("id", static_cast<std::int64_t>(finding.owner))
        .field("name", involved.owner.name)
        .field("email", involved.owner.email)
        .end_object();
    json.key("manager")
        .begin_object()
        .field("name", involved.manager_name)
        .field("email", involved.manager_email)
        .end_object();
    json.field("team", finding.team)
        .field("since", format_instant(finding.since))
        .field("summary", finding.summary)
        .field("question", finding.question);
    json.key("evidence").begin_array();
    for (const auto& fact : finding.evidence)
        json.begin_object()
            .field("label", fact.label)
            .field("value", fact.value)
            .field("url", fact.url)
            .end_object();
    json.end_array().end_object();
}

}  // namespace nudged::cli
