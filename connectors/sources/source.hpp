// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/failure.hpp"
#include "connectors/model/page.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace nudged::sources {

namespace asio = boost::asio;

/// The CRM refuses the credential itself: not one stream's affair, but the source's.
class DeadCredential : public Failure {
public:
    explicit DeadCredential(const std::string& what) : Failure(FailureKind::needs_person, what) {}
};

/// A walk that cannot go on where it stands: the CRM has forgotten the page, or the window never
/// came out even. Its position leads nowhere; it begins again at its floor, after a back-off.
class WalkBroken : public Failure {
public:
    using Failure::Failure;
};

/// The CRM remembers changes for some time alone, and the stream's floor lies before that: what has
/// changed in between is told by a first load, which begins anew, and the increments with it.
class NewsLost : public Failure {
public:
    explicit NewsLost(const std::string& what) : Failure(FailureKind::transient, what) {}
};

/// One configured CRM account. Lives on the loop; one fetch per stream and lane at a time.
class Source {
public:
    virtual ~Source() = default;
    /// What it can pull, in the order in which a first load should go: what others refer to first.
    virtual std::span<const model::Stream> streams() const = 0;
    /// Every stream whose records are told, with the entity whose stream tells them: most tell
    /// their own, but an answer may hold records of several entities.
    struct Told {
        model::Stream stream;
        model::Entity by{};
    };
    virtual std::vector<Told> told() const {
        std::vector<Told> told;
        for (const auto& stream : streams())
            if (model::tells_records(stream.lane)) told.push_back({stream, stream.entity});
        return told;
    }
    /// The page that follows `from`: records of one or several entities, and the cursor that covers
    /// them. Pace, retries and paging are the source's own affair; throws Failure when it gives up.
    virtual asio::awaitable<model::Page> fetch_page(model::Stream stream, model::Cursor from) = 0;
    /// Records by id, for a check that needs proof; they are stored the way every page is. An id
    /// that the CRM no longer has comes back as a tombstone.
    virtual asio::awaitable<model::Page> fetch_records(model::Entity entity,
                                                       std::vector<std::string> ids) = 0;
    /// How long after a turn the stream is due again; `poll` is what the source is configured for.
    /// Sweeps are dear, and come more rarely.
    virtual std::chrono::seconds interval(model::Stream stream, std::chrono::seconds poll) const {
        (void)stream;
        return poll;
    }
};

}  // namespace nudged::sources
