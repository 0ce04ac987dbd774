// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/file_keeper.hpp"

#include "connectors/base/events.hpp"
#include "daemon/warehouse/log_readers.hpp"

#include <sqlite3.h>

namespace nudged::warehouse {
namespace {

using std::chrono::steady_clock;

constexpr int closing_timeout_ms = 500;

}  // namespace

FileKeeper::FileKeeper(Database& database, const WriterOptions& options)
    : database_(database), options_(options), log_(database, options.large_log) {
    // SQLite would take up the log at the end also after an error that must be mended before.
    sqlite3_db_config(database.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    must_write_again_ = log_.was_left();
    prepare(Flush::every_commit);
}

void FileKeeper::prepare(Flush flush) {
    mend();
    be_synchronous(flush);
}

void FileKeeper::mend() {
    if (must_write_again_)
        log_.write_again([this] {
            if (options_.progress) options_.progress();
        });
    must_write_again_ = false;
}

void FileKeeper::be_synchronous(Flush flush) {
    if (flush == flush_) return;
    database_.execute(flush == Flush::every_commit ? "PRAGMA synchronous = FULL"
                                                   : "PRAGMA synchronous = NORMAL");
    flush_ = flush;
}

void FileKeeper::note_commit() {
    // A transaction that wrote nothing says nothing about the disk.
    const auto before = std::exchange(changes_, sqlite3_total_changes64(database_.handle()));
    if (changes_ == before) return;
    {
        const std::lock_guard guard{mutex_};
        // What is damaged does not mend itself, though elsewhere something can be written.
        if (!health_.trouble || health_.trouble->kind == FailureKind::corrupt) return;
        health_.trouble.reset();
    }
    tell(events::warehouse_mended, {{"path", options_.path}});
}

void FileKeeper::note(const FileFailure& failure) {
    must_write_again_ |= failure.is_of_flush();
    changes_ = sqlite3_total_changes64(database_.handle());
    {
        const std::lock_guard guard{mutex_};
        auto& trouble = health_.trouble;
        if (trouble && trouble->kind == FailureKind::corrupt) return;
        const bool is_known = trouble && trouble->what == failure.what();
        trouble = {failure.kind(), failure.what()};
        if (is_known) return;
    }
    tell(events::warehouse_failing, {{"kind", to_string(failure.kind())}, {"why", failure.what()}});
}

void FileKeeper::take_up_log() {
    const bool is_in_trouble = is_log_in_trouble();
    // What must be written again is, before the next commit; while pages wait there may be none.
    const bool may_be_taken_up = !must_write_again_ || (is_in_trouble && log_is_too_large());
    if ((log_.is_large() || is_in_trouble) && may_be_taken_up) {
        try {
            mend();
            log_.take_up();
            note_taken_up();
        } catch (const FileFailure& failure) {
            note_not_taken_up(failure);
        }
    }
    note_log();
}

bool FileKeeper::is_log_in_trouble() const {
    const std::lock_guard guard{mutex_};
    return log_trouble_.has_value();
}

void FileKeeper::note_taken_up() {
    {
        const std::lock_guard guard{mutex_};
        if (!log_trouble_) return;
        log_trouble_.reset();
    }
    tell(events::warehouse_mended, {{"path", options_.path}});
}

void FileKeeper::note_not_taken_up(const FileFailure& failure) {
    must_write_again_ |= failure.is_of_flush();
    {
        const std::lock_guard guard{mutex_};
        const bool is_known = log_trouble_ && log_trouble_->what == failure.what();
        log_trouble_ = {failure.kind(), failure.what()};
        if (is_known) return;
    }
    if (failure.kind() == FailureKind::corrupt)
        note(failure);  // which nothing mends
    else
        tell(events::warehouse_failing,
             {{"kind", to_string(failure.kind())}, {"why", failure.what()}});
}

void FileKeeper::note_log() {
    const auto& log = log_.state();
    const bool is_long =
        log.held_since && steady_clock::now() - *log.held_since >= options_.reader_patience;
    std::string holder = log.held_since ? name_readers(find_log_readers(options_.path)) : "";
    if (is_long && !hold_is_told_)
        tell(events::warehouse_log_held,
             {{"holder", holder}, {"bytes", log.bytes}, {"path", options_.path}});
    hold_is_told_ = is_long;
    const std::lock_guard guard{mutex_};
    health_.log = log;
    health_.log_holder = std::move(holder);
}

void FileKeeper::close() {
    sqlite3_busy_timeout(database_.handle(), closing_timeout_ms);
    try {
        prepare(Flush::every_commit);
        log_.empty();
    } catch (const FileFailure&) {
        // What was committed is in the log, and is taken up the next time.
    }
}

FileHealth FileKeeper::health() const {
    const std::lock_guard guard{mutex_};
    auto health = health_;
    if (!health.trouble) health.trouble = log_trouble_;
    return health;
}

bool FileKeeper::wants_pages_to_wait() const {
    const std::lock_guard guard{mutex_};
    const auto& log = health_.log;
    if (log.bytes < options_.largest_log) return false;
    return log_trouble_ ||
           (log.held_since && steady_clock::now() - *log.held_since < options_.reader_patience);
}

}  // namespace nudged::warehouse
