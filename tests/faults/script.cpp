// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/script.hpp"

#include "daemon/warehouse/backup.hpp"
#include "daemon/warehouse/cursors.hpp"
#include "daemon/warehouse/findings.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "daemon/warehouse/recount.hpp"
#include "daemon/warehouse/scrub.hpp"

#include <boost/asio/io_context.hpp>

#include <array>
#include <memory>
#include <stdexcept>

namespace nudged::tests {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using model::Entity;
using warehouse::Database;
using warehouse::Writer;

constexpr model::Stream calls{Entity::call, model::Lane::incremental};
constexpr int calls_a_page = 5;
constexpr int pages_a_round = 3;
constexpr int most_tries = 50;
constexpr int copied_at_once = 16;                     // pages: a backup takes several steps
const Instant start = from_millis(1'795'000'000'000);  // 2026-11-18

model::Record& add(model::Page& page, Entity entity, const std::string& id) {
    auto& record = page.records.emplace_back();
    record.entity = entity;
    record.id = page.keep(id);
    return record;
}

void set(model::Record& record, std::string_view field, model::Value value) {
    record.values[*model::field_index(record.entity, field)] = value;
}

/// One deal that each page changes, calls of three users, and now and then a user who moves.
model::Page make_page(int number) {
    model::Page page;
    page.fetched_at = start + std::chrono::minutes{number};
    page.more = true;
    page.cursor.position = std::to_string(number);
    if (number % 4 == 1) {
        auto& user = add(page, Entity::user, fmt::format("user{}", number % 3));
        set(user, "email", page.keep(fmt::format("user{}@example.com", number % 3)));
        set(user, "time_zone", number % 8 == 1 ? "Europe/Berlin" : "America/New_York");
    }
    auto& deal = add(page, Entity::opportunity, "deal");
    set(deal, "owner", "user1");
    set(deal, "amount", page.keep(std::to_string(number)));
    set(deal, "stage", page.keep(fmt::format("stage{}", number % 4)));
    for (int i = 0; i < calls_a_page; ++i) {
        auto& call = add(page, Entity::call, fmt::format("{}-{}", number, i));
        set(call, "owner", page.keep(fmt::format("user{}", i % 3)));
        set(call, "started_at", to_millis(start + std::chrono::hours{number}));
        set(call, "duration_s", std::int64_t{number});
        set(call, "subject", page.keep(std::string(200, static_cast<char>('a' + number % 26))));
    }
    return page;
}

warehouse::Finding make_finding(int number) {
    warehouse::Finding finding;
    finding.check = "opp.past_close";
    finding.subject.id = std::to_string(number);
    finding.summary = "past its close date";
    return finding;
}

warehouse::NewMessage make_message(int number) {
    return {.key = fmt::format("key{}", number),
            .channel = "managers",
            .recipient = "mara@example.com",
            .reason = "nudge",
            .message = fmt::format("message {}", number),
            .due_at = start,
            .expires_at = start + 24h * 365};
}

std::string payload_of(const warehouse::OutboxRow& row) {
    return "rendered " + row.message;
}

/// Runs a coroutine to its end, and throws what it threw.
void run_to_end(asio::awaitable<void> work) {
    asio::io_context loop;
    std::exception_ptr thrown;
    asio::co_spawn(loop, std::move(work), [&](std::exception_ptr error) { thrown = error; });
    loop.run();
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace

warehouse::WriterOptions script_options(const std::string& path) {
    warehouse::WriterOptions options;
    options.path = path;
    options.large_log = 128 << 10;  // taken up every few rounds
    return options;
}

std::string copy_path(const std::string& path, int number) {
    return fmt::format("{}.copy{}", path, number);
}

Script::Script(Disk& disk, std::string path) : disk_(disk), path_(std::move(path)) {}

/// Tries until it goes well.
template <typename Work>
void Script::insist(const Work& work) {
    for (int tries = 0; tries < most_tries; ++tries) {
        try {
            return work();
        } catch (const warehouse::FileFailure& failure) {
            failures_.emplace_back(failure.what());
        } catch (const Failure& failure) {
            failures_.emplace_back(failure.what());
            ++others_;
        }
    }
    throw std::runtime_error("fails again and again: " + failures_.back());
}

/// Note the order: what is noted after it was acknowledged may be cut off before the note, never
/// the other way round.
void Script::note_safe() {
    notes_.push_back(reached_);
    disk_.note(static_cast<std::int64_t>(notes_.size()) - 1);
}

std::unique_ptr<Writer> Script::open() {
    std::unique_ptr<Writer> writer;
    insist([&] { writer = std::make_unique<Writer>(script_options(path_)); });
    insist([&] {
        writer->run_blocking([&](Database& database) { reached_ = read_reached(database); });
    });
    while (disk_.exists(copy_path(path_, reached_.copies + 1))) ++reached_.copies;
    return writer;
}

void Script::run(int rounds) {
    const auto writer = open();
    for (int round = 0; round < rounds; ++round) {
        insist([&] { store_pages(*writer, reached_.pages + pages_a_round); });
        insist([&] { recount(*writer); });
        insist([&] { send(*writer); });
        if (round == rounds / 2) insist([&] { back_up(*writer); });
    }
    insist([&] { scrub(*writer); });
}

/// On failure, as the daemon does: begins again at the cursor.
void Script::store_pages(Writer& writer, int last) {
    int begun = 0;
    writer.run_blocking([&](Database& database) { begun = read_reached(database).pages; });
    auto work = [&]() -> asio::awaitable<void> {
        auto queue = writer.open_queue("crm", "http", calls);
        for (int number = begun + 1; number <= last; ++number)
            co_await queue.push(make_page(number));
        co_await queue.drain();
    };
    run_to_end(work());
    reached_.pages = last;  // not safe yet: with the next message
}

/// The sums of a user who has moved, in steps.
void Script::recount(Writer& writer) {
    for (bool more = true; more;)
        writer.run_blocking(
            [&](Database& database) { more = warehouse::recount_some(database, 1000); });
}

void Script::send(Writer& writer) {
    const int number = reached_.decided + (reached_.decided == reached_.delivered ? 1 : 0);
    if (number > reached_.decided) {
        writer.run_blocking([&](Database& database) {
            const auto id = warehouse::open_finding(database, make_finding(number), 1, start);
            if (!warehouse::insert_message(database, make_message(number), start))
                throw std::logic_error("there is a message of this key");
            warehouse::mark_notified(database, std::array{id}, start);
        });
        reached_.decided = number;
        note_safe();
    }
    if (number > reached_.claimed) {
        writer.run_blocking([&](Database& database) {
            if (!warehouse::claim_next(database, "managers", start, 5min, payload_of))
                throw std::logic_error("there is nothing to claim");
        });
        reached_.claimed = number;
        note_safe();
    }
    warehouse::TryResult result;
    result.state = warehouse::OutboxState::delivered;
    result.outcome = "delivered";
    writer.run_blocking([&](Database& database) {
        warehouse::record_try(database, warehouse::OutboxId{number}, result);
    });
    reached_.delivered = number;
    note_safe();
}

/// As the daemon does; real files get their names by finish_backup().
void Script::back_up(Writer& writer) {
    const auto to = copy_path(path_, reached_.copies + 1);
    const auto unfinished = to + warehouse::unfinished_suffix;
    for (const auto* rest : {"", "-journal", "-wal", "-shm"})
        while (disk_.exists(unfinished + rest)) disk_.remove(unfinished + rest, true);
    copy(writer, to);
    const auto problems = warehouse::verify_copy(unfinished);
    if (!problems.empty())
        throw Failure(FailureKind::corrupt, fmt::format("{}: {}", unfinished, problems.front()));
    if (!disk_.sync(unfinished) || !disk_.rename(unfinished, to))
        throw Failure(FailureKind::transient, unfinished + ": cannot be flushed and named");
    ++reached_.copies;
    note_safe();
}

/// On the writer's connection, in steps between which others write.
void Script::copy(Writer& writer, const std::string& to) {
    std::unique_ptr<warehouse::BackupCopy> copy;
    warehouse::ChannelState state;
    auto step = [&](Database& database) {
        if (!copy) copy = std::make_unique<warehouse::BackupCopy>(database, to);
        return copy->step(copied_at_once);
    };
    auto write = [&](Database& database) {
        state.last_success_at = start + std::chrono::seconds{++state.failures};
        warehouse::save_channel_state(database, "managers", state);
    };
    auto end = [&](Database&) { copy.reset(); };
    auto work = [&]() -> asio::awaitable<void> {
        std::exception_ptr thrown;
        try {
            for (bool more = true; more;) {
                more = co_await writer.run_outside(step);
                if (more) co_await writer.run(write);
            }
        } catch (...) {
            thrown = std::current_exception();
        }
        for (bool is_ended = false; !is_ended;) {
            try {
                co_await writer.run_outside(end);
                is_ended = true;
            } catch (const warehouse::FileFailure&) {
                continue;  // the writer's file is not mended yet
            }
        }
        if (thrown) std::rethrow_exception(thrown);
    };
    run_to_end(work());
}

void Script::scrub(Writer& writer) {
    warehouse::Scrub scrub;
    auto step = [&](Database& database) { return scrub.step(database); };
    auto work = [&]() -> asio::awaitable<void> {
        auto came_to = warehouse::Scrub::Step::more;
        while (came_to == warehouse::Scrub::Step::more) came_to = co_await writer.run_outside(step);
        if (came_to == warehouse::Scrub::Step::held)
            throw std::logic_error("nobody reads, and yet the log is held");
    };
    run_to_end(work());
}

Reached read_reached(const Database& database) {
    const auto number = [&](const char* sql) { return static_cast<int>(database.integer(sql)); };
    const auto position = warehouse::read_cursor(database, "crm", calls).position;
    return {.pages = position.empty() ? 0 : std::stoi(position),
            .decided = number("SELECT count(*) FROM outbox"),
            .claimed = number("SELECT count(*) FROM outbox WHERE payload IS NOT NULL"),
            .delivered = number("SELECT count(*) FROM outbox WHERE state = 'delivered'")};
}

}  // namespace nudged::tests
