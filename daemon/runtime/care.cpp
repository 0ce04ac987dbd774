// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/care.hpp"

#include "daemon/runtime/finding_desk.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "connectors/base/text.hpp"
#include "daemon/runtime/coaching_desk.hpp"
#include "daemon/runtime/commitment_desk.hpp"
#include "daemon/runtime/shadow_desk.hpp"
#include "daemon/warehouse/backup.hpp"
#include "daemon/warehouse/forget.hpp"
#include "daemon/warehouse/given_up.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "daemon/warehouse/people.hpp"
#include "daemon/warehouse/persons.hpp"
#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/retention.hpp"
#include "daemon/warehouse/scrub.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <charconv>
#include <exception>
#include <filesystem>

namespace nudged::runtime {
namespace {

using namespace std::chrono_literals;
using warehouse::Database;

constexpr int pages_a_step = 256;  // 1 MiB: a few milliseconds
constexpr auto pause_for_log = 250ms;
constexpr int tries_for_log = 140;  // 35 s: longer than a Reader of ours lives

[[noreturn]] void stop() {
    throw Failure(FailureKind::transient, "ended, since the daemon stops");
}

/// Copies step by step; the copy is given up on the writer's thread, too.
asio::awaitable<void> copy_warehouse(const CareContext& context, const std::string& to) {
    std::unique_ptr<warehouse::BackupCopy> copy;
    std::exception_ptr thrown;
    auto step = [&](Database& database) {
        if (!copy) copy = std::make_unique<warehouse::BackupCopy>(database, to);
        return copy->step(pages_a_step);
    };
    auto end = [&](Database&) { copy.reset(); };
    bool stopped = false;
    try {
        for (bool more = true; more && !stopped; stopped = context.is_stopped())
            more = co_await context.writer.run_outside(step);
    } catch (...) {
        thrown = std::current_exception();
    }
    // While the warehouse's own file fails, the writer does nothing else.
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (bool is_ended = false; !is_ended;) {
        try {
            co_await context.writer.run_outside(end);
            is_ended = true;
        } catch (const warehouse::FileFailure&) {
            if (context.is_stopped()) break;
        }
        timer.expires_after(pause_for_log);
        if (!is_ended) co_await timer.async_wait(asio::use_awaitable);
    }
    if (thrown) std::rethrow_exception(thrown);
    if (stopped) stop();
}

std::int64_t notes_removed(const warehouse::Forgetting& forgetting) {
    const auto notes = forgetting.removed().find("note");
    return notes == forgetting.removed().end() ? 0 : notes->second;
}

/// A step, and in its transaction that notes are gone, if some are: the daemon may stop before the
/// next one. Their own rows go with them; this one stays.
bool forget_and_audit(Database& database, warehouse::Forgetting& forgetting,
                      warehouse::AuditUser user, const CareContext& context) {
    const auto before = notes_removed(forgetting);
    const bool more = forgetting.step(database);
    const auto gone = notes_removed(forgetting) - before;
    if (gone == 0) return more;
    warehouse::AuditEntry entry{
        .at = context.clock(), .user = user, .use = warehouse::NoteUse::forgotten};
    entry.notes = static_cast<int>(gone);
    warehouse::store_audit(database, entry);
    return more;
}

CareReport explain_forgotten(const CareContext& context, const warehouse::Forgetting& forgetting,
                             const std::string& address, bool is_overwritten) {
    CareReport report;
    report.removed = forgetting.removed();
    report.changed = forgetting.changed();
    report.sentences.push_back(
        "They are forgotten, and no sync stores them again. The CRMs were not touched.");
    for (const auto& path : warehouse::backups_with(context.config.backup.folder, address)) {
        report.facts["backups"] += (report.facts["backups"].empty() ? "" : "\n") + path;
        report.sentences.push_back(
            fmt::format("They are still in the backup {}; a restore of it forgets them.", path));
    }
    const auto copies = warehouse::remove_copies(context.config.warehouse_path().string());
    for (const auto& path : copies)
        report.sentences.push_back(
            fmt::format("They may still be in {}: remove that copy once it is not needed.", path));
    if (!copies.empty()) report.facts["copies"] = fmt::format("{}", fmt::join(copies, "\n"));
    if (!is_overwritten) {
        report.sentences.emplace_back(
            "Another program reads the warehouse, so that its files still hold what was removed: "
            "close that program, and run this again.");
        report.status = 1;
    }
    return report;
}

/// Whether a line of the roster names them: it would make them anew, or be left without them.
bool is_theirs(const warehouse::RosterPerson& person, const Database& database,
               const warehouse::Traces& traces) {
    const auto is_address = [&](const std::string& email) {
        return traces.addresses.contains(warehouse::joining_address(email));
    };
    const auto is_user = [&](const warehouse::UserLink& link) {
        return std::any_of(traces.identities.begin(), traces.identities.end(),
                           [&](const auto& one) {
                               return one.entity == model::Entity::user &&
                                      one.source_name == link.source && one.id == link.user;
                           });
    };
    const auto is_alias = [&](const warehouse::Alias& alias) {
        return is_address(alias.email) || (alias.user && is_user(*alias.user));
    };
    if (std::any_of(person.emails.begin(), person.emails.end(), is_address) ||
        std::any_of(person.users.begin(), person.users.end(), is_user) ||
        std::any_of(person.aliases.begin(), person.aliases.end(), is_alias))
        return true;
    if (person.name.empty() && person.emails.empty() && person.users.empty()) return false;
    const auto own = warehouse::find_own_person(database, person);
    return own && traces.persons.contains(static_cast<std::int64_t>(*own));
}

void require_not_on_roster(const config::Config& config, const Database& database,
                           const warehouse::Traces& traces) {
    for (const auto& team : config.roster.teams)
        for (const auto* person : warehouse::persons_of(team))
            if (is_theirs(*person, database, traces))
                throw Failure(
                    FailureKind::refused,
                    fmt::format("teams.toml still names them, in the team \"{}\": take them "
                                "out, run `nudged reload`, and then this again",
                                team.name));
}

/// False when readers leave it no moment.
asio::awaitable<bool> scrub_file(const CareContext& context) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    warehouse::Scrub scrub;
    auto step = [&](Database& database) { return scrub.step(database); };
    for (int tries = 0; tries < tries_for_log;) {
        const auto came_to = co_await context.writer.run_outside(step);
        if (context.is_stopped()) stop();
        if (came_to == warehouse::Scrub::Step::done) co_return true;
        tries = came_to == warehouse::Scrub::Step::held ? tries + 1 : 0;
        if (tries == 0) continue;
        timer.expires_after(pause_for_log);
        co_await timer.async_wait(asio::use_awaitable);
    }
    co_return false;
}

/// Ids between commas.
std::vector<std::int64_t> parse_ids(const std::string& ids) {
    std::vector<std::int64_t> wanted;
    for (const auto part : ids.empty() ? std::vector<std::string_view>{} : split(ids, ',')) {
        std::int64_t id = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), id);
        if (error != std::errc{} || end != part.data() + part.size())
            throw Failure(FailureKind::refused, fmt::format("\"{}\" is no message's id", part));
        wanted.push_back(id);
    }
    return wanted;
}

}  // namespace

