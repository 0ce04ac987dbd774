// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/wake.hpp"
#include "daemon/warehouse/recount.hpp"
#include "daemon/warehouse/writer.hpp"

#include <functional>

namespace nudged::runtime {

/// One step of what has to be counted anew, as a commit of its own; how things stand after it.
asio::awaitable<warehouse::RecountState> recount_step(warehouse::Writer& writer);

/// Counts anew whatever has to be, in steps between the commits of others: measures with another
/// definition, users in another zone, a rebuild. Where it is killed, it goes on. What needs an
/// index that a first load left out waits until the writer has built that. Lives on the loop.
class Recounter {
public:
    /// `writer` outlives it; `on_done` is called when what could not be read can be.
    Recounter(const asio::any_io_executor& loop, warehouse::Writer& writer,
              std::function<void()> on_done);

    /// Until cancelled.
    asio::awaitable<void> run();
    /// Something may have to be counted anew.
    void wake() { wake_.set(); }

private:
    asio::awaitable<void> recount_all();
    asio::awaitable<warehouse::RecountState> step();

    warehouse::Writer& writer_;
    std::function<void()> on_done_;
    Wake wake_;
};

}  // namespace nudged::runtime
