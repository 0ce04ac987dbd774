// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/process/child.hpp"
#include "connectors/sources/singer/intake.hpp"
#include "connectors/sources/singer/workspace.hpp"

#include "connectors/base/failure.hpp"

#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nudged::sources::singer {

namespace asio = boost::asio;

/// What a run of a tap needs to know; all of it outlives the run.
struct RunContext {
    asio::any_io_executor loop;
    asio::thread_pool& workers;
    const Plan& plan;
    const SingerSourceOptions& options;
    std::set<std::string>& told;
};

/// One run of a tap, from its start to its end. Lives on the loop, but is made and destroyed on a
/// worker, since it writes and removes files and waits for the tap that it kills. Nothing is read
/// from the tap but for the page that is asked for next: one that tells more waits. Going, it kills
/// the tap, and removes its files.
class TapRun {
public:
    /// Throws Failure(needs_person) when there is no such program.
    TapRun(const RunContext& context, model::Cursor from, Instant now);

    /// Whether the page that follows `cursor` is this run's next one.
    bool continues(const model::Cursor& cursor) const { return given_ && *given_ == cursor; }
    /// Throws Failure when the tap fails, once all that it told before has been given.
    asio::awaitable<model::Page> next_page();

private:
    process::Launch launch(const model::Cursor& from) const;
    asio::awaitable<void> advance();
    asio::awaitable<void> read();
    asio::awaitable<void> conclude();
    asio::awaitable<void> stop();
    void hear_errors();

    RunContext context_;
    Workspace workspace_;
    LastWords last_words_;
    Intake intake_;
    process::Child child_;
    std::vector<char> buffer_;
    std::optional<Failure> failure_;
    std::optional<model::Cursor> given_;
};

}  // namespace nudged::sources::singer
