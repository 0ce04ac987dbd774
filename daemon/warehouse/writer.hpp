// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/page.hpp"
#include "daemon/warehouse/change_notes.hpp"
#include "daemon/warehouse/database.hpp"
#include "daemon/warehouse/file_health.hpp"
#include "daemon/warehouse/store.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>

namespace nudged::warehouse {

namespace asio = boost::asio;

struct WriterOptions {
    std::string path;
    std::size_t queued_pages = 16;                    // more suspend whoever pushes
    std::chrono::milliseconds bulk_transaction{250};  // at most this long while others wait
    std::chrono::milliseconds page_wait{50};    // a bulk transaction stays open for one more page
    std::uint64_t late_index_rows = 1'000'000;  // of a first load, before its indexes are built
    std::int64_t large_log = 32 << 20;    // bytes of the write-ahead log that are worth taking up
    std::int64_t largest_log = 64 << 20;  // pages wait then for the reader that holds the log,
    std::chrono::milliseconds reader_patience{35'000};  // for longer than a Reader of ours lives
    /// Called on the writer's thread while long statements run, and between units of work: for the
    /// watchdog.
    std::function<void()> progress;
    /// What is not to be stored; changed on the writer's thread alone. None: everything is.
    std::shared_ptr<StoreRules> rules{};
};

/// Owns the writer's lock, its thread and the only connection that writes or checkpoints. Two
/// lanes: run() goes before pages, and a bulk transaction ends early when run() waits, as does the
/// building of indexes after a first load. Opening migrates the schema. Any thread may call;
/// completions come back on the caller's executor, whose loop must outlive the Writer.
class Writer {
public:
    /// Throws Failure(needs_person) when another process holds the warehouse or its schema is
    /// newer.
    explicit Writer(WriterOptions options);
    /// Commits what is queued, then stops the thread.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// The pages of one stream's turn, in order; must not outlive the Writer. Pages that have been
    /// pushed are committed even if the coroutine that pushed them is cancelled. When one cannot be
    /// stored, the pages after it are dropped, and the pages of other queues are not concerned.
    /// Committed with synchronous=NORMAL: a power cut may lose the last pages, but then their
    /// cursor too, and they are fetched again.
    class PageQueue {
    public:
        ~PageQueue();
        PageQueue(PageQueue&&) noexcept;
        /// Returns once the page is queued; suspends while the writer is behind, and can be
        /// cancelled then, which drops the page. Throws what storing an earlier page of this queue
        /// threw.
        asio::awaitable<void> push(model::Page page);
        /// Returns once all that was pushed is committed, and no index is missing that could be
        /// built between urgent works; throws what storing the pages threw. Cannot be cancelled.
        asio::awaitable<Stored> drain();

    private:
        friend class Writer;
        struct State;
        explicit PageQueue(std::shared_ptr<State> state);
        std::shared_ptr<State> state_;
    };
    /// `source` and `connector` name the source; its row is made when missing. `full` overrides the
    /// rule that a lower version loses (a CRM restored from backup, a changed mapping). `clock` is
    /// the one that times the fetches; without it every page counts as pushed when its fetch began.
    PageQueue open_queue(const std::string& source, const std::string& connector,
                         model::Stream stream, bool full = false, Clock clock = {});

    /// Runs `work(Database&)` in one write transaction on the writer's thread, before any page that
    /// waits; committed with synchronous=FULL when it returns, rolled back when it throws. Cannot
    /// be cancelled once it waits: the caller resumes when the work is done.
    template <typename Work>
    asio::awaitable<std::invoke_result_t<Work&, Database&>> run(Work work) {
        return run_in<true>(std::move(work));
    }

    /// The same outside any transaction, for what cannot be within one: a step of a backup, or of a
    /// Scrub.
    template <typename Work>
    asio::awaitable<std::invoke_result_t<Work&, Database&>> run_outside(Work work) {
        return run_in<false>(std::move(work));
    }

    /// run() for callers without a loop (command line, tests): blocks.
    void run_blocking(const std::function<void(Database&)>& work);

    /// What is not to be stored, for work that stores records; null: nothing is kept out. On the
    /// writer's thread.
    StoreRules* rules() const;
    /// What has been written since the last call (ChangeNotes::take); at first everything. On the
    /// writer's thread: a Reader that is opened in the same work sees this and no more.
    Changes take_changes(Instant now);
    /// How the file fares, as of the latest commit or try.
    FileHealth health() const;

private:
    template <bool in_transaction, typename Work>
    asio::awaitable<std::invoke_result_t<Work&, Database&>> run_in(Work work) {
        using Result = std::invoke_result_t<Work&, Database&>;
        std::exception_ptr thrown;
        std::conditional_t<std::is_void_v<Result>, bool, std::optional<Result>> kept{};
        std::function<void(Database&)> body = [&](Database& database) {
            if constexpr (std::is_void_v<Result>)
                work(database);
            else
                kept.emplace(work(database));
        };
        co_await run_erased(body, thrown, in_transaction);
        if (thrown) std::rethrow_exception(thrown);
        if constexpr (!std::is_void_v<Result>) co_return std::move(*kept);
    }

    asio::awaitable<void> run_erased(std::function<void(Database&)>& work,
                                     std::exception_ptr& thrown, bool in_transaction);
    class Thread;
    std::unique_ptr<Thread> thread_;
};

}  // namespace nudged::warehouse
