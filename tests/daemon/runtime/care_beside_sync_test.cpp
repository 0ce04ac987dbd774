// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/on.hpp"
#include "daemon/runtime/care.hpp"
#include "daemon/warehouse/backup.hpp"
#include "daemon/warehouse/cursors.hpp"
#include "daemon/warehouse/export.hpp"
#include "daemon/warehouse/rollups_verify.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>

#include <filesystem>

using namespace nudged;
using namespace std::chrono_literals;
using model::Entity;
using warehouse::Database;

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

constexpr model::Stream calls{Entity::call, model::Lane::incremental};
constexpr int calls_each = 10;  // of each rep in a page
const Instant now = *parse_instant("2026-11-20T08:00:00Z");

model::Record& add(model::Page& page, Entity entity, const std::string& id) {
    auto& record = page.records.emplace_back();
    record.entity = entity;
    record.id = page.keep(id);
    return record;
}

void set(model::Record& record, std::string_view field, model::Value value) {
    record.values[*model::field_index(record.entity, field)] = value;
}

/// Page n: both reps, and as many calls of either.
model::Page make_page(int number) {
    model::Page page;
    page.fetched_at = now;
    page.more = true;
    page.cursor.position = std::to_string(number);
    for (const char* rep : {"ana", "ben"}) {
        auto& user = add(page, Entity::user, rep);
        set(user, "email", page.keep(fmt::format("{}@example.com", rep)));
        for (int i = 0; i < calls_each; ++i) {
            auto& call = add(page, Entity::call, fmt::format("{}-{}-{}", rep, number, i));
            set(call, "owner", page.keep(rep));
            set(call, "started_at", to_millis(now - std::chrono::minutes{number}));
            set(call, "direction", "outbound");
            set(call, "subject", page.keep(std::string(200, 'x')));
        }
    }
    return page;
}

/// A warehouse into which pages come all the time, and what takes care of it meanwhile.
class House {
public:
    House() : config_(make_config()), writer_(options()) {
        writer_.run_blocking([](Database& database) {
            database.execute("INSERT INTO source VALUES (1, 'crm', 'http');"
                             "INSERT INTO call (source_id, external_id, fetched_at, content_hash, "
                             "started_at) VALUES (1, 'old', 0, 1, 0)");
        });
    }

    /// Both at once; returns when the care is done and the pages are stored.
    template <typename Care>
    void sync_beside(const Care& care) {
        auto syncing = asio::co_spawn(loop_, sync(), asio::use_future);
        std::exception_ptr thrown;
        asio::co_spawn(loop_, care(*this), [&](std::exception_ptr failure) {
            thrown = failure;
            is_over_ = true;
        });
        loop_.run();
        syncing.get();
        if (thrown) std::rethrow_exception(thrown);
    }

    asio::awaitable<void> await_page_after(int number) {
        while (pages_ <= number) co_await asio::post(loop_, asio::use_awaitable);
    }
    /// One thing that is done, and during which pages come in.
    template <typename Result>
    asio::awaitable<Result> during(asio::awaitable<Result> work) {
        const int before = pages_;
        auto result = co_await std::move(work);
        co_await await_page_after(before);  // what is quick is over before a page is
        co_return result;
    }

    const runtime::CareContext& care() const { return care_; }
    asio::thread_pool& workers() { return workers_; }
    std::string file(const std::string& name) const { return folder_.file(name); }
    std::string path() const { return config_.warehouse_path().string(); }
    int pages() const { return pages_; }

private:
    config::Config make_config() const {
        config::Config config;
        config.daemon.state_dir = folder_.path().string();
        config.backup.folder = folder_.file("backups");
        return config;
    }
    warehouse::WriterOptions options() {
        auto options = runtime::writer_options(config_);
        rules_ = options.rules;
        return options;
    }
    asio::awaitable<void> sync() {
        auto queue = writer_.open_queue("crm", "http", calls);
        while (!is_over_) {
            co_await queue.push(make_page(pages_ + 1));
            co_await queue.drain();
            ++pages_;
        }
    }

    tests::TempFolder folder_;
    config::Config config_;
    std::shared_ptr<warehouse::StoreRules> rules_;
    asio::io_context loop_;
    warehouse::Writer writer_;
    asio::thread_pool workers_{1};
    runtime::CareContext care_{
        .config = config_, .writer = writer_, .rules = rules_, .workers = workers_, .clock = [] {
            return now;
        }};
    int pages_ = 0;
    bool is_over_ = false;
};

/// How many pages the cursor covers, after a look at whether all of the calls of a rep are there.
int whole_pages(const Database& database, const char* rep) {
    const int pages = std::stoi(warehouse::read_cursor(database, "crm", calls).position);
    auto row = database.prepare("SELECT count(*) FROM call WHERE owner = ?1");
    row.bind(1, std::string_view{rep});
    REQUIRE(row.step());
    CHECK(row.integer(0) == pages * calls_each);
    CHECK(warehouse::verify_rollups(database).empty());
    return pages;
}

}  // namespace

TEST_CASE("backups, retention, an export and a forgetting go on while pages come in") {
    House house;
    const auto first = house.file("first.db"), second = house.file("second.db");
    std::int64_t exported = 0, removed = 0;
    auto care = [&](House& all) -> asio::awaitable<void> {
        co_await all.await_page_after(0);
        co_await all.during(runtime::make_backup(all.care(), first));
        auto retained = co_await all.during(runtime::apply_retention(all.care()));
        removed = retained.removed["call"];
        auto write = [&] {
            return warehouse::export_views(all.path(),
                                           {.views = {"v_call"}, .folder = all.file("exported")});
        };
        auto files = co_await all.during(on(all.workers(), write));
        exported = files.files.front().rows;
        co_await all.during(runtime::forget_person(all.care(), "ana@example.com"));
        co_await all.during(runtime::make_backup(all.care(), second));
    };
    house.sync_beside(care);

    CHECK(removed == 1);
    // Whole pages of both reps, of one instant.
    CHECK(exported > 0);
    CHECK(exported % (2 * calls_each) == 0);

    const Database left(house.path(), Database::Mode::read_only);
    CHECK(whole_pages(left, "ben") == house.pages());
    CHECK(left.integer("SELECT count(*) FROM call WHERE owner = 'ana'") == 0);
    CHECK(left.integer("SELECT count(*) FROM user WHERE external_id = 'ana'") == 0);
    CHECK(left.integer("SELECT count(*) FROM call WHERE external_id = 'old'") == 0);

    for (const auto& file : {first, second}) {
        CAPTURE(file);
        CHECK(warehouse::verify_copy(file).empty());
        const Database copy(file, Database::Mode::read_only);
        CHECK(whole_pages(copy, "ben") <= house.pages());
        if (file == first)
            whole_pages(copy, "ana");
        else
            CHECK(copy.integer("SELECT count(*) FROM call WHERE owner = 'ana'") == 0);
    }
}
