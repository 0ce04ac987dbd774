// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/generation.hpp"

#include "connectors/channels/catalog.hpp"
#include "connectors/sources/notes.hpp"
#include "daemon/runtime/gauges.hpp"
#include "daemon/runtime/note_commitments.hpp"
#include "daemon/runtime/task_commitments.hpp"
#include "daemon/runtime/ways.hpp"
#include "daemon/runtime/workplace.hpp"
#include "daemon/warehouse/people.hpp"
#include "daemon/warehouse/shadow.hpp"
#include "daemon/web/metrics.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace nudged::runtime {

std::vector<Destination> make_destinations(const config::Config& config, net::HttpClient& http) {
    std::vector<Destination> destinations;
    for (const auto& options : config.channels) {
        const auto* kind = channels::find_kind(options.kind);
        if (kind == nullptr)
            throw Failure(FailureKind::needs_person,
                          fmt::format("channel {}: no kind of channel is called \"{}\"",
                                      options.name, options.kind));
        // Who is told of a broken channel is told by another.
        const auto& admin = config.daemon.admin_channel;
        const Rescue rescue{.fallback = options.fallback,
                            .admin_channel = admin == options.name ? options.fallback : admin};
        destinations.push_back({options.name, kind->make(options, http), rescue, kind->patience});
    }
    return destinations;
}

namespace {

/// Teams and checks that are new begin in shadow.
void note_known(warehouse::Database& database, const config::Config& config, Instant now) {
    std::set<std::string> teams;
    for (const auto& team : config.roster.teams) teams.insert(team.name);
    const auto ids = checks::check_ids(config.checks);
    warehouse::note_known(database, teams, {ids.begin(), ids.end()}, config.alerts.shadow, now);
}

}  // namespace

Generation::Generation(std::shared_ptr<const config::Config> config, const Context& context)
    : config_(std::move(config)),
      writer_(context.writer),
      clock_(context.clock),
      quotas_(context.writer, context.clock),
      delivery_(context.loop, context.writer, make_destinations(*config_, context.http),
                context.clock, [] { return std::chrono::steady_clock::now(); }),
      evaluator_(context.loop, *config_, context.workers, context.writer, context.clock,
                 {.all_synced = [this] { return all_synced(); },
                  .on_messages = [this] { delivery_.wake(); },
                  .on_cycle = [this] { note_cycle(); },
                  .read_again =
                      [this](RecordsOfSources records) {
                          return runtime::read_again(sources_, std::move(records));
                      }}),
      rules_(context.rules),
      caretaker_(context.loop, *config_, context.writer, context.rules, context.clock,
                 {.all_synced = [this] { return all_synced(); },
                  .on_message = [this] { delivery_.wake(); },
                  .on_noted = [this] { evaluator_.wake(); }}),
      recounter_(context.loop, context.writer, [this] { evaluator_.wake(); }),
      care_{.config = *config_,
            .writer = context.writer,
            .rules = context.rules,
            .workers = context.workers,
            .clock = context.clock},
      ping_(context.loop, config_->daemon.heartbeat_url, context.http),
      tasks_(context.loop, context.on_failure),
      rechecks_(
          tasks_, [this](std::string source) { return check_again(std::move(source)); },
          [] { return std::chrono::steady_clock::now(); }) {
    const sources::SourceContext source_context{context.http,
                                                context.workers,
                                                context.clock,
                                                config_->daemon.manifest_dir,
                                                config_->token_folder(),
                                                &quotas_,
                                                &limits_};
    for (const auto& options : config_->sources) {
        const SourceRunner::Context runner{.writer = context.writer,
                                           .clock = context.clock,
                                           .on_turn = [](const StreamTurn&) {},
                                           .on_round =
                                               [this] {
                                                   recounter_.wake();
                                                   evaluator_.wake();
                                                   caretaker_.wake();
                                               },
                                           .admin_channel = config_->daemon.admin_channel,
                                           .on_message = [this] { delivery_.wake(); }};
        sources_.push_back(std::make_unique<SourceRunner>(
            context.loop, make_source(options, source_context), options, runner));
        for (const auto kind : sources::all_coaching_rows)
            if (auto rows = sources::coaching_source(options, kind))
                sheets_.push_back(std::make_unique<SheetReader>(
                    std::move(*rows), kind, source_context, care_, [this] { evaluator_.wake(); }));
        if (has_task_commitments(options))
            sheets_.push_back(std::make_unique<SheetReader>(
                options.name + " tasks", options.poll,
                [this, name = options.name] { return read_task_commitments(care_, name); }, care_,
                [this] { evaluator_.wake(); }));
        if (const auto notes = sources::notes_source(options))
            sheets_.push_back(read_notes_of(*notes, source_context));
    }
    make_slack_desks(context);
}

