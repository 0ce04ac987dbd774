// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/failure.hpp"
#include "connectors/net/http.hpp"
#include "connectors/sources/catalog.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace nudged::tests {

/// What a warehouse would hold: ids with their names, by entity; and what snapshots told.
struct TapStore {
    std::map<model::Entity, std::map<std::string, std::string>> names;
    std::map<model::Entity, std::set<std::string>> deleted;
    std::vector<model::Malformed> malformed;
    model::Cursor cursor;  // of the last page
    std::size_t pages = 0;

    void keep(const model::Page& page);

private:
    std::map<model::Entity, std::set<std::string>> seen_;  // by the snapshots that have begun
};

/// A source of the singer connector that runs test_tap, and what it runs on.
class TapBench {
public:
    TapBench();

    /// What the tap is to do, see test_tap.cpp.
    void script(const std::string& lines) { folder.write("script", lines); }
    /// The text of sources.d/tap.toml, from [source] on: more keys of it, and its streams.
    std::string text(const std::string& keys = "", const std::string& streams = accounts) const;
    sources::SourceOptions options(const std::string& text) const;
    std::unique_ptr<sources::Source> source(const std::string& text);
    std::unique_ptr<sources::Source> source() { return source(text()); }

    template <typename Result>
    Result run(boost::asio::awaitable<Result> work) {
        auto result = boost::asio::co_spawn(loop, std::move(work), boost::asio::use_future);
        loop.restart();
        while (result.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
            loop.run_one();
        return result.get();
    }
    model::Page fetch(sources::Source& source, const model::Cursor& from = {});
    /// All pages until there are no more; throws what a page throws, with the others kept.
    void pull(sources::Source& source, TapStore& store);
    /// The same of a source that fails.
    Failure failing_pull(sources::Source& source, TapStore& store);

    /// Two streams would do for most.
    static const std::string accounts;
    static const std::string accounts_and_calls;

    TempFolder folder;
    boost::asio::io_context loop;
    boost::asio::thread_pool workers{2};
    net::HttpClient http{loop.get_executor()};
    Instant now;
};

/// Whether the process of this number, which a file holds, ends soon: what is killed as a
/// grandchild dies in its own time. A zombie that waits for init is gone, too.
bool is_gone(const std::string& pid_file);

std::string out(const std::string& line);

}  // namespace nudged::tests
