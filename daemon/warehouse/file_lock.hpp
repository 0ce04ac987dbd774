// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"

#include <string>
#include <string_view>

namespace nudged::warehouse {

/// Holds `<path>.lock`, which says who writes the warehouse; the descriptor for unlock_file. Throws
/// FileFailure(needs_person) when another process holds it.
int lock_file(const std::string& path);
void unlock_file(int descriptor);

/// Makes the warehouse's file, when it is missing, for its user and group alone: SQLite would let
/// everybody read it. The files beside it take over its mode. A power cut does not take the new
/// file away: SQLite flushes what is in a file, and not that there is one.
void make_private_file(const std::string& path);

/// Flushes what files there are in the folder of `path`. Throws FileFailure.
void sync_folder_of(const std::string& path);

/// Returns the journal mode that the file has then, which need not be the one asked for. Throws
/// FileFailure when the change could not be written: SQLite answers before it commits it.
std::string change_journal_mode(Database& database, std::string_view mode);

/// Switches to write-ahead logging; throws FileFailure where the file system cannot.
void require_wal(Database& database);

}  // namespace nudged::warehouse
