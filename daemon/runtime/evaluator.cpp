// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/evaluator.hpp"

#include "connectors/base/events.hpp"
#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "daemon/alerts/life.hpp"
#include "daemon/checks/coaching/judgement.hpp"
#include "daemon/checks/kpi/weeks.hpp"
#include "daemon/runtime/digest_maker.hpp"
#include "daemon/runtime/gauges.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "daemon/warehouse/runs.hpp"

#include <algorithm>
#include <malloc.h>

namespace nudged::runtime {
namespace {

using namespace std::chrono_literals;

/// Edits of older weeks are no longer told.
constexpr int weeks_noted = 2 * checks::trend_window;

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
    const auto now = clock_();
    auto judge = [&] { return evaluate(now); };
    auto result = co_await on(workers_, judge);
    gauges_ = std::move(result.gauges);
    warehouse::Run run;
    run.kind = "evaluate";
    run.started_at = now;
    run.ended_at = clock_();
    auto apply = [&](warehouse::Database& database) {
        warehouse::insert_run(database, run);
        warehouse::note_weeks(database, result.weeks, now);
        checks::note_judgement(database, *result.judgement);
        return alerts::apply_findings(database, result.evaluation, now, config_.alerts);
    };
    const auto changes = co_await writer_.run(apply);
    for (const auto& held : result.evaluation.held)
        tell(events::check_held,
             {{"check", held.check}, {"source", held.source}, {"reason", held.reason}});
    tell_done(result.evaluation, changes, clock_() - now);
    co_await send_due_digests(result.evaluation, now);
    co_await give_memory_back();
}

/// An idle daemon holds neither the pages of the last load nor what the evaluation has freed.
asio::awaitable<void> Evaluator::give_memory_back() {
    auto shrink = [](warehouse::Database& database) { database.execute("PRAGMA shrink_memory"); };
    co_await writer_.run(shrink);
    auto trim = [] { malloc_trim(0); };
    co_await on(workers_, trim);
}

Evaluator::Result Evaluator::evaluate(Instant now) const {
    const warehouse::Reader reader(config_.warehouse_path().string());
    const auto people = warehouse::read_people(reader, config_.roster);
    const checks::Scene scene{reader, people, config_.checks, now};
    auto weeks = checks::complete_weeks(checks::read_kpi_series(scene, weeks_noted));
    auto evaluation = checks::evaluate(scene);
    checks::judgement_of(scene);  // the checks have made it, unless none of them is switched on
    return {.evaluation = std::move(evaluation),
            .judgement = scene.judgement,
            .weeks = warehouse::read_news(reader, std::move(weeks)),
            .gauges = render_gauges(reader, now)};
}

asio::awaitable<void> Evaluator::send_due_digests(const checks::Evaluation& evaluation,
                                                  Instant now) {
    // The findings have been taken up by now, so that a digest can mark what it tells. Team by
    // team, each with a snapshot of its own: one that takes long keeps no other one waiting for
    // good.
    // What a brief has told is not in the digest that follows it.
    for (std::size_t i = 0; i < config_.roster.teams.size(); ++i) {
        std::optional<Composed> composed;
        for (bool more = true; more;) {
            auto appoint = [&] { composed = compose_appointment(evaluation, i, now); };
            co_await on(workers_, appoint);
            more = composed.has_value();
            if (more) co_await send(*composed, now);
        }
        auto compose = [&] { composed = compose_due(evaluation, i, now); };
        co_await on(workers_, compose);
        if (composed) co_await send(*composed, now);
    }
}

asio::awaitable<void> Evaluator::send(const Composed& composed, Instant now) {
    auto enqueue = [&](warehouse::Database& database) {
        return alerts::enqueue_digest(database, composed.digest, composed.due, composed.team, now,
                                      config_.alerts);
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

/// The first brief, card or sheet of the team that is due and not decided yet.
std::optional<Evaluator::Composed> Evaluator::compose_appointment(
    const checks::Evaluation& evaluation, std::size_t index, Instant now) const {
    const warehouse::Reader reader(config_.warehouse_path().string());
    const auto people = warehouse::read_people(reader, config_.roster);
    const auto& team = people.teams.at(index);
    for (auto& due : alerts::decide_appointments(people, team, config_.alerts, now)) {
        if (warehouse::has_message(reader.database(), due.key)) continue;
        const checks::Scene scene{reader, people, config_.checks, now};
        auto digest = make_digest(config_, scene, evaluation, team, due);
        return Composed{team, std::move(due), std::move(digest)};
    }
    return std::nullopt;
}

/// The digest of the team of that place in the roster; nullopt while none is due.
std::optional<Evaluator::Composed> Evaluator::compose_due(const checks::Evaluation& evaluation,
                                                          std::size_t index, Instant now) const {
    auto due =
        alerts::decide_due(clock_of(config_.roster.teams[index]), config_.alerts.digest, now);
    if (!due) return std::nullopt;
    due->is_weekly = due->is_weekly && !config_.alerts.brief.enabled;
    const warehouse::Reader reader(config_.warehouse_path().string());
    if (warehouse::has_message(reader.database(), due->key)) return std::nullopt;
    const auto people = warehouse::read_people(reader, config_.roster);
    const auto& team = people.teams.at(index);
    const checks::Scene scene{reader, people, config_.checks, now};
    auto digest = make_digest(config_, scene, evaluation, team, *due);
    return Composed{team, std::move(*due), std::move(digest)};
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
