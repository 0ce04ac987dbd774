// SPDX-License-Identifier: Apache-2.0
#include "tests/support/foreign_reader.hpp"

#include <fstream>
#include <stdexcept>

#include <sys/stat.h>

namespace nudged::tests {
namespace {

Process start(const TempFolder& folder, const std::string& database, const std::string& door) {
    if (::mkfifo(door.c_str(), 0600) != 0) throw std::runtime_error("no pipe at " + door);
    return {{"/usr/bin/sqlite3", "-readonly", database, "BEGIN", "SELECT count(*) FROM call",
             ".shell echo reads; cat " + door},
            folder.file("shell.out")};
}

}  // namespace

ForeignReader::ForeignReader(const TempFolder& folder, const std::string& database)
    : door_(folder.file("door")), shell_(start(folder, database, door_)) {
    shell_.await_line("reads");
    if (!shell_.runs()) throw std::runtime_error("sqlite3 does not read: " + shell_.output());
}

void ForeignReader::end() {
    if (std::exchange(is_ended_, true)) return;
    { const std::ofstream open_once{door_}; }
    shell_.wait();
}

}  // namespace nudged::tests
