// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/sources/source.hpp"
#include "tests/adversary/account.hpp"
#include "tests/adversary/copy.hpp"
#include "tests/adversary/log.hpp"

#include <map>
#include <memory>
#include <set>

namespace nudged::adversary {

/// What becomes of a page once it is fetched.
enum class Fate {
    stored,
    stored_then_killed,  // the process ends after the commit
    lost_by_kill,        // or before it
    stopped,             // or while it was fetched
    lost_by_writer,      // the disk was full: the process lives, and reads its cursor again
};

/// Pulls pages as the daemon's runner does, one at a time, each from the stored cursor; and holds
/// every move of a floor against what the CRM showed when the window began.
class Puller {
public:
    /// `wanted` are the entities that the options ask for.
    Puller(Account& account, Copy& copy, Log& log, sources::SourceOptions options,
           std::set<Entity> wanted);

    struct Outcome {
        bool more = false;
        bool failed = false;
    };
    Outcome pull_page(model::Stream stream, Fate fate);
    /// Until there is no more; throws after a thousand pages. False when a page failed.
    bool pull_turn(model::Stream stream);
    /// The records that the warehouse has, asked for by their ids.
    bool ask_for_all(Entity entity);
    void kill();
    /// `nudged sync --full`: everything once more, from the very beginning.
    void begin_anew();
    /// A complete list no longer told so many records that nobody believed it: an admin has to
    /// look.
    bool needs_admin() const { return !refused_.empty(); }

    const std::vector<model::Stream>& streams() const { return streams_; }
    /// What must never happen, and did.
    const std::vector<std::string>& problems() const { return problems_; }
    /// A failure is a problem from here on.
    void expect_peace() { in_peace_ = true; }
    /// So is a page that changes anything.
    void expect_rest() { at_rest_ = true; }

private:
    /// Records, and the change that made them what they are.
    using Visible = std::map<std::pair<Entity, RecordId>, std::uint64_t>;

    void store(model::Stream stream, const model::Cursor& from, const model::Page& page);
    void note_failure(const std::string& what, const Failure& failure);
    void note_refusal(model::Stream stream, std::uint64_t kept);
    Visible visible() const;
    void check_floor(model::Stream stream, const model::Cursor& from, const model::Page& page);
    void check_stored(model::Stream stream, Entity entity, Instant lo, Instant hi);
    void check_buried(model::Stream stream, const std::set<std::string>& before);
    Instant told_at(model::Stream stream, Entity entity, RecordId id) const;
    /// The first load waits until the increments have begun, as the daemon makes it.
    bool has_to_wait(model::Stream stream) const;

    Account& account_;
    Copy& copy_;
    Log& log_;
    sources::SourceOptions options_;
    std::set<Entity> wanted_;
    std::unique_ptr<sources::Source> source_;
    std::vector<model::Stream> streams_;
    /// The last change before a walk began, and what was visible then.
    struct Begun {
        std::uint64_t change = 0;
        Visible visible{};
    };
    std::map<model::Stream, Begun> begun_;
    std::set<model::Stream> refused_;  // whose last complete list was not believed
    std::vector<std::string> problems_;
    bool in_peace_ = false;
    bool at_rest_ = false;
};

std::string name_of(model::Stream stream);

}  // namespace nudged::adversary
