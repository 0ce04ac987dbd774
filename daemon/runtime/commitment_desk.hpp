// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/care.hpp"

namespace nudged::runtime {

/// The command "commit": the argument "do" says what, and the others with what (CommitmentWords):
///
///     add      rep, kpi, to, week; from, by, note, acknowledged, manager (of the rep, or refused)
///     look     as add, and tells what that would come to, without storing anything
///     look_up  rep, kpi, week: the "id" and "what" of the one that is agreed, if any
///     correct  id; to, from, week, note, worked, hard, acknowledged, reason
///     void     id, reason
///     import   header, text, line: lines of a file; what is there already is left as it is
///
/// What is agreed is never overwritten: a correction is another revision. Throws Failure(refused)
/// that says what is missing.
asio::awaitable<CareReport> keep_commitments(const CareContext& context, ControlRequest request);

}  // namespace nudged::runtime
