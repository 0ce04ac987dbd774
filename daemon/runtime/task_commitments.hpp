// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/options.hpp"
#include "daemon/runtime/care.hpp"
#include "daemon/runtime/sheet.hpp"

#include <string>

namespace nudged::runtime {

/// True where an admin has mapped the text of tasks: `extra.commitment` switches on that
/// commitments are taken from tasks of a source, `extra.coaching` that other records are. Whoever
/// may read a task in the CRM reads what it says.
bool has_task_commitments(const sources::SourceOptions& source);

/// The tasks of a source whose subject begins with [commit] or another mark that is on, as rows of
/// a sheet: of whose task it is. What is vague, or has a line that cannot be read, is among the
/// problems, with an example.
asio::awaitable<SheetRows> read_task_commitments(const CareContext& context, std::string source);

}  // namespace nudged::runtime
