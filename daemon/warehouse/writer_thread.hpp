// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/file_keeper.hpp"
#include "daemon/warehouse/page_store.hpp"
#include "daemon/warehouse/writer.hpp"

#include <boost/system/error_code.hpp>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace nudged::warehouse {

/// Ends a wait, from any thread; the coroutine resumes on its own executor.
using Resume = std::function<void(boost::system::error_code)>;

/// What a PageQueue and the writer's thread share. The constants apart, members are guarded by the
/// thread's mutex; `id` is the thread's own.
struct Writer::PageQueue::State {
    Thread& thread;
    const std::string source;
    const std::string connector;
    const model::Stream stream;
    const bool full;
    const Clock clock;

    std::optional<SourceId> id = std::nullopt;
    std::size_t uncommitted = 0;
    Stored stored = {};  // by committed pages
    /// Set once; pages after the failed one are dropped, since their cursor covers it.
    std::exception_ptr failure = nullptr;
    std::vector<Resume> drains = {};  // called when nothing is uncommitted
};

/// The thread behind a Writer: opens the warehouse, and runs both lanes. Its public functions may
/// be called from any thread.
class Writer::Thread {
public:
    using QueueState = PageQueue::State;

    struct Urgent {
        std::function<void(Database&)>& work;
        std::exception_ptr& thrown;
        Resume resume;
        bool in_transaction = true;
    };
    struct Queued {
        std::shared_ptr<QueueState> queue;
        model::Page page;
        Instant now;  // when it was pushed
    };

    /// Returns once the warehouse is open.
    explicit Thread(WriterOptions options);
    ~Thread();

    void run_soon(Urgent urgent);

    /// Names a push, so that it can be withdrawn.
    std::uint64_t next_ticket();
    /// Calls `resume` once the page is queued, which may be at once.
    void push(std::uint64_t ticket, Queued queued, Resume resume);
    /// Takes a push that still waits away, and gives back its `resume`.
    std::optional<Resume> withdraw(std::uint64_t ticket);
    void drain(QueueState& queue, Resume resume);
    Stored stored_by(const QueueState& queue);
    std::exception_ptr failure_of(const QueueState& queue);
    FileHealth health() const { return keeper_->health(); }
    Changes take_changes(Instant now) { return notes_->take(now); }
    StoreRules* rules() const { return options_.rules.get(); }

private:
    struct Waiting {
        std::uint64_t ticket;
        Queued queued;
        Resume resume;
    };
    /// One page of a bulk transaction.
    struct Outcome {
        std::shared_ptr<QueueState> queue;
        Stored stored;
    };

    void main(std::promise<void> opened);
    void open();
    void close();
    void run_urgent(Urgent& urgent);
    void run_bulk();
    void store_pages(std::vector<Outcome>& outcomes);
    Stored store(PageStore& store, Queued& queued);
    std::optional<Queued> next_page();
    std::optional<Queued> await_page();
    bool is_full() const;
    bool others_wait();
    void note_missing_indexes();
    bool index_is_due() const;
    void build_index();
    void end_of_indexes();
    bool on_progress();
    bool is_wanted();
    void fail(QueueState& queue, std::exception_ptr failure);
    void settle(const std::vector<Outcome>& outcomes);
    void take_up_log();
    void tell_progress() const;

    const WriterOptions options_;
    int lock_;
    std::unique_ptr<Database> database_;
    std::unique_ptr<FileKeeper> keeper_;
    std::unique_ptr<ChangeNotes> notes_;
    std::uint64_t late_rows_ = 0;  // stored while indexes were missing
    bool yields_ = false;          // the statement that runs ends when an urgent work waits
    int interruptions_ = 0;        // of the index that is being built

    std::mutex mutex_;  // for what follows, and what the queues share
    std::condition_variable changed_;
    std::deque<Urgent> urgent_;
    std::deque<Queued> pages_;
    std::list<Waiting> waiting_;
    std::uint64_t tickets_ = 0;
    std::size_t drains_ = 0;  // that wait
    bool indexes_missing_ = false;
    std::vector<Resume> await_indexes_;  // what has been drained
    bool stopping_ = false;

    std::thread thread_;  // the last member: it uses the others
};

}  // namespace nudged::warehouse
