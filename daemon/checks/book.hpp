// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/checks/hygiene/next_step_state.hpp"
#include "daemon/warehouse/accounts.hpp"
#include "daemon/warehouse/activities.hpp"
#include "daemon/warehouse/opportunities.hpp"

#include <map>
#include <string>
#include <vector>

namespace nudged::checks {

/// What several rules look at, read once per scene. Without the deals and accounts of those whose
/// team shows no figures of theirs.
struct Book {
    std::vector<warehouse::OpenOpportunity> opportunities;
    std::vector<warehouse::OpenActivity> activities;
    std::vector<warehouse::OwnedAccount> accounts;

    /// Indexes into `activities` and `opportunities`, each list in their order. An account's
    /// activities are its own, those of its open opportunities and those of its contacts.
    warehouse::ByRecord<std::vector<std::size_t>> activities_of_opportunity;
    warehouse::ByRecord<std::vector<std::size_t>> activities_of_account;
    warehouse::ByRecord<std::size_t> opportunity_of;
    std::map<warehouse::PersonId, std::vector<std::size_t>> opportunities_of_owner;
    warehouse::ByRecord<std::vector<std::size_t>> opportunities_of_account;
};

/// The book of the scene; read at the first call.
const Book& book_of(const Scene& scene);

/// How far the streams of the scene have got; read at the first call. Apart from the book, since
/// figures of a team need it and not every open deal.
const Streams& streams_of(const Scene& scene);

/// Whoever owns a record, as the rules count their days.
struct Owner {
    warehouse::PersonId id{};
    const warehouse::Rep* rep = nullptr;  // null: not on the roster
    std::string team;                     // empty for whoever is not on the roster
    Zone zone = Zone::utc();
    const WorkCalendar* calendar = nullptr;  // Monday to Friday for whoever is not on the roster
    std::chrono::local_days today{};

    /// How many days lie behind `day`: worked ones, or all.
    int age(std::chrono::local_days day, Days counted = Days::working) const;
    int age(Instant moment, Days counted = Days::working) const {
        return age(zone.local_day(moment), counted);
    }
};
Owner owner_of(const Scene& scene, warehouse::PersonId id);
/// The name to show; "nobody" for a record without an owner.
std::string owner_name(const Scene& scene, const Owner& owner);

/// True while a deal that changed hands lately is still given time.
/// `check` is whose reason that is, for whoever asks (trace.hpp).
bool is_newly_owned(const Scene& scene, const warehouse::OpenOpportunity& deal, const Owner& owner,
                    std::string_view check = {});

/// How an opportunity or account stands, and the activity that decides it (null where none does).
struct StepFacts {
    NextStep state = NextStep::none;
    const warehouse::OpenActivity* activity = nullptr;
    std::optional<std::chrono::local_days> due;  // of that activity
};
/// "far, task Send the offer on 2027-02-01"; the state alone where no activity decides it.
std::string step_text(const StepFacts& step);
StepFacts opportunity_step(const Scene& scene, const warehouse::OpenOpportunity& deal,
                           const Owner& owner, int horizon);
StepFacts account_step(const Scene& scene, const warehouse::OwnedAccount& account,
                       const Owner& owner, int horizon);

/// True for accounts of an active rep's book whose type counts.
bool is_in_scope(const Scene& scene, const warehouse::OwnedAccount& account, const Owner& owner);

/// A finding of `check` about a record, with subject, owner and team filled in.
Finding finding_about(std::string_view check, const warehouse::OpenOpportunity& deal,
                      const Owner& owner);

}  // namespace nudged::checks
