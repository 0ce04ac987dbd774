// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/database.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::warehouse {

enum class ExportFormat { csv, jsonl };

struct ExportOptions {
    std::vector<std::string> views{};  // empty: all of docs/views.md
    ExportFormat format = ExportFormat::csv;
    std::string folder{};  // made when missing, for its user and group alone
    /// One snapshot is read for so long; a longer export goes on from the next one, at the row
    /// after the last. The write-ahead log cannot shrink while a snapshot lives.
    std::chrono::milliseconds snapshot{10'000};
};

struct ExportedFile {
    std::string view;
    std::string path;
    std::int64_t rows = 0;
};

struct Exported {
    std::vector<ExportedFile> files;
    int snapshots = 0;  // 1: all of it is of one instant
};

/// Writes each view into a file of its name, in bounded memory, beside whoever writes the
/// warehouse. A file appears once it is whole, in the place of an older one. Throws
/// Failure(refused) for a view that there is not, or that shows what exports leave out.
Exported export_views(const std::string& warehouse, const ExportOptions& options);

/// Tables that no export reads, whatever view asks: what is said in 1:1s is for the rep and the
/// manager. The connection refuses them, so that no view can let them out by mistake.
bool is_private_table(std::string_view table);

/// From now on the connection refuses to read them: for queries that somebody writes.
void hide_private_tables(const Database& database);

}  // namespace nudged::warehouse
