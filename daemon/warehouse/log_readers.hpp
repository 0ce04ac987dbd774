// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace nudged::warehouse {

/// A process whose snapshot keeps the write-ahead log from being taken up into the file.
struct LogReader {
    pid_t pid;
    std::string command;  // empty where the system hides it from us
};

/// Other processes that read an older state of the warehouse than its latest. Empty also where it
/// cannot be known: this process must have the warehouse open. Any thread.
std::vector<LogReader> find_log_readers(const std::string& path);

/// "pid 4711 (metabase), pid 4712"; empty for none.
std::string name_readers(const std::vector<LogReader>& readers);

}  // namespace nudged::warehouse
