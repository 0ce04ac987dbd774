// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/options.hpp"
#include "daemon/runtime/care.hpp"
#include "daemon/runtime/sheet.hpp"

#include <string>

namespace nudged::runtime {

/// True where an admin has mapped the text of tasks (`extra.commitment`): that switches on that
/// commitments are taken from tasks of a source. Whoever may read a task in the CRM reads what was
/// agreed.
bool has_task_commitments(const sources::SourceOptions& source);

/// The tasks of a source whose subject begins with [commit], as rows of a sheet: of whose task it
/// is. What is vague, or has a line that cannot be read, is among the problems, with an example.
asio::awaitable<SheetRows> read_task_commitments(const CareContext& context, std::string source);

}  // namespace nudged::runtime
