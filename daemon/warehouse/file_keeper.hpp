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

    /// Takes up the log if it is large. What a reader still needs is left for the next time. That
    /// it fails is a trouble of its own, which no commit ends, but only a log that was taken up.
    void take_up_log();
    /// At the end: all of it, if no reader holds it.
    void close();

    FileHealth health() const;
    /// While a log is as large as it should ever be: for a while when a reader holds it, and for as
    /// long as it cannot be taken up.
    bool wants_pages_to_wait() const;
    bool log_is_too_large() const { return log_.state().bytes >= options_.largest_log; }

private:
    void mend();
    void be_synchronous(Flush flush);
    bool is_log_in_trouble() const;
    void note_taken_up();
    void note_not_taken_up(const FileFailure& failure);
    void note_log();

    Database& database_;
    const WriterOptions& options_;
    WriteAheadLog log_;
    Flush flush_ = Flush::every_commit;  // as SQLite begins
    bool must_write_again_ = false;      // a flush has failed
    std::int64_t changes_ = 0;           // of the connection, as of the last commit
    bool hold_is_told_ = false;

    mutable std::mutex mutex_;  // for what follows
    FileHealth health_;         // its trouble is that of commits
    std::optional<FileHealth::Trouble> log_trouble_;
};

}  // namespace nudged::warehouse
