// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/failure.hpp"
#include "connectors/net/http.hpp"
#include "connectors/sources/catalog.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace nudged::tests {

/// Records as texts, out of their pages: what a warehouse would hold.
struct Kept {
    bool deleted = false;
    std::optional<Instant> modified;
    std::map<std::string, std::string> fields;  // without those that are null

    friend bool operator==(const Kept&, const Kept&) = default;
};
using Store = std::map<std::pair<model::Entity, std::string>, Kept>;

void keep(const model::Page& page, Store& store);

/// Each text is replaced once, in order, and must occur.
std::string replaced_in(std::string text,
                        const std::vector<std::pair<std::string, std::string>>& replaced);

/// Where increments begin that are to tell everything, without a first load.
inline const model::Cursor since_1970{R"({"at":0,"deep":0})", ""};

/// A source of the http connector and what it runs on: a loop, workers, a clock that is set.
class HttpBench {
public:
    HttpBench();
    ~HttpBench();
    HttpBench(const HttpBench&) = delete;
    HttpBench& operator=(const HttpBench&) = delete;

    std::atomic<Instant> now;                 // of the program; a test sets it between two calls
    sources::TokenFolder tokens{};            // nowhere unless a test sets it
    sources::SharedLimits* limits = nullptr;  // each source has its own unless a test sets it

    /// Options for a manifest of this text, which is written to a file, or for a shipped one.
    sources::SourceOptions options(const std::string& manifest_text, const std::string& base_url);
    sources::SourceOptions shipped(const std::string& name, const std::string& base_url);
    /// The shipped manifest with texts replaced; each must occur. So that tests need not wait.
    std::string shipped_text(const std::string& name,
                             const std::vector<std::pair<std::string, std::string>>& replaced = {});

    std::unique_ptr<sources::Source> source(const sources::SourceOptions& options);

    template <typename Result>
    Result run(boost::asio::awaitable<Result> work) {
        auto result = boost::asio::co_spawn(
            loop_, std::move(work),
            boost::asio::bind_cancellation_slot(stop_.slot(), boost::asio::use_future));
        loop_.restart();
        loop_.run();
        return result.get();
    }

    /// Cancels what runs, as the program's end does; then run() throws what asio throws. From
    /// another thread, and only while a run is waiting for it; returns once the loop has heard.
    void cancel();

    model::Page fetch(sources::Source& source, model::Stream stream,
                      const model::Cursor& from = since_1970);
    /// Pulls a stream until it has nothing newer; gives its last cursor. Throws after 10,000 pages.
    model::Cursor pull(sources::Source& source, model::Stream stream, Store& store,
                       model::Cursor from = since_1970);
    /// Pulls every stream once, as the program does on its first day.
    void pull_all(sources::Source& source, Store& store);
    /// The failure of fetching a page; throws when there is none.
    Failure failure_of(sources::Source& source, model::Stream stream,
                       const model::Cursor& from = since_1970);

private:
    std::filesystem::path folder_;
    boost::asio::io_context loop_;
    boost::asio::cancellation_signal stop_;
    boost::asio::thread_pool workers_{2};
    net::HttpClient http_{loop_.get_executor()};
};

/// The streams of one entity.
inline model::Stream incremental(model::Entity entity) {
    return {entity, model::Lane::incremental};
}
inline model::Stream backfill(model::Entity entity) {
    return {entity, model::Lane::backfill};
}
inline model::Stream deletions(model::Entity entity) {
    return {entity, model::Lane::deletions};
}

/// Where shared samples lie, when they are there.
std::optional<std::string> read_shared(const std::string& path);

}  // namespace nudged::tests
