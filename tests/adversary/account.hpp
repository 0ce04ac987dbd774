// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/adversary/crm.hpp"
#include "tests/connectors/sources/http/bench.hpp"
#include "tests/crmsim/simulator.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <set>

namespace nudged::adversary {

using RecordId = std::pair<ObjectType, std::int64_t>;

/// What someone does to a record in the CRM.
struct Edit {
    std::string action;  // create, set, archive, restore, forget, merge, link, unlink
    ObjectType type{};
    std::int64_t id = 0;
    Instant modified{};
    crmsim::Properties properties{};
    std::optional<RecordId> other{};  // to link
    std::int64_t into = 0;            // of a merge, the record that is left
};

/// What the test remembers of a record beside its contents.
struct Life {
    Instant committed{};        // when it changed last, whatever its modified time says
    Instant told{};             // the same, without changes of its links alone
    std::uint64_t change = 0;   // grows with every change
    bool links_unsure = false;  // its links changed so that the CRM need not tell
};

/// One simulated account behind a real port, a copy of what it holds, and two clocks: the CRM's
/// and ours. Edits may come from the server's thread while the test waits for it.
class Account {
public:
    Account(tests::HttpBench& bench, const Crm& crm, Dataset data, std::chrono::milliseconds lag);

    const Crm& crm;
    tests::HttpBench& bench;

    const Dataset& truth() const { return truth_; }
    const Life& life(RecordId id) const { return lives_.at(id); }
    /// Gone without a trace.
    const std::set<RecordId>& forgotten() const { return forgotten_; }
    /// Of those the ones that were merged, each with what it was merged into.
    const std::map<RecordId, std::int64_t>& merged() const { return merged_; }
    Instant server_now() const { return server_now_; }
    /// Both clocks go on.
    void pass(std::chrono::milliseconds time);
    /// The CRM's goes on alone, or back.
    void skew_server(std::chrono::milliseconds time);
    /// The latest time that the CRM's has shown.
    Instant server_latest() const { return server_latest_; }
    /// Ours goes on alone: it never goes back.
    void skew_ours(std::chrono::milliseconds time) { bench.now = bench.now.load() + time; }

    /// Gives the record's id.
    std::int64_t edit(const Edit& edit);
    /// Someone leaves, comes back, or has another address.
    void change_owner(const crmsim::Owner& owner);
    /// The change that was the last one of theirs; 0: none.
    std::uint64_t owner_changed(std::int64_t owner) const;
    /// How many changes there were so far.
    std::uint64_t changes() const { return changes_; }
    /// A control request; throws when it is refused.
    void order(const std::string& method, const std::string& path, const std::string& body);
    void order(const Upset& upset);

    /// Called before each request of the source is answered, with its number since the last reset.
    std::function<void(int)> before_answer;
    void count_requests_anew() { requests_ = 0; }
    int requests() const { return requests_; }

    std::string url() const { return server_.url(); }

private:
    void change_truth(const Edit& edit);
    void note_links(RecordId changed, const Edit& edit);
    void note_other_ends(RecordId changed, bool is_sure);
    void note_other_end(RecordId other, bool is_sure = false);

    Dataset truth_;
    std::map<RecordId, Life> lives_;
    std::set<RecordId> forgotten_;
    std::map<RecordId, std::int64_t> merged_;
    std::map<std::int64_t, std::uint64_t> owners_changed_;
    std::uint64_t changes_ = 0;
    std::atomic<Instant> server_now_;
    std::atomic<Instant> server_latest_;
    std::atomic<int> requests_ = 0;
    crmsim::Simulator simulator_;
    loopback::Server server_;
};

}  // namespace nudged::adversary