asio::awaitable<CareReport> make_backup(const CareContext& context, std::string to) {
    // Half a copy has to be given up where it was begun: nothing here ends in between.
    co_await asio::this_coro::throw_if_cancelled(false);
    const bool is_own = to.empty();
    if (is_own)
        to = (std::filesystem::path{context.config.backup.folder} /
              warehouse::backup_name(context.clock()))
                 .string();
    std::exception_ptr thrown;
    std::uintmax_t bytes = 0;
    try {
        auto prepare = [&] {
            if (is_own) warehouse::make_backup_folder(context.config.backup.folder);
        };
        co_await on(context.workers, prepare);
        co_await copy_warehouse(context, to);
        auto verify = [&] {
            return warehouse::verify_copy(to + warehouse::unfinished_suffix, context.is_stopped);
        };
        const auto problems = co_await on(context.workers, verify);
        if (!problems.empty())
            throw Failure(FailureKind::corrupt,
                          fmt::format("the copy is not sound: {}; look at the warehouse with "
                                      "`nudged warehouse verify`, and keep the older backups",
                                      problems.front()));
        auto finish = [&] {
            warehouse::finish_backup(to);
            bytes = std::filesystem::file_size(to);
        };
        co_await on(context.workers, finish);
    } catch (...) {
        thrown = std::current_exception();
    }
    auto drop = [&] { warehouse::drop_unfinished(to); };
    if (thrown) co_await on(context.workers, drop);
    co_await asio::this_coro::throw_if_cancelled(true);
    if (thrown) std::rethrow_exception(thrown);
    CareReport report;
    report.facts["file"] = to;
    report.facts["bytes"] = fmt::format("{}", bytes);
    report.sentences.push_back(fmt::format("{}: whole and verified", to));
    co_return report;
}

asio::awaitable<CareReport> apply_retention(const CareContext& context) {
    warehouse::RetentionPass pass(context.config.retention, context.clock());
    auto step = [&](Database& database) { return pass.step(database); };
    for (bool more = true; more;) {
        more = co_await context.writer.run(step);
        if (context.is_stopped()) stop();
    }
    CareReport report;
    report.removed = pass.past();
    if (report.removed.empty()) report.sentences.emplace_back("Nothing is past its time.");
    co_return report;
}

