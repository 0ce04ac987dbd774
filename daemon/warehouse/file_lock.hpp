// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"

#include <string>

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

/// Switches to write-ahead logging; throws FileFailure where the file system cannot.
void require_wal(Database& database);

}  // namespace nudged::warehouse
