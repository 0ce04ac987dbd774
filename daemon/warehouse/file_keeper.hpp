// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/file_health.hpp"
#include "daemon/warehouse/writer.hpp"

#include <mutex>

namespace nudged::warehouse {

/// Keeps the file behind the writer's connection sound: how each commit is flushed, when the
/// write-ahead log is taken up, what follows from an error. Lives on the writer's thread, apart
/// from health() and wants_pages_to_wait(), which any thread may ask.
class FileKeeper {
public:
    /// For a database whose log is open. What the log holds from before may not be on the disk, if
    /// a flush failed then: it is flushed again. Throws FileFailure.
    FileKeeper(Database& database, const WriterOptions& options);

    /// What a power cut may take of a commit.
    enum class Flush {
        every_commit,  // nothing: findings, outbox, control
        with_the_log,  // the latest ones, in their order: pages, which have their cursors with them
    };
    /// Before every transaction. Throws FileFailure when an error of before cannot be mended yet.
    void prepare(Flush flush);
    /// After every commit.
    void note_commit();
    /// After every error.
    void note(const FileFailure& failure);

    /// Takes up the log if it is large. What a reader still needs is left for the next time.
    void take_up_log();
    /// At the end: all of it, if no reader holds it.
    void close();

    FileHealth health() const;
    /// While a reader holds a log that is as large as it should ever be, for a while.
    bool wants_pages_to_wait() const;
    bool log_is_too_large() const { return log_.state().bytes >= options_.largest_log; }

private:
    void be_synchronous(Flush flush);
    void note_log();

    Database& database_;
    const WriterOptions& options_;
    WriteAheadLog log_;
    Flush flush_ = Flush::every_commit;  // as SQLite begins
    bool must_write_again_ = false;      // a flush has failed
    std::int64_t changes_ = 0;           // of the connection, as of the last commit
    bool hold_is_told_ = false;

    mutable std::mutex mutex_;  // for what follows
    FileHealth health_;
};

}  // namespace nudged::warehouse
