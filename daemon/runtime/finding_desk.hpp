// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/care.hpp"

namespace nudged::runtime {

/// What a person answers to a finding. Arguments: "id" (the beginning of its fingerprint), "do"
/// ("ack", "snooze", "dismiss", "dispute", "take_back"), "by"; for a dispute "reason" in words,
/// which goes to the manager and the admin; for a snooze "until" (a day, which is silent up to its
/// beginning where the team is; empty: until the facts change), for a dismissal "reason"
/// (wrong_data corrects what was told), and for any "note". Throws Failure(refused) for what does
/// not name one open finding, or says no such thing.
asio::awaitable<CareReport> answer_finding(const CareContext& context, ControlRequest request);

}  // namespace nudged::runtime
