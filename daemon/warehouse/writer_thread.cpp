// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/writer_thread.hpp"

#include "connectors/base/events.hpp"
#include "daemon/warehouse/file_lock.hpp"
#include "daemon/warehouse/schema.hpp"

#include <sqlite3.h>

namespace nudged::warehouse {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t bulk_records = 20'000;     // in one transaction, whoever waits
constexpr int large_wal = 4096;                  // frames: 16 MiB
constexpr int operations_per_progress = 50'000;  // of SQLite's virtual machine: a few milliseconds
constexpr int closing_timeout_ms = 500;

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
        changed_.wait(lock, [this] { return stopping_ || !urgent_.empty() || !pages_.empty(); });
        if (!urgent_.empty()) {
            Urgent urgent = std::move(urgent_.front());
            urgent_.pop_front();
            lock.unlock();
            run_urgent(urgent);
        } else if (!pages_.empty()) {
            lock.unlock();
            run_bulk();
        } else {
            stopped = true;
        }
        tell_progress();
    }
    close();
}

void Writer::Thread::open() {
    make_private_file(options_.path);
    database_ = std::make_unique<Database>(options_.path, Database::Mode::read_write);
    auto* handle = database_->handle();
    if (options_.progress)
        sqlite3_progress_handler(
            handle, operations_per_progress,
            [](void* self) {
                static_cast<Thread*>(self)->tell_progress();
                return 0;
            },
            this);
    require_wal(*database_);
    // Readers without write access could not open a closed warehouse otherwise.
    int persist = 1;
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
    database_->execute("PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; "
                       "PRAGMA cache_size = -65536; PRAGMA foreign_keys = ON");
    sqlite3_wal_hook(
        handle,
        [](void* self, sqlite3*, const char*, int frames) {
            static_cast<Thread*>(self)->wal_frames_ = frames;
            return SQLITE_OK;
        },
        this);
    migrate(*database_);
}

void Writer::Thread::close() {
    auto* handle = database_->handle();
    sqlite3_busy_timeout(handle, closing_timeout_ms);
    sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    database_.reset();
}

void Writer::Thread::run_urgent(Urgent& urgent) {
    try {
        be_synchronous(true);
        Transaction transaction{*database_};
        urgent.work(*database_);
        transaction.commit();
    } catch (...) {
        urgent.thrown = std::current_exception();
    }
    urgent.resume({});
    checkpoint_when_large();
}

void Writer::Thread::run_bulk() {
    std::vector<Outcome> outcomes;
    try {
        store_pages(outcomes);
    } catch (...) {
        // Nothing of this transaction was stored: every queue begins again at its last cursor.
        for (auto& outcome : outcomes) {
            outcome.stored = {};
            fail(*outcome.queue, std::current_exception());
        }
    }
    settle(outcomes);
    checkpoint_when_large();
}

/// One transaction of as many pages as wait, up to its limits. A power cut may lose the latest of
/// them, with their cursors: the pages are fetched again.
void Writer::Thread::store_pages(std::vector<Outcome>& outcomes) {
    auto queued = next_page();
    if (!queued) return;
    outcomes.push_back({queued->queue, {}});
    be_synchronous(false);
    Transaction transaction{*database_};
    const auto began = steady_clock::now();
    for (std::size_t records = 0; queued; queued = next_page()) {
        if (records > 0) outcomes.push_back({queued->queue, {}});
        outcomes.back().stored = store(*queued);
        records += queued->page.records.size() + 1;
        tell_progress();
        const bool is_long = steady_clock::now() - began >= options_.bulk_transaction;
        if (records >= bulk_records || (is_long && others_wait())) break;
    }
    transaction.commit();
}

Stored Writer::Thread::store(Queued& queued) {
    auto& queue = *queued.queue;
    if (failure_of(queue)) return {};
    try {
        Savepoint page{*database_};
        if (!queue.id) queue.id = ensure_source(*database_, queue.source, queue.connector);
        const Stored stored =
            store_page(*database_, *queue.id, queue.stream, queued.page, queue.full);
        page.keep();
        return stored;
    } catch (...) {
        fail(queue, std::current_exception());
        if (!database_->in_transaction()) throw;  // a full disk has undone the whole of it
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
        for (const auto& [queue, stored] : outcomes) {
            queue->stored += stored;
            if (--queue->uncommitted > 0) continue;
            drains_ -= queue->drains.size();
            std::move(queue->drains.begin(), queue->drains.end(), std::back_inserter(drained));
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

void Writer::Thread::be_synchronous(bool full) {
    if (full == is_full_) return;
    database_->execute(full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    is_full_ = full;
}

/// PASSIVE waits for nobody; what a reader still needs is left for the next time.
void Writer::Thread::checkpoint_when_large() {
    if (wal_frames_ < large_wal || others_wait()) return;
    sqlite3_wal_checkpoint_v2(database_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                              nullptr);
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
        if (queue.uncommitted > 0) {
            queue.drains.push_back(std::move(resume));
            ++drains_;
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
