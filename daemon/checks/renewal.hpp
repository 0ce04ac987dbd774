// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/book.hpp"

#include <optional>

namespace nudged::checks {

/// When the clock of a renewal opens: `renewal_lead` days before its close date, the end of what is
/// renewed. nullopt of any other deal, and of one without that date.
std::optional<Instant> renewal_opens_at(const Scene& scene, const warehouse::OpenOpportunity& deal,
                                        const Owner& owner);

/// The same where it comes after `moment`, from which the clock of another deal would run.
std::optional<Instant> renewal_opens_after(const Scene& scene,
                                           const warehouse::OpenOpportunity& deal,
                                           const Owner& owner, Instant moment);

/// True while that lies ahead: nobody has to be working on it yet. `check` is whose reason that is,
/// for whoever asks (trace.hpp).
bool is_asleep(const Scene& scene, const warehouse::OpenOpportunity& deal, const Owner& owner,
               std::string_view check = {});

/// When the first of the account's open deals opens, where all of them are renewals.
std::optional<Instant> renewals_open_at(const Scene& scene, const warehouse::OwnedAccount& account);

/// True for an account whose open deals all sleep, and that has one.
bool is_asleep(const Scene& scene, const warehouse::OwnedAccount& account);

}  // namespace nudged::checks
