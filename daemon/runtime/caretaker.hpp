// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/care.hpp"
#include "daemon/runtime/wake.hpp"
#include "daemon/warehouse/upkeep.hpp"

#include <atomic>
#include <memory>

namespace nudged::runtime {

/// Looks after the warehouse: makes backups and applies the retention when they are due, makes up
/// for what was missed, tells the admin once when one fails. Lives on the loop; what takes long
/// runs on a thread of its own.
class Caretaker {
public:
    struct Hooks {
        /// Every source has been asked, and no first load is under way: before that there is
        /// nothing worth a first backup.
        std::function<bool()> all_synced;
        std::function<void()> on_message;  // there is one in the outbox
        std::function<void()> on_noted;    // how a task went last, which the gauges show
    };

    /// `config` and `writer` outlive it; `rules` are the writer's.
    Caretaker(const asio::any_io_executor& loop, const config::Config& config,
              warehouse::Writer& writer, std::shared_ptr<warehouse::StoreRules> rules, Clock clock,
              Hooks hooks);
    ~Caretaker();

    /// Until cancelled.
    asio::awaitable<void> run();
    /// Something has been synced: look soon.
    void wake() { wake_.set(); }
    /// Does what is due now.
    asio::awaitable<void> do_due();
    /// The command that a request names, those that take long one at a time; nullopt for another.
    std::optional<asio::awaitable<CareReport>> find(const ControlRequest& request);
    /// What is under way ends soon, and with a Failure: the daemon stops.
    void interrupt() { is_stopped_ = true; }

private:
    asio::awaitable<void> plan_retention();
    asio::awaitable<Instant> read_next_retention();
    asio::awaitable<bool> read_backup_due();
    asio::awaitable<void> back_up();
    asio::awaitable<void> rotate();
    asio::awaitable<void> retain();
    asio::awaitable<void> note(warehouse::Upkeep task, std::string failure);
    asio::awaitable<CareReport> alone(asio::awaitable<CareReport> work);

    const config::Config& config_;
    warehouse::Writer& writer_;
    Hooks hooks_;
    std::atomic<bool> is_stopped_ = false;
    asio::thread_pool worker_{1};
    CareContext context_;
    Wake wake_;
    bool busy_ = false;
    Instant next_backup_try_{};
    std::string made_;          // the latest backup
    bool must_rotate_ = false;  // an older one could not be removed
    std::optional<Instant> next_retention_;
};

}  // namespace nudged::runtime
