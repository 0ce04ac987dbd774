// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/writer_thread.hpp"

#include "connectors/base/events.hpp"
#include "daemon/warehouse/file_lock.hpp"
#include "daemon/warehouse/recount.hpp"
#include "daemon/warehouse/restore.hpp"
#include "daemon/warehouse/schema.hpp"

#include <sqlite3.h>

namespace nudged::warehouse {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds longest_bulk{1};  // of one transaction, though nobody waits
constexpr int operations_per_progress = 50'000;  // of SQLite's virtual machine: a few milliseconds
constexpr std::chrono::milliseconds between_tries{200};  // to take up a log that is held

}  // namespace

Writer::Thread::Thread(WriterOptions options)
    : options_(std::move(options)), lock_(lock_file(options_.path)) {
    std::promise<void> opening;
    auto opened = opening.get_future();
    thread_ =
        std::thread([this, promise = std::move(opening)]() mutable { main(std::move(promise)); });
    try {
        opened.get();
    } catch (...) {
        thread_.join();
        unlock_file(lock_);
        throw;
    }
}

Writer::Thread::~Thread() {
    {
        const std::lock_guard guard{mutex_};
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
    unlock_file(lock_);
}

void Writer::Thread::main(std::promise<void> opened) {
    try {
        open();
    } catch (...) {
        database_.reset();
        opened.set_exception(std::current_exception());
        return;
    }
    opened.set_value();
    for (bool stopped = false; !stopped;) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] {
            return stopping_ || !urgent_.empty() || !pages_.empty() || index_is_due();
        });
        if (!urgent_.empty()) {
            Urgent urgent = std::move(urgent_.front());
            urgent_.pop_front();
            lock.unlock();
            run_urgent(urgent);
        } else if (index_is_due()) {
            lock.unlock();
            build_index();
        } else if (!pages_.empty() && !stopping_ && keeper_->wants_pages_to_wait()) {
            changed_.wait_for(lock, between_tries,
                              [this] { return stopping_ || !urgent_.empty(); });
            lock.unlock();
            take_up_log();
        } else if (!pages_.empty()) {
            lock.unlock();
            run_bulk();
        } else {
            stopped = true;
        }
        tell_progress();
    }
    end_of_indexes();
    close();
}

void Writer::Thread::open() {
    refuse_half_restored(options_.path);
    make_private_file(options_.path);
    database_ = std::make_unique<Database>(options_.path, Database::Mode::read_write);
    auto* handle = database_->handle();
    sqlite3_progress_handler(
        handle, operations_per_progress,
        [](void* self) { return static_cast<int>(static_cast<Thread*>(self)->on_progress()); },
        this);
    database_->execute(layout_of_new_file);
    require_wal(*database_);
    // Readers without write access could not open a closed warehouse otherwise.
    int persist = 1;
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
    database_->execute("PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; "
                       "PRAGMA cache_size = -24576; PRAGMA foreign_keys = ON");
    keeper_ = std::make_unique<FileKeeper>(*database_, options_);
    migrate(*database_);
    note_missing_indexes();
    Transaction transaction{*database_};
    open_rollups(*database_);
    transaction.commit();
    notes_ = std::make_unique<ChangeNotes>(*database_);
}

void Writer::Thread::close() {
    keeper_->close();
    notes_.reset();
    database_.reset();
}

void Writer::Thread::run_urgent(Urgent& urgent) {
    try {
        keeper_->prepare(FileKeeper::Flush::every_commit);
        std::optional<Transaction> transaction;
        if (urgent.in_transaction) transaction.emplace(*database_);
        urgent.work(*database_);
        if (transaction) transaction->commit();
        keeper_->note_commit();
    } catch (const FileFailure& failure) {
        // Outside a transaction it may be about another file: the copy that is being made, of which
        // SQLite flushes nothing.
        if (urgent.in_transaction || failure.is_of_flush()) keeper_->note(failure);
        urgent.thrown = std::current_exception();
    } catch (...) {
        urgent.thrown = std::current_exception();
    }
    urgent.resume({});
    take_up_log();
}

void Writer::Thread::run_bulk() {
    std::vector<Outcome> outcomes;
    // When it throws, nothing of this transaction was stored: every queue begins again at its last
    // cursor.
    const auto fail_all = [&] {
        for (auto& outcome : outcomes) {
            outcome.stored = {};
            fail(*outcome.queue, std::current_exception());
        }
    };
    try {
        store_pages(outcomes);
    } catch (const FileFailure& failure) {
        keeper_->note(failure);
        fail_all();
    } catch (...) {
        fail_all();
    }
    note_missing_indexes();
    settle(outcomes);
    take_up_log();
}

/// One transaction of many pages: each that it changes is written once, however many records touch
/// it. So the transaction stays open for the next page, as long as nobody waits. A power cut may
/// lose the latest pages, with their cursors: they are fetched again.
void Writer::Thread::store_pages(std::vector<Outcome>& outcomes) {
    auto queued = next_page();
    if (!queued) return;
    outcomes.push_back({queued->queue, {}});
    keeper_->prepare(FileKeeper::Flush::with_the_log);
    Transaction transaction{*database_};
    PageStore pages{*database_, IndexTime::after_first_load, options_.rules.get()};
    const auto began = steady_clock::now();
    for (bool is_first = true; queued; queued = await_page()) {
        if (!is_first) outcomes.push_back({queued->queue, {}});
        is_first = false;
        outcomes.back().stored = store(pages, *queued);
        tell_progress();
        const auto took = steady_clock::now() - began;
        if (took >= options_.bulk_transaction && others_wait()) break;
        if (took >= longest_bulk || is_full()) break;
    }
    pages.finish();
    transaction.commit();
    keeper_->note_commit();
}

