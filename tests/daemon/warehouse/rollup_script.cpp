// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/warehouse/rollup_script.hpp"

#include "daemon/warehouse/recount.hpp"

#include <fmt/format.h>

namespace nudged::tests {
namespace {

using namespace std::chrono_literals;
using namespace nudged::warehouse;
using model::Entity;
using model::Record;

constexpr int ids = 6;  // of each entity and source
constexpr const char* sources[] = {"one", "two"};

std::size_t field(Entity entity, std::string_view name) {
    return *model::field_index(entity, name);
}

std::optional<Count> at_start(const Record& call) {
    static const auto started_at = field(Entity::call, "started_at");
    const auto* when = std::get_if<std::int64_t>(&call.values[started_at]);
    return when ? std::optional{Count{from_millis(*when), 1}} : std::nullopt;
}

/// Odd revisions count what came in, even ones what took long.
std::optional<Count> inbound(const Record& call, const StageFlags&) {
    static const auto direction = field(Entity::call, "direction");
    return call.text_at(direction) == "inbound" ? at_start(call) : std::nullopt;
}
std::optional<Count> lengthy(const Record& call, const StageFlags&) {
    static const auto duration_s = field(Entity::call, "duration_s");
    return call.integer_at(duration_s, 0) >= 100 ? at_start(call) : std::nullopt;
}

Measure noise(std::int64_t revision) {
    return {.name = noise_measure,
            .unit = "calls",
            .meaning = "",
            .entity = Entity::call,
            .parts = 1,
            .revision = revision,
            .count = revision % 2 ? inbound : lengthy};
}

}  // namespace

RollupScript::RollupScript(Database& database, std::uint32_t seed)
    : database_(database),
      random_(seed),
      measures_(warehouse::measures().begin(), warehouse::measures().end()),
      clock_(std::chrono::sys_days{2026y / 11 / 20}) {
    measures_.push_back(noise(1));
    for (const auto* source : sources) ensure_source(database, source, "test");
}

void RollupScript::edit() {
    clock_ += std::chrono::seconds{below(3)};
    const int what = below(100);
    if (what < 70) return store_page();
    if (what < 90) return step();
    if (what < 95) return revise_measure();
    const SourceId source = ensure_source(database_, sources[below(2)], "");
    if (what < 97) {
        const auto user = fmt::format("user{}", below(ids));
        note("recount " + user);
        return recount_user(database_, source, user);
    }
    if (what < 99) {
        // As where a stage of very many opportunities changes its meaning.
        note("restart what goes by stages");
        std::vector<Measure> which;
        for (const auto& measure : measures_)
            if (measure.by_stage) which.push_back(measure);
        return restart_measures(database_, which);
    }
    note("rebuild");
    begin_rebuild(database_, measures_);
}

int RollupScript::below(std::size_t end) {
    return std::uniform_int_distribution<int>{0, static_cast<int>(end) - 1}(random_);
}

/// Around changes of clocks: in America on 1 November, in Europe on 25 October, on Lord Howe
/// Island, by half an hour, on 4 October 2026.
std::int64_t RollupScript::moment() {
    static constexpr std::chrono::sys_days days[] = {2026y / 10 / 3, 2026y / 10 / 24,
                                                     2026y / 10 / 31};
    return to_millis(Instant{days[below(3)]} + std::chrono::minutes{20 * below(3 * 72)});
}

void RollupScript::step() {
    // Killed before its commit, a step leaves nothing behind, and is made again.
    Savepoint step{database_};
    const int records = 1 + below(5);
    recount_some(database_, records, measures_);
    const bool killed = chance(30);
    note(fmt::format("step of {}{}", records, killed ? ", killed" : ""));
    if (!killed) step.keep();
}

void RollupScript::revise_measure() {
    auto& measure = measures_[static_cast<std::size_t>(below(measures_.size()))];
    note(fmt::format("revise {}", measure.name));
    if (measure.name == noise_measure)
        measure = noise(measure.revision + 1);
    else
        measure.revision += 1;
    open_rollups(database_, measures_);
}

void RollupScript::store_page() {
    model::Page page;
    page.fetched_at = chance(15) ? clock_ - 10s : clock_;  // now and then one that was overtaken
    const int records = 1 + below(6);
    for (int i = 0; i < records; ++i) page.records.push_back(make_record(page));
    if (chance(10)) page.records.push_back(page.records.front());
    const auto source = ensure_source(database_, sources[below(2)], "");
    const bool full = chance(10);
    Savepoint stored{database_};
    warehouse::store_page(database_, source, {Entity::call, model::Lane::incremental}, page, full,
                          nullptr, measures_);
    const bool killed = chance(5);
    note(fmt::format("page of {} fetched at {}{}{}", records, format_instant(page.fetched_at),
                     full ? ", full" : "", killed ? ", killed" : ""));
    if (!killed) stored.keep();
}

Record RollupScript::make_record(model::Page& page) {
    static constexpr Entity entities[] = {Entity::call,        Entity::call,    Entity::call,
                                          Entity::task,        Entity::meeting, Entity::opportunity,
                                          Entity::opportunity, Entity::stage,   Entity::user,
                                          Entity::account,     Entity::email};
    Record record;
    record.entity = entities[below(std::size(entities))];
    record.id = page.keep(fmt::format("{}{}", to_string(record.entity), below(ids)));
    if (chance(60)) record.modified = clock_ - std::chrono::seconds{below(8)};
    record.deleted = chance(15);
    if (!record.deleted) fill(record, page);
    note(fmt::format("  {}{}", record.id, record.deleted ? " deleted" : ""));
    return record;
}

void RollupScript::set(Record& record, const char* name, model::Value value) {
    record.values[field(record.entity, name)] = value;
}

void RollupScript::fill(Record& record, model::Page& page) {
    // Users 0 to 5 are told by and by; a stranger never.
    if (model::field_index(record.entity, "owner") && chance(95))
        set(record, "owner",
            chance(10) ? std::string_view{"stranger"}
                       : page.keep(fmt::format("user{}", below(ids))));
    switch (record.entity) {
    case Entity::call: fill_call(record); break;
    case Entity::task: fill_task(record, page); break;
    case Entity::email: fill_email(record); break;
    case Entity::meeting: fill_meeting(record); break;
    case Entity::opportunity: fill_opportunity(record, page); break;
    case Entity::stage: fill_flags(record); break;
    case Entity::user:
        set(record, "time_zone",
            std::string_view{pick({"UTC", "UTC", "America/Los_Angeles", "Europe/Berlin",
                                   "Australia/Lord_Howe", "nonsense"})});
        break;
    default: break;
    }
}

void RollupScript::fill_call(Record& record) {
    if (chance(80)) set(record, "started_at", moment());
    if (chance(80)) set(record, "created_at", moment());
    set(record, "is_planned", std::int64_t{chance(10)});
    if (chance(90)) set(record, "duration_s", std::int64_t{below(200)});
    if (chance(60)) set(record, "direction", std::string_view{pick({"outbound", "inbound"})});
    if (chance(60))
        set(record, "outcome", std::string_view{pick({"connected", "no_answer", "busy"})});
}

void RollupScript::fill_email(Record& record) {
    if (chance(90)) set(record, "sent_at", moment());
    if (chance(90)) set(record, "direction", std::string_view{pick({"outbound", "inbound"})});
    if (chance(60)) set(record, "status", std::string_view{pick({"sent", "draft", "bounced"})});
}

void RollupScript::fill_task(Record& record, model::Page& page) {
    if (chance(50)) set(record, "due_at", moment());
    if (chance(30)) set(record, "due_on", page.keep(fmt::format("2026-10-{:02}", 22 + below(9))));
    if (chance(80)) set(record, "is_done", std::int64_t{chance(80)});
    if (chance(80)) set(record, "completed_at", moment());
    set(record, "is_cancelled", std::int64_t{chance(10)});
    set(record, "is_series", std::int64_t{chance(10)});
}

void RollupScript::fill_meeting(Record& record) {
    if (chance(90)) set(record, "starts_at", moment());
    if (chance(70))
        set(record, "outcome", std::string_view{pick({"held", "held", "no_show", "scheduled"})});
}

void RollupScript::fill_opportunity(Record& record, model::Page& page) {
    fill_flags(record);
    if (chance(90)) set(record, "stage", page.keep(fmt::format("stage{}", below(ids))));
    if (chance(90)) set(record, "amount", std::string_view{pick({"1", "2.50", "-3.999", "0.005"})});
    set(record, "created_at", moment());
    if (chance(50)) set(record, "closed_at", moment());
    if (chance(90))
        set(record, "close_date", page.keep(fmt::format("2026-11-{:02}", 1 + below(9))));
}

void RollupScript::fill_flags(Record& record) {
    if (chance(40)) set(record, "is_closed", std::int64_t{chance(70)});
    if (chance(40)) set(record, "is_won", std::int64_t{chance(50)});
}

}  // namespace nudged::tests
