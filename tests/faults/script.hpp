// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/writer.hpp"
#include "tests/faults/disk.hpp"

#include <string>
#include <vector>

namespace nudged::tests {

/// How far a warehouse has got: what the script's counters say, or what is found in the file.
struct Reached {
    int pages = 0;      // of calls, opportunities and users, with their cursor
    int decided = 0;    // findings, each with its message
    int claimed = 0;    // messages
    int delivered = 0;  // messages
    int copies = 0;     // backups that are whole, named by copy_path()
};

/// What the daemon asks of a Writer, in small: pages of records with history and rollups, findings
/// with messages, messages claimed and delivered, a backup between them, and at the end what is
/// left of removed rows overwritten. Page n is always the same, so is message n.
class Script {
public:
    /// For `path` on the disk. Goes on where the warehouse stands.
    Script(Disk& disk, std::string path);

    /// Opens a Writer, does so many rounds of a few pages and one message each, with a backup after
    /// half of them, and closes it. What fails is tried again. Throws std::runtime_error when a
    /// thing fails again and again.
    void run(int rounds);

    /// What a power cut must not take, at the note of this number. Note 0 is before everything.
    const Reached& safe_at(std::int64_t note) const {
        return notes_[static_cast<std::size_t>(note)];
    }
    const Reached& reached() const { return reached_; }
    /// What the failed tries threw, and whether it was said that the file is at fault.
    const std::vector<std::string>& failures() const { return failures_; }
    int failures_not_of_the_file() const { return others_; }

private:
    std::unique_ptr<warehouse::Writer> open();
    void store_pages(warehouse::Writer& writer, int last);
    static void recount(warehouse::Writer& writer);
    void send(warehouse::Writer& writer);
    void back_up(warehouse::Writer& writer);
    static void copy(warehouse::Writer& writer, const std::string& to);
    static void scrub(warehouse::Writer& writer);
    template <typename Work>
    void insist(const Work& work);
    void note_safe();

    Disk& disk_;
    std::string path_;
    Reached reached_;
    std::vector<Reached> notes_{Reached{}};
    std::vector<std::string> failures_;
    int others_ = 0;
};

warehouse::WriterOptions script_options(const std::string& path);
/// Backup n, from 1, of the warehouse at `path`.
std::string copy_path(const std::string& path, int number);

/// What a warehouse that the script wrote holds, and all that contradicts: the file's own check,
/// rollups, pages and cursor, findings and messages, anything twice; and what `safe` says is there.
std::vector<std::string> examine(const warehouse::Database& database, const Reached& safe);
/// Opens it as the daemon does, first; and looks at its backups.
std::vector<std::string> open_and_examine(const std::string& path, const Reached& safe);
Reached read_reached(const warehouse::Database& database);

}  // namespace nudged::tests
