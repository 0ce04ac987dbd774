// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Files that must be there, whole, after a power cut. Failures name the file: needs_person, but
/// refused where a name is taken.
namespace nudged::warehouse {

/// Flushes the file's bytes. Not for a file that this process has open by SQLite: closing it here
/// would drop SQLite's locks.
void sync_file(const std::string& path);
/// Renames and flushes the folder; Failure(refused) when `to` is there already.
void rename_new(const std::string& from, const std::string& to);
/// Renames over what is there, and flushes the folder.
void rename_over(const std::string& from, const std::string& to);
/// The files of its folder whose names are the file's name and then `mark` and more, sorted.
std::vector<std::string> files_beside(const std::string& path, std::string_view mark);
/// Replaces the file as a whole, for its user alone; returns once it is durable.
void write_secret_file(const std::string& path, std::string_view bytes);

}  // namespace nudged::warehouse