/// Whether pages that the transaction changed no longer fit into the cache: they would be written
/// more than once from here on.
bool Writer::Thread::is_full() const {
    int spilled = 0, highest = 0;
    sqlite3_db_status(database_->handle(), SQLITE_DBSTATUS_CACHE_SPILL, &spilled, &highest, 1);
    return spilled > 0;
}

Stored Writer::Thread::store(PageStore& pages, Queued& queued) {
    auto& queue = *queued.queue;
    if (failure_of(queue)) return {};
    try {
        if (!queue.id) queue.id = ensure_source(*database_, queue.source, queue.connector);
        return pages.store(*queue.id, queue.stream, queued.page, queue.full, queued.now);
    } catch (const FileFailure&) {
        throw;  // what the file cannot do concerns every page
    } catch (...) {
        fail(queue, std::current_exception());
        if (!database_->in_transaction()) throw;  // SQLite has undone the whole of it
        return {};
    }
}

std::optional<Writer::Thread::Queued> Writer::Thread::next_page() {
    std::optional<Resume> resume;
    std::optional<Queued> next;
    {
        const std::lock_guard guard{mutex_};
        if (pages_.empty()) return std::nullopt;
        next.emplace(std::move(pages_.front()));
        pages_.pop_front();
        if (!waiting_.empty()) {
            auto& first = waiting_.front();
            ++first.queued.queue->uncommitted;
            pages_.push_back(std::move(first.queued));
            resume = std::move(first.resume);
            waiting_.pop_front();
        }
    }
    if (resume) (*resume)({});
    return next;
}

/// The same, and waits for one a moment while nobody else does.
std::optional<Writer::Thread::Queued> Writer::Thread::await_page() {
    {
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, options_.page_wait, [this] {
            return stopping_ || !urgent_.empty() || !pages_.empty() || drains_ > 0;
        });
    }
    return next_page();
}

bool Writer::Thread::others_wait() {
    const std::lock_guard guard{mutex_};
    return !urgent_.empty() || drains_ > 0;
}

void Writer::Thread::fail(QueueState& queue, std::exception_ptr failure) {
    const std::lock_guard guard{mutex_};
    if (!queue.failure) queue.failure = std::move(failure);
}

void Writer::Thread::settle(const std::vector<Outcome>& outcomes) {
    std::vector<Resume> drained;
    {
        const std::lock_guard guard{mutex_};
        auto& resumes = indexes_missing_ ? await_indexes_ : drained;
        for (const auto& [queue, stored] : outcomes) {
            queue->stored += stored;
            if (indexes_missing_) late_rows_ += stored.records;
            if (--queue->uncommitted > 0) continue;
            drains_ -= queue->drains.size();
            std::move(queue->drains.begin(), queue->drains.end(), std::back_inserter(resumes));
            queue->drains.clear();
        }
    }
    for (const auto& resume : drained) resume({});
    for (const auto& [queue, stored] : outcomes)
        if (stored.kept > 0)
            tell(events::snapshot_refused, {{"source", queue->source},
                                            {"entity", model::to_string(queue->stream.entity)},
                                            {"records", stored.kept}});
}

/// Not while somebody waits for a commit, unless the log has become too large.
void Writer::Thread::take_up_log() {
    {
        const std::lock_guard guard{mutex_};
        if (!urgent_.empty() && !keeper_->log_is_too_large()) return;
    }
    keeper_->take_up_log();
}

void Writer::Thread::tell_progress() const {
    if (options_.progress) options_.progress();
}

void Writer::Thread::run_soon(Urgent urgent) {
    {
        const std::lock_guard guard{mutex_};
        urgent_.push_back(std::move(urgent));
    }
    changed_.notify_one();
}

std::uint64_t Writer::Thread::next_ticket() {
    const std::lock_guard guard{mutex_};
    return ++tickets_;
}

void Writer::Thread::push(std::uint64_t ticket, Queued queued, Resume resume) {
    {
        const std::lock_guard guard{mutex_};
        if (pages_.size() >= options_.queued_pages) {
            waiting_.push_back({ticket, std::move(queued), std::move(resume)});
            return;
        }
        ++queued.queue->uncommitted;
        pages_.push_back(std::move(queued));
    }
    changed_.notify_one();
    resume({});
}

std::optional<Resume> Writer::Thread::withdraw(std::uint64_t ticket) {
    const std::lock_guard guard{mutex_};
    const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                    [&](const Waiting& push) { return push.ticket == ticket; });
    if (found == waiting_.end()) return std::nullopt;
    Resume resume = std::move(found->resume);
    waiting_.erase(found);
    return resume;
}

void Writer::Thread::drain(QueueState& queue, Resume resume) {
    {
        const std::lock_guard guard{mutex_};
        const bool has_pages = queue.uncommitted > 0;
        if (has_pages || (indexes_missing_ && !stopping_)) {
            drains_ += has_pages ? 1 : 0;
            (has_pages ? queue.drains : await_indexes_).push_back(std::move(resume));
            changed_.notify_one();
            return;
        }
    }
    resume({});
}

Stored Writer::Thread::stored_by(const QueueState& queue) {
    const std::lock_guard guard{mutex_};
    return queue.stored;
}

std::exception_ptr Writer::Thread::failure_of(const QueueState& queue) {
    const std::lock_guard guard{mutex_};
    return queue.failure;
}

}  // namespace nudged::warehouse
