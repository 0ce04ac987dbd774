// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/evaluator.hpp"

#include "connectors/base/events.hpp"
#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "daemon/alerts/life.hpp"
#include "daemon/alerts/message_edit.hpp"
#include "daemon/alerts/precision.hpp"
#include "daemon/checks/coaching/judgement.hpp"
#include "daemon/checks/kpi/coverage_weeks.hpp"
#include "daemon/checks/kpi/team_sums.hpp"
#include "daemon/checks/kpi/weeks.hpp"
#include "daemon/runtime/digest_maker.hpp"
#include "daemon/runtime/gauges.hpp"
#include "daemon/runtime/link_desk.hpp"
#include "daemon/runtime/ways.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "daemon/warehouse/runs.hpp"

#include <algorithm>
#include <malloc.h>
#include <optional>
#include <utility>

namespace nudged::runtime {
namespace {

using namespace std::chrono_literals;

/// Edits of older weeks are no longer told.
constexpr int weeks_noted = 2 * checks::trend_window;

/// A source that could not be read again is asked once more after so long.
constexpr std::chrono::minutes try_again_after{10};

/// What decides when a team's digest is due.
warehouse::Team clock_of(const warehouse::RosterTeam& team) {
    warehouse::Team clock;
    clock.name = team.name;
    clock.zone = team.zone;
    clock.calendar.week = team.work_week;
    clock.calendar.half_days = team.half_days;
    clock.calendar.holidays = team.holidays;
    return clock;
}

void tell_done(const checks::Evaluation& evaluation, const alerts::FindingChanges& changes,
               std::chrono::milliseconds took) {
    tell(events::evaluation_done, {{"findings", evaluation.findings.size()},
                                   {"opened", changes.opened + changes.reopened},
                                   {"resolved", changes.resolved},
                                   {"held", changes.held},
                                   {"ms", took.count()}});
}

}  // namespace

Evaluator::Evaluator(const asio::any_io_executor& loop, const config::Config& config,
                     asio::thread_pool& workers, warehouse::Writer& writer, Clock clock,
                     Hooks hooks)
    : config_(config),
      workers_(workers),
      writer_(writer),
      clock_(std::move(clock)),
      hooks_(std::move(hooks)),
      signer_(make_link_signer(config, MakeKey::yes)),
      wake_(loop) {}

asio::awaitable<void> Evaluator::run() {
    for (;;) {
        co_await wake_.wait(until_next());
        // Before the first round there is nothing to judge, and everything would be held.
        if (!hooks_.all_synced()) continue;
        try {
            co_await evaluate_once();
            trouble_.clear();
            if (hooks_.on_cycle) hooks_.on_cycle();
        } catch (const Failure& failure) {
            trouble_ = failure.what();
            tell(events::evaluation_failed,
                 {{"kind", to_string(failure.kind())}, {"why", failure.what()}});
        }
    }
}

asio::awaitable<void> Evaluator::evaluate_once() {
    auto now = clock_();
    auto result = co_await take_up(now);
    if (hooks_.read_again) co_await prove_absences(result, now);
    tell_held(result.evaluation.held);
    co_await send_due_digests(result.evaluation, now);
    co_await send_line_messages(result.evaluation, now);
    co_await send_edits(now);
    co_await propose_changes(now);
    co_await give_memory_back();
}

/// Each when it begins to be held, or for another reason than before.
void Evaluator::tell_held(const std::vector<checks::Held>& held) {
    decltype(held_) now_held;
    for (const auto& [check, source, reason, keeps_findings] : held) {
        const bool is_new = now_held.emplace(check, source, reason).second;
        if (is_new && !held_.contains({check, source, reason}))
            tell(events::check_held, {{"check", check}, {"source", source}, {"reason", reason}});
    }
    held_ = std::move(now_held);
}

/// Runs the checks, and gives what they find its life.
asio::awaitable<Evaluator::Result> Evaluator::take_up(Instant now) {
    const auto started_at = clock_();
    // The snapshot has what was written up to here and nothing else. Until all is judged nothing
    // stands, so that no change is lost when that fails.
    auto standing = std::exchange(standing_, checks::Standing{});
    warehouse::Changes written;
    std::optional<warehouse::Reader> reader;
    auto look = [&](warehouse::Database&) {
        written = writer_.take_changes(now);
        reader.emplace(config_.warehouse_path().string());
    };
    co_await writer_.run(look);
    auto judge = [&] {
        auto judged = evaluate(*reader, config_, standing, written, now);
        reader.reset();
        return judged;
    };
    auto result = co_await on(workers_, judge);
    standing_ = std::move(standing);
    gauges_ = std::move(result.gauges);
    warehouse::Run run;
    run.kind = "evaluate";
    run.started_at = now;
    run.ended_at = clock_();
    auto apply = [&](warehouse::Database& database) {
        warehouse::insert_run(database, run);
        warehouse::note_weeks(database, result.weeks, now);
        warehouse::note_team_weeks(database, result.team_weeks, now);
        warehouse::note_coverage(database, result.coverage);
        checks::note_judgement(database, *result.judgement);
        return alerts::apply_findings(database, result.evaluation, now, config_.alerts);
    };
    const auto changes = co_await writer_.run(apply);
    tell_done(result.evaluation, changes, clock_() - started_at);
    co_return result;
}

/// What is missing is read again from its CRM before anybody is told, once a message. What is there
/// by now is found no more; what could not be read is left out, and stays what it was until that
/// works: it is tried again after a while.
asio::awaitable<void> Evaluator::prove_absences(Result& result, Instant& now) {
    if (std::chrono::abs(now - unproven_at_) >= try_again_after) unproven_.clear();
    auto ahead = co_await look_ahead(result.evaluation, now);
    if (ahead.findings.empty()) co_return;
    if (unproven_.empty()) {
        RecordsOfSources records;
        auto collect = [&] {
            const warehouse::Reader reader(config_.warehouse_path().string());
            const auto people = warehouse::read_people(reader, config_.roster);
            const checks::Scene scene{reader, people, config_.checks, now};
            records = records_behind(scene, ahead.findings);
        };
        co_await on(workers_, collect);
        auto again = co_await hooks_.read_again(std::move(records));
        if (again.changed > 0) {
            now = clock_();
            result = co_await take_up(now);
        }
        unproven_ = std::move(again.why_not);
        unproven_at_ = now;
    }
    constexpr std::size_t most_keys = 100'000;
    if (read_again_for_.size() > most_keys) read_again_for_.clear();
    if (unproven_.empty()) read_again_for_.merge(ahead.keys);
    hold_unproven(result.evaluation, unproven_);
}

/// The messages that would be queued now are composed once for what they tell, and again when that
/// is proven.
asio::awaitable<Evaluator::AboutToTell> Evaluator::look_ahead(const checks::Evaluation& evaluation,
                                                              Instant now) {
    AboutToTell ahead;
    Round round;
    const auto take = [&](const std::optional<Composed>& composed) {
        if (composed && !read_again_for_.contains(composed->due.key))
            ahead.add(composed->due.key, composed->digest.told);
    };
    for (std::size_t i = 0; i < config_.roster.teams.size(); ++i) {
        std::optional<Composed> appointed;
        std::optional<Composed> due;
        auto compose_both = [&] {
            appointed = compose_appointment(evaluation, round, i, now);
            due = compose_due(evaluation, round, i, now);
        };
        co_await on(workers_, compose_both);
        take(appointed);
        take(due);
    }
    const auto lines = co_await compose_lines(evaluation, now);
    for (const auto& message : lines) {
        if (read_again_for_.contains(message.key)) continue;
        std::vector<alerts::Told> told;
        for (const auto& [id, why] : message.told) told.push_back({id, why});
        ahead.add(message.key, told);
    }
    co_return ahead;
}

void Evaluator::AboutToTell::add(const std::string& key, const std::vector<alerts::Told>& told) {
    keys.insert(key);
    for (const auto& one : told)
        if (one.why != warehouse::FindingChange::settled) findings.insert(one.id);
}

/// An idle daemon holds neither the pages of the last load nor what the evaluation has freed.
asio::awaitable<void> Evaluator::give_memory_back() {
    auto shrink = [](warehouse::Database& database) { database.execute("PRAGMA shrink_memory"); };
    co_await writer_.run(shrink);
    auto trim = [] { malloc_trim(0); };
    co_await on(workers_, trim);
}

Evaluator::Result Evaluator::evaluate(const warehouse::Reader& reader, const config::Config& config,
                                      checks::Standing& standing, const warehouse::Changes& changes,
                                      Instant now) {
    const auto people = warehouse::read_people(reader, config.roster);
    const checks::Scene scene{reader, people, config.checks, now};
    auto evaluation = standing.evaluate(scene, changes);
    auto weeks = checks::complete_weeks(checks::read_kpi_series(scene, weeks_noted));
    checks::judgement_of(scene);  // the checks have made it, unless none of them is switched on
    return {.evaluation = std::move(evaluation),
            .judgement = scene.judgement,
            .weeks = warehouse::read_news(reader, std::move(weeks)),
            .team_weeks = checks::decide_team_weeks(scene, weeks_noted),
            .coverage = warehouse::read_coverage_news(reader, checks::count_coverage(scene)),
            .gauges = render_gauges(reader, now)};
}

asio::awaitable<void> Evaluator::send_due_digests(const checks::Evaluation& evaluation,
                                                  Instant now) {
    // The findings have been taken up by now, so that a digest can mark what it tells. Team by
    // team, each with a snapshot of its own: one that takes long keeps no other one waiting for
    // good.
    Round round;
    // What a brief has told is not in the digest that follows it.
    for (std::size_t i = 0; i < config_.roster.teams.size(); ++i) {
        std::optional<Composed> composed;
        for (bool more = true; more;) {
            auto appoint = [&] { composed = compose_appointment(evaluation, round, i, now); };
            co_await on(workers_, appoint);
            more = composed.has_value();
            if (more) co_await send(*composed, now);
        }
        auto compose = [&] { composed = compose_due(evaluation, round, i, now); };
        co_await on(workers_, compose);
        // What has nothing to tell but what waits for a source is decided when that is there.
        const bool waits = composed && !unproven_.empty() && !composed->digest.has_news &&
                           !composed->due.is_weekly;
        if (composed && !waits) co_await send(*composed, now);
    }
}

asio::awaitable<void> Evaluator::send(const Composed& composed, Instant now) {
    auto enqueue = [&](warehouse::Database& database) {
        return alerts::enqueue_digest(database, composed.digest, composed.due, composed.team, now,
                                      config_.alerts, composed.line);
    };
    const auto outcome = co_await writer_.run(enqueue);
    if (outcome != alerts::Enqueued::queued) co_return;
    tell(events::digest_queued, {{"team", composed.team.name},
                                 {"channel", composed.team.channel},
                                 {"kind", to_string(composed.due.occasion)},
                                 {"day", format_date(composed.due.day)},
                                 {"told", composed.digest.told.size()}});
    hooks_.on_messages();
}

const warehouse::People& Evaluator::people_of(Round& round) const {
    if (!round.people) {
        const warehouse::Reader reader(config_.warehouse_path().string());
        round.people = warehouse::read_people(reader, config_.roster);
    }
    return *round.people;
}

/// The first brief, card or sheet of the team that is due and not decided yet.
std::optional<Evaluator::Composed> Evaluator::compose_appointment(
    const checks::Evaluation& evaluation, Round& round, std::size_t index, Instant now) const {
    const auto& people = people_of(round);
    auto appointments =
        alerts::decide_appointments(people, people.teams.at(index), config_.alerts, now);
    if (appointments.empty()) return std::nullopt;
    const warehouse::Reader reader(config_.warehouse_path().string());
    for (auto& due : appointments)
        if (auto composed = compose(evaluation, round, reader, index, std::move(due), now))
            return composed;
    return std::nullopt;
}

/// The digest of the team of that place in the roster; nullopt while none is due.
std::optional<Evaluator::Composed> Evaluator::compose_due(const checks::Evaluation& evaluation,
                                                          Round& round, std::size_t index,
                                                          Instant now) const {
    auto due =
        alerts::decide_due(clock_of(config_.roster.teams[index]), config_.alerts.digest, now);
    if (!due) return std::nullopt;
    const warehouse::Reader reader(config_.warehouse_path().string());
    due->is_weekly = !config_.alerts.brief.enabled &&
                     (due->is_weekly || alerts::inherits_week(reader.database(),
                                                              clock_of(config_.roster.teams[index]),
                                                              config_.alerts.digest, due->day));
    if (warehouse::has_message(reader.database(), due->key)) return std::nullopt;
    return compose(evaluation, round, reader, index, std::move(*due), now);
}

/// Nullopt where it goes to nobody, or is decided already.
std::optional<Evaluator::Composed> Evaluator::compose(const checks::Evaluation& evaluation,
                                                      Round& round, const warehouse::Reader& reader,
                                                      std::size_t index, alerts::DigestDue due,
                                                      Instant now) const {
    const auto& people = people_of(round);
    auto team = people.teams.at(index);
    const auto line = address(team, due, config_, warehouse::read_shadow_book(reader.database()));
    if (!line || warehouse::has_message(reader.database(), due.key)) return std::nullopt;
    const checks::Scene scene{reader, people, config_.checks, now};
    scene.judgement = round.judgement;
    if (!round.basis) round.basis = checks::make_scorecard_basis(scene, evaluation);
    auto digest = make_digest(config_, scene, evaluation, *round.basis, team, due, signer());
    round.judgement = scene.judgement;
    return Composed{std::move(team), std::move(due), std::move(digest), *line};
}

asio::awaitable<std::vector<alerts::LineMessage>> Evaluator::compose_lines(
    const checks::Evaluation& evaluation, Instant now) {
    std::vector<alerts::LineMessage> messages;
    auto compose = [&] {
        const warehouse::Reader reader(config_.warehouse_path().string());
        const auto people = warehouse::read_people(reader, config_.roster);
        const checks::Scene scene{reader, people, config_.checks, now};
        messages = make_line_messages(config_, scene, evaluation, signer());
    };
    co_await on(workers_, compose);
    co_return messages;
}

asio::awaitable<void> Evaluator::send_line_messages(const checks::Evaluation& evaluation,
                                                    Instant now) {
    const auto messages = co_await compose_lines(evaluation, now);
    for (const auto& message : messages) {
        auto enqueue = [&](warehouse::Database& database) {
            return alerts::enqueue_line_message(database, message, now, config_.alerts);
        };
        if (!co_await writer_.run(enqueue)) continue;
        tell(events::line_queued, {{"team", message.team},
                                   {"line", message.to.line},
                                   {"channel", message.to.channel},
                                   {"told", message.told.size()}});
        hooks_.on_messages();
    }
}

/// Messages of before say what has come of their findings. Whatever the hour: nobody is notified.
asio::awaitable<void> Evaluator::send_edits(Instant now) {
    std::vector<alerts::MessageEdit> edits;
    auto compose = [&] {
        const warehouse::Reader reader(config_.warehouse_path().string());
        auto starts = warehouse::read_thread_starts(reader.database(), now - alerts::edited_for);
        edits = alerts::compose_edits(std::move(starts), config_.roster, config_.alerts.texts, now);
    };
    co_await on(workers_, compose);
    if (edits.empty()) co_return;
    auto enqueue = [&](warehouse::Database& database) {
        for (const auto& edit : edits) alerts::enqueue_edit(database, edit, now, config_.alerts);
    };
    co_await writer_.run(enqueue);
    hooks_.on_messages();
}

/// Once a day: what is noisy today was so in the morning.
asio::awaitable<void> Evaluator::propose_changes(Instant now) {
    const auto day = Zone::utc().local_day(now);
    if (config_.daemon.admin_channel.empty() || day == proposed_on_) co_return;
    std::vector<alerts::Notice> notices;
    auto measure = [&] {
        const warehouse::Reader reader(config_.warehouse_path().string());
        const auto people = warehouse::read_people(reader, config_.roster);
        notices =
            alerts::precision_notices(reader.database(), people, config_.daemon.admin_channel, now);
    };
    co_await on(workers_, measure);
    auto enqueue = [&](warehouse::Database& database) {
        bool is_new = false;
        for (const auto& notice : notices) is_new |= alerts::enqueue_notice(database, notice, now);
        return is_new;
    };
    const bool is_new = co_await writer_.run(enqueue);
    proposed_on_ = day;
    if (is_new) hooks_.on_messages();
}

std::chrono::milliseconds Evaluator::until_next() const {
    const auto now = clock_();
    std::chrono::milliseconds wait = config_.daemon.evaluate_every;
    for (const auto& team : config_.roster.teams) {
        const auto clock = clock_of(team);
        wait = std::min(wait, alerts::next_appointment(clock, config_.alerts, now) - now + 1s);
        if (const auto due = alerts::next_due(clock, config_.alerts.digest, now))
            wait = std::min(wait, *due - now + 1s);
    }
    return std::max<std::chrono::milliseconds>(wait, 1s);
}

}  // namespace nudged::runtime
