// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/failure.hpp"
#include "connectors/net/http.hpp"
#include "connectors/sources/csv/csv_source.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace nudged::tests {

namespace asio = boost::asio;
using model::Cursor;
using model::Entity;
using model::Page;
using sources::CsvTable;
using sources::Source;

/// A folder of CSV files and what a source needs to read them.
class Bench {
public:
    Bench()
        : folder_(std::filesystem::temp_directory_path() /
                  ("nudged-csv-" + std::to_string(::getpid()))) {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    ~Bench() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    /// Each version is a second younger than the one before, whatever the file system can tell.
    void write(const std::string& file, const std::string& text) {
        std::ofstream{folder_ / file, std::ios::binary} << text;
        std::filesystem::last_write_time(folder_ / file, base_ + std::chrono::seconds{++written_});
    }
    void remove(const std::string& file) { std::filesystem::remove(folder_ / file); }
    void touch(const std::string& file) {
        std::filesystem::last_write_time(folder_ / file, base_ + std::chrono::seconds{++written_});
    }

    sources::SourceOptions options(std::vector<CsvTable> tables) const {
        sources::SourceOptions options;
        options.name = "sheets";
        options.connector = "csv";
        options.connector_options = sources::CsvSourceOptions{std::move(tables), folder_.string()};
        return options;
    }

    std::unique_ptr<Source> source(std::vector<CsvTable> tables) {
        const sources::SourceContext context{http_, workers_,
                                             [] { return from_millis(1'795'162'500'000); }, ""};
        return sources::make_csv(options(std::move(tables)), context);
    }

    template <typename Result>
    Result run(asio::awaitable<Result> work) {
        auto result = asio::co_spawn(loop_, std::move(work), asio::use_future);
        loop_.restart();
        loop_.run();
        return result.get();
    }

    Page fetch(Source& source, Entity entity, const Cursor& from = {}) {
        return run(source.fetch_page({entity, model::Lane::incremental}, from));
    }

private:
    std::filesystem::path folder_;
    std::filesystem::file_time_type base_ =
        std::filesystem::file_time_type::clock::now() - std::chrono::hours{1};
    int written_ = 0;
    asio::io_context loop_;
    asio::thread_pool workers_{2};
    net::HttpClient http_{loop_.get_executor()};
};

inline CsvTable table(const std::string& file, const std::string& entity = "account") {
    CsvTable made;
    made.file = file;
    made.entity = entity;
    made.complete = true;
    made.id.from = {"id"};
    made.map["name"].from = {"name"};
    made.map["name"].place = {"sheets.toml", 8, 1};
    made.place = {"sheets.toml", 5, 1};
    return made;
}

inline std::string ids(const Page& page) {
    std::string all;
    for (const auto& record : page.records)
        all += (all.empty() ? "" : " ") + std::string{record.deleted ? "-" : ""} +
               std::string{record.id};
    return all;
}

inline FailureKind failure_of(Bench& bench, Source& source, std::string& what) {
    try {
        bench.fetch(source, Entity::account);
    } catch (const Failure& failure) {
        what = failure.what();
        return failure.kind();
    }
    FAIL("nothing was thrown");
    return FailureKind::corrupt;
}

}  // namespace nudged::tests
