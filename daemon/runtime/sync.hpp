// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/failure.hpp"
#include "connectors/sources/options.hpp"
#include "connectors/sources/source.hpp"
#include "daemon/warehouse/writer.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nudged::runtime {

namespace asio = boost::asio;

/// How one turn of one stream went, or how far it has got.
struct StreamTurn {
    std::string source;
    model::Stream stream;
    warehouse::Stored stored;
    std::optional<double> progress;  // share that is done, where the source knows
    bool ended = false;
    bool paused = false;  // there was more, but its time was up
    std::optional<FailureKind> failure_kind;
    std::string failure;
    std::optional<std::chrono::milliseconds> retry_after;
    bool begins_anew = false;         // the increments and the first load: news have been missed
    bool is_dead_credential = false;  // no stream of this source would fare better

    bool failed() const { return failure_kind.has_value(); }
    std::string stream_name() const;  // "call" or "call/deletions"
};

/// Told after each page and once at the end; on the loop.
using TurnSink = std::function<void(const StreamTurn&)>;

/// Before a round: notes what the source tells, so that what has not come yet is not taken for what
/// is not there. With `full` all its streams begin anew, at once: were one to begin while another
/// still counts as done, what lies between them would be nobody's. What they find wins over every
/// version that is stored, until each has come to its end once, in however many turns and starts.
asio::awaitable<void> declare(sources::Source& source, const sources::SourceOptions& options,
                              warehouse::Writer& writer, bool full);

/// Pulls one stream until the CRM has nothing newer, stores it, and writes the turn into the run
/// log. What ends it early is in the answer: only cancellation is thrown, and FileFailure when the
/// warehouse cannot be written. Once `is_time_up` it stops behind the next page, so that others get
/// their turn; none: it goes on to the end.
asio::awaitable<StreamTurn> pull_stream(sources::Source& source,
                                        const sources::SourceOptions& options, model::Stream stream,
                                        warehouse::Writer& writer, const Clock& clock,
                                        const TurnSink& sink,
                                        const std::function<bool()>& is_time_up = {});

/// Reads records by their ids and stores them as they are now: what the CRM no longer has is gone,
/// unless that is more than can be believed of so many, or `full`. Throws what the source throws.
asio::awaitable<warehouse::Stored> reread_records(sources::Source& source, const std::string& name,
                                                  model::Entity entity,
                                                  std::vector<std::string> ids,
                                                  warehouse::Writer& writer, bool full = false);

}  // namespace nudged::runtime
