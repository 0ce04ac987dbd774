// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/options.hpp"
#include "daemon/runtime/care.hpp"
#include "daemon/runtime/sheet.hpp"

#include <string>
#include <string_view>

namespace nudged::runtime {

/// The field of tasks (`extra.commitment`) that holds the text of a commitment, where an admin has
/// mapped one: that switches on that commitments are taken from tasks of a source. Whoever may read
/// a task in the CRM reads what was agreed.
inline constexpr std::string_view commitment_field = "commitment";
bool has_task_commitments(const sources::SourceOptions& source);

/// The tasks of a source whose subject begins with [commit], as rows of a sheet: of whose task it
/// is. What is vague, or has a line that cannot be read, is among the problems, with an example.
asio::awaitable<SheetRows> read_task_commitments(const CareContext& context, std::string source);

/// Lines of plain text; bodies of tasks are HTML in some CRMs.
std::string plain_lines(std::string_view text);

}  // namespace nudged::runtime
