// SPDX-License-Identifier: Apache-2.0
// What the writer's thread does about indexes that a first load left out: deferred_indexes.hpp.
#include "connectors/base/events.hpp"
#include "connectors/base/failure.hpp"
#include "daemon/warehouse/deferred_indexes.hpp"
#include "daemon/warehouse/writer_thread.hpp"

namespace nudged::warehouse {
namespace {

constexpr int max_interruptions = 20;  // of one index; then it waits for the next time

}  // namespace

void Writer::Thread::note_missing_indexes() {
    bool missing = false;
    try {
        missing = has_deferred_indexes(*database_);
    } catch (const Failure&) {
        return;  // a file that cannot be read: whoever writes next says so
    }
    const std::lock_guard guard{mutex_};
    indexes_missing_ = missing;
}

/// With the mutex held.
bool Writer::Thread::index_is_due() const {
    if (stopping_) return false;
    return !await_indexes_.empty() || (indexes_missing_ && late_rows_ >= options_.late_index_rows);
}

bool Writer::Thread::on_progress() {
    tell_progress();
    return yields_ && is_wanted();
}

bool Writer::Thread::is_wanted() {
    const std::lock_guard guard{mutex_};
    return stopping_ || !urgent_.empty();
}

/// One index, in a transaction of its own. An urgent work interrupts it, and it begins again; there
/// is little to lose, since a table gets its indexes before it is large. It never goes on while
/// somebody waits: an index of a million rows takes longer than an alert may. Where urgent works
/// leave it no time, those who wait for it go on without, and the next of them tries again.
void Writer::Thread::build_index() {
    bool is_last = false;
    try {
        keeper_->prepare(FileKeeper::Flush::with_the_log);
        Transaction transaction{*database_};
        yields_ = true;
        is_last = !build_deferred_index(*database_);
        yields_ = false;
        transaction.commit();
        keeper_->note_commit();
        interruptions_ = 0;
    } catch (const FileFailure& failure) {
        yields_ = false;
        keeper_->note(failure);
        tell(events::index_failed, {{"why", failure.what()}});
        is_last = true;
    } catch (const Failure& failure) {
        const bool is_interrupted = std::exchange(yields_, false) && is_wanted();
        if (is_interrupted && ++interruptions_ < max_interruptions) return;
        if (is_interrupted)
            tell(events::index_put_off, {{"interruptions", std::exchange(interruptions_, 0)}});
        else
            tell(events::index_failed, {{"why", failure.what()}});
        is_last = true;
    }
    if (is_last) {
        note_missing_indexes();
        end_of_indexes();
    }
    take_up_log();
}

/// Whoever waited for indexes goes on: they are there, or one is not to be had now.
void Writer::Thread::end_of_indexes() {
    std::vector<Resume> resumes;
    {
        const std::lock_guard guard{mutex_};
        late_rows_ = 0;
        std::swap(resumes, await_indexes_);
    }
    for (const auto& resume : resumes) resume({});
}

}  // namespace nudged::warehouse
