// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/why_not.hpp"

#include "connectors/base/text.hpp"
#include "daemon/checks/trace.hpp"
#include "daemon/cli/finding_text.hpp"
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
std::string gone(const RecordFacts& facts, Instant as_of) {
    if (facts.created_at && *facts.created_at > as_of)
        return fmt::format("it was created at {}, after the moment that is asked about",
                           format_instant(*facts.created_at));
    if (facts.deleted_at && *facts.deleted_at <= as_of)
        return fmt::format("it is deleted, since {}", format_instant(*facts.deleted_at));
    if (!facts.ending.empty()) return fmt::format("it is not open: {}", facts.ending);
    return {};
}

bool is_same(const Subject& one, const Subject& other) {
    return one.type == other.type && one.source == other.source && one.id == other.id;
}

/// It fires when it is looked at by itself: whether it is told as well.
std::string fires(const View& view, const warehouse::Finding& finding, bool is_enabled) {
    auto text = fmt::format("It does fire: {}\n  {}\n", finding_id(finding),
                            for_terminal(finding.summary, 200));
    if (!is_enabled) return text + "  But the check is switched off, so that it is not told.\n";
    for (const auto& told : checks::evaluate(view.scene()).findings) {
        if (told.fingerprint() == finding.fingerprint())
            return text + fmt::format("  `nudged explain {}` shows the rule and the evidence.\n",
                                      finding_id(finding));
        if (told.check == "rep.stale_layer" && told.owner == finding.owner)
            return text + fmt::format("  But {} stands for all stale deals of their owner: {}\n",
                                      finding_id(told), for_terminal(told.summary, 200));
    }
    return text;
}

/// Of this check: what was held for the subject's source, or for all.
std::vector<std::string> reasons(const checks::Evaluation& evaluation, const checks::Trace& trace,
                                 const std::string& check, const Subject& subject) {
    std::vector<std::string> found;
    for (const auto& held : evaluation.held)
        if (held.check == check &&
            (held.source.empty() || subject.source.empty() || held.source == subject.source))
            found.push_back("the check is held: " + held.reason);
    if (!found.empty()) return found;
    for (const auto& reason : trace.reasons())
        if (reason.check == check) found.push_back(reason.text);
    for (const auto& kept : evaluation.held_back)
        if (kept.check == check && checks::Trace{subject}.is_about(kept.owner))
            found.push_back(fmt::format("{}: {}", kept.what, kept.reason));
    return found;
}

std::string judge(const View& view, const std::string& check, const Subject& subject,
                  bool is_enabled) {
    checks::Trace trace{subject};
    auto scene = view.scene();
    scene.trace = &trace;
    const auto evaluation = checks::evaluate(scene, check);
    for (const auto& finding : evaluation.findings)
        if (is_same(finding.subject, subject)) return fires(view, finding, is_enabled);
    std::string text = "It does not fire.\n";
    if (!is_enabled) text += "  because the check is switched off\n";
    const auto found = reasons(evaluation, trace, check, subject);
    for (const auto& reason : found)
        text += fmt::format("  because {}\n", for_terminal(reason, 300));
    if (found.empty())
        text += fmt::format("  The check does not look at it, or does not say why; `nudged "
                            "evaluate --check {}` shows what it finds.\n",
                            check);
    return text;
}

}  // namespace

std::string why_not(const View& view, const std::string& check, const std::string& subject) {
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
    const auto heading = [&](const std::string& name, const std::string& what) {
        return fmt::format("{}: {}\n  {} {}\n\n", check, known->meaning, what, for_terminal(name));
    };
    if (!is_record) {
        const auto person = find_person(view, subject);
        return heading(person.name, "person") + judge(view, check, person, known->is_enabled);
    }
    const auto facts = find_record(view, check, subject);
    const auto head = heading(facts.name, fmt::format("{} {}", facts.entity, subject));
    const auto why = gone(facts, view.scene().as_of);
    if (!why.empty()) return head + fmt::format("It does not fire.\n  because {}\n", why);
    return head + judge(view, check, {facts.entity, facts.source, facts.id, facts.name, facts.url},
                        known->is_enabled);
}

}  // namespace nudged::cli
