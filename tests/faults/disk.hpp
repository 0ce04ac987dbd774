// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::tests {

/// What is on a disk: files by their names.
using DiskImage = std::map<std::string, std::string>;

/// One thing that was done to a disk, in order.
struct DiskCall {
    enum class Kind {
        create,       // a file, under `name`
        remove,       // the name of a file
        rename,       // a file, from the name in `bytes` to `name`
        write,        // `bytes` at `offset`
        truncate,     // to `offset`
        sync,         // all that was written to the file, and its name if it is new
        failed_sync,  // what was written since the last sync never gets there, unless written again
        sync_folder,  // all names
        note,         // by the test: `offset` is what it wants to find again
    };
    Kind kind;
    int file = -1;
    std::int64_t offset = 0;
    std::string bytes;
    std::string name;
};

/// What goes wrong, with the first and the next calls that it fits.
struct DiskFault {
    /// read_only: what the system makes of a file system that has failed; reading goes on.
    enum class Kind { none, error, full, short_read, read_only };
    Kind kind = Kind::none;
    std::uint64_t first = 0;  // the number of the call, from 1
    std::uint64_t count = 1;
};

/// A disk in memory behind SQLite: what is written can be read at once, and survives a power cut
/// once it has been synced. It keeps a journal of everything, from which PowerCuts makes what a cut
/// at any moment may leave. Any thread.
class Disk {
public:
    explicit Disk(DiskImage image = {});

    /// Of the file with this name, made if `create`; nullopt when there is none, or it has failed.
    std::optional<int> open(const std::string& name, bool create);
    /// A file without a name, gone with its last user; nothing of it is in the journal.
    int open_unnamed();
    bool exists(const std::string& name) const;
    bool remove(const std::string& name, bool sync_folder);
    std::int64_t size(int file) const;

    // False: the call has failed, as the fault wants it.
    bool read(int file, char* to, std::int64_t length, std::int64_t offset, std::int64_t& got);
    bool write(int file, std::string_view bytes, std::int64_t offset);
    bool truncate(int file, std::int64_t size);
    bool sync(int file);
    // The same of files that are not open, as programs do it beside SQLite; they are there.
    bool sync(const std::string& name);
    bool rename(const std::string& from, const std::string& to);  // and flushes the folder

    void note(std::int64_t what);
    void set_fault(DiskFault fault);
    /// How many calls the present fault could have hit, and how many it did.
    std::uint64_t calls() const;
    std::uint64_t hits() const;
    DiskFault::Kind fault_kind() const;

    /// The image that it began with, and all that has happened since.
    const DiskImage& begin() const { return begin_; }
    const std::vector<DiskCall>& journal() const { return journal_; }
    /// What can be read, as if there were never a power cut.
    DiskImage content() const;

private:
    struct File {
        std::string bytes;
        bool is_named = true;
    };
    bool hit(bool fits);
    /// Whether the fault is of these kinds.
    template <typename... Kinds>
    bool is(Kinds... kinds) const {
        return ((fault_.kind == kinds) || ...);
    }

    mutable std::mutex mutex_;
    DiskImage begin_;
    std::map<std::string, int> names_;
    std::vector<File> files_;
    std::vector<DiskCall> journal_;
    DiskFault fault_;
    std::uint64_t calls_ = 0, hits_ = 0;
};

/// Steps through the journal of a Disk, and makes what a power cut at the present step may leave.
class PowerCuts {
public:
    /// Which syncs count: a harness that finds nothing wrong must find it when they do not.
    struct Trust {
        bool log = true;       // of the write-ahead log
        bool database = true;  // of other files
    };
    PowerCuts(const Disk& disk, Trust trust);

    /// Does the next call of the journal; false at its end.
    bool step();
    std::size_t position() const { return position_; }

    enum class Survival { nothing, everything, chance };
    /// Of what was not synced, nothing survives, or everything, or sectors by chance: of one write
    /// some, of two writes the later, of the last one a part.
    DiskImage image(Survival survival, std::mt19937_64& random) const;
    /// The latest note so far; 0 for none.
    std::int64_t noted() const { return noted_; }

private:
    struct File {
        std::string durable;
        std::vector<const DiskCall*> pending;
        std::string name;
        bool is_synced = false;  // once at least
    };
    bool is_trusted(const File& file) const;
    static void sync(File& file);
    std::string survived(const File& file, Survival survival, std::mt19937_64& random) const;

    const std::vector<DiskCall>& journal_;
    Trust trust_;
    std::size_t position_ = 0;
    std::int64_t noted_ = 0;
    std::vector<File> files_;
    std::map<std::string, int> durable_names_, names_;
};

}  // namespace nudged::tests