void Generation::make_slack_desks(const Context& context) {
    for (const auto& channel : config_->channels) {
        if (!takes_answers(*config_, channel.name)) continue;
        const SlackDesk::Context desk{
            .loop = context.loop,
            .config = *config_,
            .http = context.http,
            .writer = context.writer,
            .workers = context.workers,
            .clock = context.clock,
            .answer = [this](const ControlRequest& request) { return caretaker_.find(request); },
            .check_again = [this](const std::string& source) { return rechecks_.ask(source); },
            .explain = context.explain,
            .on_message = [this] { delivery_.wake(); }};
        slack_desks_.push_back(std::make_unique<SlackDesk>(channel, desk));
    }
}

/// The source's own, where the finding is about a record of one.
asio::awaitable<void> Generation::check_again(std::string source) {
    const ManualSync::Report to_nobody = [](const StreamTurn&) -> asio::awaitable<void> {
        co_return;
    };
    for (const auto& runner : sources_)
        if (runner->name() == source) co_await runner->sync_now(false, to_nobody);
    evaluator_.wake();
}

std::unique_ptr<SheetReader> Generation::read_notes_of(const sources::SourceOptions& options,
                                                       const sources::SourceContext& context) {
    const std::shared_ptr<sources::Source> notes = make_source(options, context);
    const auto read = [this, notes, &source = *sources_.back(), name = options.name] {
        // Which the source itself asks about, once an hour.
        if (const auto& why = source.dead_credential(); !why.empty())
            throw Failure(FailureKind::needs_person, why);
        return read_note_commitments(care_, *notes, name);
    };
    return std::make_unique<SheetReader>(options.name + " notes", options.poll, read, care_,
                                         [this] { evaluator_.wake(); });
}

asio::awaitable<void> Generation::start() {
    auto apply = [this](warehouse::Database& database) {
        rules_->retention = config_->retention;
        warehouse::apply_roster(database, config_->roster);
        warehouse::apply_measures(database, config_->checks.measures);
        note_known(database, *config_, clock_());
    };
    co_await writer_.run(apply);
    for (const auto& source : sources_) tasks_.spawn(source->run());
    delivery_.start(tasks_);
    tasks_.spawn(evaluator_.run());
    tasks_.spawn(caretaker_.run());
    tasks_.spawn(recounter_.run());
    for (const auto& sheet : sheets_) tasks_.spawn(sheet->run());
    for (const auto& desk : slack_desks_) desk->start(tasks_);
    if (!config_->daemon.heartbeat_url.empty()) tasks_.spawn(ping_.run());
}

asio::awaitable<void> Generation::stop() {
    caretaker_.interrupt();
    for (const auto& desk : slack_desks_) co_await desk->finish();
    co_await tasks_.stop();
}

/// Only what is whole is told as such: nobody is needed, and the warehouse can be written.
void Generation::note_cycle() {
    if (not_ready().empty() && !writer_.health().trouble) ping_.cycle_went_well();
}

bool Generation::all_synced() const {
    return std::all_of(sources_.begin(), sources_.end(),
                       [](const auto& source) { return source->has_synced(); });
}

std::string Generation::gauges() const {
    web::MetricsText text;
    text.begin("nudged_source_needs_person", web::MetricsText::Type::gauge,
               "1 when a source cannot go on without a person.");
    for (const auto& source : sources_)
        text.sample(source->needs_person().empty() ? 0 : 1, {{"source", source->name()}});
    return text.str() + render_channel_figures(delivery_.figures(), clock_()) + evaluator_.gauges();
}

std::vector<std::string> Generation::not_ready() const {
    auto reasons = for_a_person();
    for (const auto& source : sources_)
        if (!source->has_synced())
            reasons.push_back(fmt::format("{}: the first load is under way", source->name()));
    for (auto& reason : delivery_.broken()) reasons.push_back(std::move(reason));
    if (const auto& why = evaluator_.trouble(); !why.empty())
        reasons.push_back("the checks cannot be run: " + why);
    return reasons;
}

std::vector<std::string> Generation::for_a_person() const {
    std::vector<std::string> reasons;
    for (const auto& source : sources_)
        if (const auto why = source->needs_person(); !why.empty())
            reasons.push_back(fmt::format("{}: {}", source->name(), why));
    for (const auto& desk : slack_desks_)
        if (!desk->needs_person().empty()) reasons.push_back(desk->needs_person());
    return reasons;
}

}  // namespace nudged::runtime
