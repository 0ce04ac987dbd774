// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/why_not.hpp"

#include "connectors/base/text.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/cli/finding_text.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/shown_time.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/warehouse/persons.hpp"
#include "daemon/warehouse/record_facts.hpp"

#include <algorithm>
#include <cstdio>

namespace nudged::cli {
namespace {

using warehouse::RecordFacts;
using warehouse::Subject;

[[noreturn]] void stop(const std::string& text) {
    fmt::print(stderr, "{}\n", text);
    throw Exit{exit_failure};
}

/// What a check is about, by the first part of its id; "" for anything.
std::string entity_of(std::string_view check) {
    const auto family = check.substr(0, check.find('.'));
    if (family == "opp" || family == "lead") return "opportunity";
    if (family == "acct") return "account";
    if (family == "task") return "task";
    // mtg.no_follow_up is about what was met for, a deal or an account.
    if (family == "mtg") return {};
    if (family == "rep" || family == "kpi" || family == "commit" || family == "plan")
        return "person";
    return {};
}

Subject find_person(const View& view, const std::string& who) {
    const auto wanted = to_lower_ascii(who);
    auto id = warehouse::find_by_address(view.reader().database(), wanted);
    for (const auto& rep : view.people().reps)
        if (!id && to_lower_ascii(rep.name) == wanted) id = rep.id;
    if (!id)
        stop(fmt::format("{}: nobody has that address, and no rep that name; a record is named "
                         "SOURCE/ID, as `nudged evaluate --json` shows them",
                         for_terminal(who)));
    const auto person = warehouse::counted_as(view.reader().database(), *id);
    const auto name = warehouse::read_person(view.reader(), person);
    return {"person", "", fmt::format("{}", fmt::underlying(person)), name ? name->name : who, ""};
}

/// The record that the check would look at, of those which share the id.
RecordFacts find_record(const View& view, const std::string& check, const std::string& subject) {
    const auto slash = subject.find('/');
    const auto found = warehouse::read_record_facts(view.reader(), subject.substr(0, slash),
                                                    subject.substr(slash + 1));
    const auto entity = entity_of(check);
    for (const auto& facts : found)
        if (entity.empty() || entity == "person" || facts.entity == entity) return facts;
    if (found.empty())
        stop(fmt::format("{}: no such record has been read; `nudged sync` reads what is new",
                         for_terminal(subject)));
    stop(fmt::format("{} is a {}; {} looks at {} records", for_terminal(subject),
                     found.front().entity, check, entity));
}

/// What no check has to look at; "" when one might.
std::string gone(const RecordFacts& facts, Instant as_of, TimeText time_text) {
    if (facts.created_at && *facts.created_at > as_of)
        return fmt::format("it was created at {}, after the moment that is asked about",
                           time_text(*facts.created_at));
    if (facts.deleted_at && *facts.deleted_at <= as_of)
        return fmt::format("it is deleted, since {}", time_text(*facts.deleted_at));
    if (!facts.ending.empty()) return fmt::format("it is not open: {}", facts.ending);
    return {};
}

bool is_same(const Subject& one, const Subject& other) {
    return one.type == other.type && one.source == other.source && one.id == other.id;
}

/// Of this check: what was held for the subject's source, or for all, and what it says itself. A
/// hold that keeps no findings leaves it something to judge.
std::vector<std::string> reasons(const checks::Evaluation& evaluation, const checks::Trace& trace,
                                 const std::string& check, const Subject& subject) {
    std::vector<std::string> found;
    bool judges = true;
    for (const auto& held : evaluation.held) {
        if (held.check != check ||
            (!held.source.empty() && !subject.source.empty() && held.source != subject.source))
            continue;
        found.push_back("the check is held: " + held.reason);
        judges = judges && !held.keeps_findings;
    }
    if (!judges) return found;
    for (const auto& reason : trace.reasons())
        if (reason.check == check) found.push_back(reason.text);
    for (const auto& kept : evaluation.held_back)
        if (kept.check == check && checks::Trace{subject}.is_about(kept.owner))
            found.push_back(fmt::format("{}: {}", kept.what, kept.reason));
    return found;
}

/// It fires when it is looked at by itself: whether it is told as well.
void note_fired(const View& view, const warehouse::Finding& finding, Silence& silence) {
    silence.finding = finding_id(finding);
    silence.summary = finding.summary;
    if (!silence.is_enabled) return;
    for (const auto& told : checks::evaluate(view.scene()).findings) {
        if (told.fingerprint() == finding.fingerprint()) return;
        if (told.check != "rep.stale_layer" || told.owner != finding.owner) continue;
        silence.folded_into = finding_id(told);
        silence.folded_summary = told.summary;
        return;
    }
}

void judge(const View& view, const Subject& subject, Silence& silence) {
    checks::Trace trace{subject};
    auto scene = view.scene();
    scene.trace = &trace;
    const auto evaluation = checks::evaluate(scene, silence.check);
    for (const auto& finding : evaluation.findings)
        if (is_same(finding.subject, subject)) return note_fired(view, finding, silence);
    silence.reasons = reasons(evaluation, trace, silence.check, subject);
}

std::string fired_text(const Silence& silence) {
    auto text = fmt::format("It does fire: {}\n  {}\n", *silence.finding,
                            for_terminal(silence.summary, 200));
    if (!silence.is_enabled)
        return text + "  But the check is switched off, so that it is not told.\n";
    if (silence.folded_into)
        return text + fmt::format("  But {} stands for all stale deals of their owner: {}\n",
                                  *silence.folded_into, for_terminal(silence.folded_summary, 200));
    return text + fmt::format("  `nudged explain {}` shows the rule and the evidence.\n",
                              *silence.finding);
}

}  // namespace

Silence find_why_not(const View& view, const std::string& check, const std::string& subject,
                     TimeText time_text) {
    const auto known = checks::describe_check(view.scene().options, check);
    if (!known) {
        const auto near = nearest(check, checks::check_ids(view.scene().options));
        fmt::print(stderr, "--why-not {}: no such check{}\n", for_terminal(check),
                   near.empty() ? "" : fmt::format(", did you mean \"{}\"?", near));
        throw Exit{exit_usage};
    }
    const bool is_record = subject.find('/') != subject.npos;
    const auto entity = entity_of(check);
    if (!is_record && !entity.empty() && entity != "person")
        stop(fmt::format("{} is about {} records; name one as SOURCE/ID, as `nudged evaluate "
                         "--json` shows them",
                         check, entity));
    if (is_record && entity == "person")
        stop(fmt::format("{} is about people; name one by their address or name", check));
    Silence silence;
    silence.check = check;
    silence.meaning = known->meaning;
    silence.is_enabled = known->is_enabled;
    if (!is_record) {
        const auto person = find_person(view, subject);
        silence.about = "person";
        silence.name = person.name;
        judge(view, person, silence);
        return silence;
    }
    const auto facts = find_record(view, check, subject);
    silence.about = fmt::format("{} {}", facts.entity, subject);
    silence.name = facts.name;
    if (auto why = gone(facts, view.scene().as_of, time_text); !why.empty()) {
        silence.is_gone = true;
        silence.reasons.push_back(std::move(why));
    } else {
        judge(view, {facts.entity, facts.source, facts.id, facts.name, facts.url}, silence);
    }
    return silence;
}

std::string why_not(const View& view, const std::string& check, const std::string& subject) {
    const auto silence = find_why_not(view, check, subject, shown_time);
    const auto head = fmt::format("{}: {}\n  {} {}\n\n", check, silence.meaning, silence.about,
                                  for_terminal(silence.name));
    if (silence.finding) return head + fired_text(silence);
    auto text = head + "It does not fire.\n";
    if (!silence.is_enabled && !silence.is_gone) text += "  because the check is switched off\n";
    for (const auto& reason : silence.reasons)
        text += fmt::format("  because {}\n", for_terminal(reason, 300));
    if (silence.reasons.empty())
        text += fmt::format("  The check does not look at it, or does not say why; `nudged "
                            "evaluate --check {}` shows what it finds.\n",
                            check);
    return text;
}

std::string why_not_json(const View& view, const std::string& check, const std::string& subject) {
    const auto silence = find_why_not(view, check, subject, format_instant);
    Json json;
    json.begin_object()
        .field("check", silence.check)
        .field("about", silence.about)
        .field("name", silence.name)
        .field("enabled", silence.is_enabled)
        .field("fires", silence.finding.has_value())
        .field("finding", silence.finding)
        .field("folded_into", silence.folded_into)
        .key("reasons")
        .begin_array();
    for (const auto& reason : silence.reasons) json.value(reason);
    json.end_array().end_object();
    return json.str() + '\n';
}

}  // namespace nudged::cli
