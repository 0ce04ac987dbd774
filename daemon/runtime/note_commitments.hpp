// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/source.hpp"
#include "daemon/runtime/care.hpp"
#include "daemon/runtime/sheet.hpp"

#include <string>

namespace nudged::runtime {

/// The notes of a source (sources/notes.hpp) that begin with [commit], or another mark that is on,
/// as rows of a sheet: of whose note it is. A note without a subject begins with its first line.
/// What is vague, or has a line that cannot be read, is among the problems, with an example;
/// whatever else a note says is gone when this returns. Throws Failure.
asio::awaitable<SheetRows> read_note_commitments(const CareContext& context, sources::Source& notes,
                                                 std::string source);

}  // namespace nudged::runtime
