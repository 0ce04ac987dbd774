// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/calendar.hpp"
#include "connectors/base/instant.hpp"
#include "daemon/checks/options.hpp"
#include "daemon/warehouse/finding.hpp"
#include "daemon/warehouse/freshness.hpp"
#include "daemon/warehouse/people.hpp"
#include "daemon/warehouse/reader.hpp"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged::checks {

using warehouse::Finding;
using warehouse::Findings;
using warehouse::Severity;

struct Book;
struct Feed;
struct Judgement;
struct Past;
struct QueryWeeks;
struct Surprises;
struct TouchBook;
class Trace;
/// Per source, by name.
using Streams = std::map<std::string, std::vector<warehouse::StreamState>>;

/// Everything a check may know. Same contents, same findings: `as_of` is the only clock. One thread
/// at a time, as its reader.
struct Scene {
    const warehouse::Reader& reader;
    const warehouse::People& people;
    const CheckOptions& options;
    Instant as_of;
    /// What several rules look at, read by the first of them (book.hpp, touch_book.hpp,
    /// coaching/judgement.hpp); leave all empty.
    mutable std::shared_ptr<const Book> book{};
    mutable std::shared_ptr<const Streams> streams{};
    mutable std::shared_ptr<TouchBook> touches{};
    mutable std::shared_ptr<const Judgement> judgement{};
    mutable std::shared_ptr<const Surprises> surprises{};  // kpi/surprise.hpp
    /// What the deals' histories say, and the options of each scope: past.hpp, scope.hpp.
    mutable std::shared_ptr<Past> past{};
    mutable std::map<std::vector<bool>, std::shared_ptr<const CheckOptions>> scoped{};
    /// What the queries of KPIs gave, by KPI and first week: kpi/query_weeks.hpp.
    mutable std::map<std::pair<std::string, IsoWeek>, std::shared_ptr<const QueryWeeks>>
        query_weeks{};
    /// Whether a source gives a field of opportunities at all (review/criteria.hpp).
    mutable std::map<std::pair<std::string, std::string>, bool> told_fields{};
    /// Who asks why a check says nothing of something; nobody in ordinary runs (trace.hpp).
    Trace* trace = nullptr;
};

/// A rule that could not be judged, and why: absence is not proven, or the CRM does not tell.
struct Held {
    std::string check;
    std::string source;  // may be empty
    std::string reason;  // "sales has not answered since 2026-11-20T14:10:00Z"
    /// Whether findings that are not found any more may still hold; not where the CRM only does not
    /// give a part of what the rule looks at.
    bool keeps_findings = true;
};

/// What a rule worked out and did not tell, with the reason: visible on request, never sent.
struct HeldBack {
    std::string check;
    warehouse::PersonId owner = warehouse::PersonId::nobody;
    std::string name;  // of the owner, or of the team
    std::string team;
    std::string what;    // "Dials: 46 in 2026-W46, about 60 are usual (p = 0.03)"
    std::string reason;  // "luck brings that about more often than 1 in 100 times"
};

/// One rule that ships. `run` appends what it finds, and what it had to hold. Where it leaves out
/// something that it looked at, it says why in a line, `quiet(scene, …)` (trace.hpp), for `nudged
/// explain --why-not`; a rule that does not is answered for with "it does not fire".
struct Check {
    std::string_view id;       // "opp.no_next_step"
    std::string_view meaning;  // when it fires, and how severe it is
    std::string_view clears;   // one sentence: when it is resolved
    bool (*is_enabled)(const CheckOptions& options);
    void (*run)(const Scene& scene, Findings& findings, std::vector<Held>& held);
    std::string_view evidence{};      // what a finding shows
    std::string_view false_alarms{};  // where it is known to be wrong, and what keeps it quiet
    const Feed& (*feed)() = nullptr;  // what a source must tell, or the rule is held (proof.hpp)
    bool needs_history = false;       // of deals, the CRM's or what was seen to change (past.hpp)
};
/// What a source must tell for it: "tasks or meetings; calls or meetings"; empty: nothing special.
std::string needs_text(const Check& check);

/// Everything that ships, one row a check.
std::span<const Check> catalog();
const Check* find_check(std::string_view id);

/// The ids of all that can be run: what ships, then the admin's own.
std::vector<std::string> check_ids(const CheckOptions& options);
/// What is known of one of them; nullopt for an id that is none.
struct CheckText {
    std::string meaning;
    std::string clears;
    bool is_enabled = true;
};
std::optional<CheckText> describe_check(const CheckOptions& options, std::string_view id);

/// Reps who have left all teams, and on which day.
using Departed = std::map<warehouse::PersonId, std::chrono::local_days>;

struct Evaluation {
    Findings findings;  // most severe first, then by amount and age where they have any
    Findings folded;    // those that a stale layer among them stands for
    /// One entry per check and source: a finding of that check and source may hold on, and is not
    /// resolved. Several checks can be held for the same reason; tell it once.
    std::vector<Held> held;
    std::vector<HeldBack> held_back;
    Departed departed;  // of whom nothing is found any more, whatever is held
};

/// Runs the checks that are switched on, then folds: a person's stale layer replaces its members.
/// Or runs only `only`, switched on or not, and folds nothing.
Evaluation evaluate(const Scene& scene, std::string_view only = {});

}  // namespace nudged::checks