asio::awaitable<CareReport> forget_person(const CareContext& context, std::string address,
                                          warehouse::AuditUser user) {
    if (warehouse::joining_address(address).empty())
        throw Failure(FailureKind::refused, fmt::format("\"{}\" is no e-mail address", address));
    const auto path = context.config.warehouse_path().string();
    auto find = [&] {
        const warehouse::Reader reader(path);
        return warehouse::find_traces(reader.database(), address);
    };
    auto find_first = [&] {
        const warehouse::Reader reader(path);
        auto traces = warehouse::find_traces(reader.database(), address);
        require_not_on_roster(context.config, reader.database(), traces);
        return traces;
    };
    auto traces = co_await on(context.workers, find_first);
    auto suppress = [&](Database&) { warehouse::suppress(context.rules->suppression(), traces); };
    co_await context.writer.run(suppress);
    // Once more, now that nothing of theirs is stored any more: what came meanwhile goes, too.
    traces = co_await on(context.workers, find);
    co_await context.writer.run(suppress);
    warehouse::Forgetting forgetting(traces);
    auto step = [&](Database& database) {
        return forget_and_audit(database, forgetting, user, context);
    };
    for (bool more = true; more;) {
        more = co_await context.writer.run(step);
        if (context.is_stopped()) stop();
    }
    const bool is_overwritten = co_await scrub_file(context);
    auto explain = [&] { return explain_forgotten(context, forgetting, address, is_overwritten); };
    co_return co_await on(context.workers, explain);
}

asio::awaitable<CareReport> release_held(const CareContext& context, std::string ids) {
    const auto wanted = parse_ids(ids);
    const auto now = context.clock();
    auto release = [&](Database& database) {
        return warehouse::release_messages(database, wanted, now);
    };
    const auto released = co_await context.writer.run(release);
    context.on_message();
    CareReport report;
    report.facts["released"] = fmt::format("{}", released.released);
    report.sentences.push_back(fmt::format("{} messages are released", released.released));
    if (released.expired > 0)
        report.sentences.push_back(
            fmt::format("{} of them are past their time, and are not sent", released.expired));
    for (const auto id : released.not_held) {
        report.sentences.push_back(
            fmt::format("message {} is not held; `nudged outbox list --state held` shows those "
                        "that are",
                        id));
        report.status = 1;
    }
    co_return report;
}

asio::awaitable<CareReport> replay_given_up(const CareContext& context, ControlRequest request) {
    const auto wanted = parse_ids(request.argument("ids"));
    const warehouse::GivenUpFilter filter{.channel = request.argument("channel"),
                                          .since = parse_instant(request.argument("since")),
                                          .until = parse_instant(request.argument("until"))};
    const auto now = context.clock();
    auto replay = [&](Database& database) {
        const auto ids = wanted.empty() ? warehouse::find_expired(database, filter) : wanted;
        return warehouse::replay_messages(database, ids, now, [&](std::string_view channel) {
            return context.config.alerts.expiry_of(channel);
        });
    };
    const auto replayed = co_await context.writer.run(replay);
    context.on_message();
    CareReport report;
    report.facts["replayed"] = fmt::format("{}", replayed.replayed);
    report.sentences.push_back(fmt::format("{} messages are to be sent again", replayed.replayed));
    for (const auto id : replayed.not_given_up) {
        report.sentences.push_back(
            fmt::format("message {} has not been given up; `nudged outbox list --state dead` shows "
                        "some that have, refused and unknown are others",
                        id));
        report.status = 1;
    }
    co_return report;
}

asio::awaitable<CareReport> guarded(asio::awaitable<CareReport> work) {
    CareReport failed;
    failed.status = 1;
    try {
        co_return co_await std::move(work);
    } catch (const Failure& failure) {
        failed.sentences.emplace_back(failure.what());
    } catch (const std::filesystem::filesystem_error& error) {
        failed.sentences.emplace_back(error.what());
    }
    co_return failed;
}

std::optional<asio::awaitable<CareReport>> find_care(const ControlRequest& request,
                                                     const CareContext& context) {
    if (request.command == "backup") return guarded(make_backup(context, request.argument("to")));
    if (request.command == "retention") return guarded(apply_retention(context));
    if (request.command == "forget")
        return guarded(forget_person(context, request.argument("address"), request.user));
    if (request.command == "release")
        return guarded(release_held(context, request.argument("ids")));
    if (request.command == "replay") return guarded(replay_given_up(context, request));
    if (request.command == "go_live") return guarded(end_shadow(context, request));
    if (request.command == "finding") return guarded(answer_finding(context, request));
    if (auto desk = find_desk(request, context)) return desk;
    if (request.command == "commit") return guarded(keep_commitments(context, request));
    return std::nullopt;
}

warehouse::WriterOptions writer_options(const config::Config& config) {
    const auto path = config.warehouse_path();
    std::filesystem::create_directories(path.parent_path());
    warehouse::WriterOptions options;
    options.path = path.string();
    options.rules = std::make_shared<warehouse::StoreRules>(
        warehouse::Suppression{warehouse::suppression_path(options.path)});
    options.rules->retention = config.retention;
    return options;
}

}  // namespace nudged::runtime
