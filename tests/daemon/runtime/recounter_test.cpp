// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/recounter.hpp"

#include "daemon/warehouse/deferred_indexes.hpp"
#include "daemon/warehouse/page_store.hpp"
#include "daemon/warehouse/reader.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace nudged;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;

constexpr model::Stream calls{model::Entity::call, model::Lane::incremental};

model::Page page_of_call(const char* id) {
    model::Page page;
    auto& call = page.records.emplace_back();
    call.entity = model::Entity::call;
    call.id = id;
    call.values[*model::field_index(call.entity, "owner")] = std::string_view{"ana"};
    return page;
}

}  // namespace

TEST_CASE("a count that needs an index waits until a first load has built it") {
    const tests::TempFolder folder;
    const auto path = folder.file("nudged.db");
    { warehouse::Writer{warehouse::WriterOptions{.path = path, .progress = {}}}; }
    {
        // What a crash in the middle of a first load leaves, and somebody in another zone.
        warehouse::Database database{path, warehouse::Database::Mode::read_write};
        warehouse::Transaction transaction{database};
        warehouse::PageStore store{database, warehouse::IndexTime::after_first_load};
        const auto crm = warehouse::ensure_source(database, "crm", "http");
        store.store(crm, calls, page_of_call("c1"), false);
        store.finish();
        warehouse::recount_user(database, crm, "ana");
        transaction.commit();
        REQUIRE(warehouse::has_deferred_indexes(database));
        REQUIRE(warehouse::read_recount_state(database).needs_index);
    }
    asio::io_context loop;
    warehouse::Writer writer{warehouse::WriterOptions{.path = path, .progress = {}}};
    int done = 0;
    runtime::Recounter recounter{loop.get_executor(), writer, [&] {
                                     ++done;
                                     loop.stop();
                                 }};
    asio::cancellation_signal stop;
    auto ended = [](std::exception_ptr) {};
    asio::co_spawn(loop, recounter.run(), asio::bind_cancellation_slot(stop.slot(), ended));
    loop.run_for(200ms);
    CHECK(done == 0);
    CHECK(warehouse::has_deferred_indexes(warehouse::Reader{path}.database()));

    auto load = [&]() -> asio::awaitable<void> {
        auto queue = writer.open_queue("crm", "http", calls);
        co_await queue.push(page_of_call("c2"));
        co_await queue.drain();
        recounter.wake();
    };
    asio::co_spawn(loop, load(), asio::detached);
    loop.restart();
    loop.run_for(30s);
    CHECK(done == 1);
    stop.emit(asio::cancellation_type::terminal);
    loop.restart();
    loop.run_for(30s);
    const warehouse::Reader reader{path};
    CHECK_FALSE(warehouse::has_deferred_indexes(reader.database()));
    CHECK(warehouse::read_recount_state(reader.database()).is_done());
}
