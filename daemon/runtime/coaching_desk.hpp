// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/care.hpp"

#include <optional>
#include <string_view>

namespace nudged::runtime {

/// What commands write about coaching, each a short transaction of the writer: "note.add",
/// "note.edit", "note.remove", "note.handover", "note.import", "note.seen", "plan.add",
/// "plan.rate", "plan.check", "escalation.open", "escalation.update", "escalation.close",
/// "escalation.review", "away.add", "away.remove". Guarded; nullopt for another name. Arguments are
/// what the options of the command line are called.
std::optional<asio::awaitable<CareReport>> find_desk(const ControlRequest& request,
                                                     const CareContext& context);

/// Such a command waits for no backup and no retention.
bool is_of_desk(std::string_view command);

/// How much of a file one "note.import" carries: with JSON's escapes it fits into a request.
inline constexpr std::size_t longest_import = 24 * 1024;

}  // namespace nudged::runtime
