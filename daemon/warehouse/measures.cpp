// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/measures.hpp"

#include "daemon/warehouse/measure_rule.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace nudged::warehouse {
namespace {

using model::Entity;
using model::Record;

constexpr std::int64_t connected_seconds = 60;       // sales practice §5
constexpr std::int64_t longest_call = 24 * 60 * 60;  // more is a mistake of the CRM's
constexpr std::int64_t most_hundredths = 1'000'000'000'000'000;

std::size_t field(Entity entity, std::string_view name) {
    return *model::field_index(entity, name);
}

bool is_null(const Record& record, std::size_t index) {
    return std::holds_alternative<std::monostate>(record.values[index]);
}

std::optional<bool> flag(const Record& record, std::size_t index) {
    if (is_null(record, index)) return std::nullopt;
    return record.integer_at(index, 0) != 0;
}

std::optional<Count> at_instant(const Record& record, std::size_t index, std::int64_t value = 1) {
    if (is_null(record, index)) return std::nullopt;
    return Count{from_millis(record.integer_at(index, 0)), value};
}

struct CallFields {
    std::size_t started_at = field(Entity::call, "started_at");
    std::size_t created_at = field(Entity::call, "created_at");
    std::size_t duration_s = field(Entity::call, "duration_s");
    std::size_t direction = field(Entity::call, "direction");
    std::size_t outcome = field(Entity::call, "outcome");
    std::size_t is_planned = field(Entity::call, "is_planned");
};

const CallFields& call_fields() {
    static const CallFields fields;
    return fields;
}

/// A call that was made.
std::optional<Count> made_call(const Record& call, std::int64_t value) {
    if (call.integer_at(call_fields().is_planned, 0) != 0) return std::nullopt;
    return count_at_call(call, value);
}

std::int64_t seconds_of(const Record& call) {
    return std::clamp<std::int64_t>(call.integer_at(call_fields().duration_s, 0), 0, longest_call);
}

std::optional<Count> dial(const Record& call, const StageFlags&) {
    const auto& f = call_fields();
    if (!is_null(call, f.direction) && call.text_at(f.direction) != "outbound") return std::nullopt;
    return made_call(call, 1);
}

std::optional<Count> connect(const Record& call, const StageFlags& stage) {
    const auto& f = call_fields();
    const bool connected = is_null(call, f.outcome) ? seconds_of(call) >= connected_seconds
                                                    : call.text_at(f.outcome) == "connected";
    return connected ? dial(call, stage) : std::nullopt;
}

std::optional<Count> talk_seconds(const Record& call, const StageFlags&) {
    const auto& f = call_fields();
    if (!is_null(call, f.outcome) && call.text_at(f.outcome) != "connected") return std::nullopt;
    return made_call(call, seconds_of(call));
}

std::optional<Count> inbound_call(const Record& call, const StageFlags&) {
    const auto& f = call_fields();
    if (call.text_at(f.direction) != "inbound") return std::nullopt;
    if (!is_null(call, f.outcome) && call.text_at(f.outcome) != "connected") return std::nullopt;
    return made_call(call, 1);
}

/// Where nobody says how a meeting went, it was held unless it was dropped (sales practice §5).
std::optional<Count> meeting_held(const Record& meeting, const StageFlags&) {
    static const std::size_t outcome = field(Entity::meeting, "outcome");
    static const std::size_t starts_at = field(Entity::meeting, "starts_at");
    if (!is_null(meeting, outcome) && meeting.text_at(outcome) != "held") return std::nullopt;
    return at_instant(meeting, starts_at);
}

struct TaskFields {
    std::size_t is_done = field(Entity::task, "is_done");
    std::size_t is_cancelled = field(Entity::task, "is_cancelled");
    std::size_t is_series = field(Entity::task, "is_series");
    std::size_t completed_at = field(Entity::task, "completed_at");
    std::size_t due_at = field(Entity::task, "due_at");
    std::size_t due_on = field(Entity::task, "due_on");
};

const TaskFields& task_fields() {
    static const TaskFields fields;
    return fields;
}

/// Not dropped, and no plan of others.
bool is_meant(const Record& task) {
    const auto& f = task_fields();
    return task.integer_at(f.is_cancelled, 0) == 0 && task.integer_at(f.is_series, 0) == 0;
}

std::optional<Count> task_completed(const Record& task, const StageFlags&) {
    const auto& f = task_fields();
    if (!is_meant(task) || task.integer_at(f.is_done, 0) == 0) return std::nullopt;
    return at_instant(task, f.completed_at);
}

std::optional<Count> task_due(const Record& task, const StageFlags&) {
    const auto& f = task_fields();
    if (!is_meant(task)) return std::nullopt;
    if (const auto day = parse_date(task.text_at(f.due_on))) return Count{.when = *day};
    return at_instant(task, f.due_at);
}

std::optional<Count> task_on_time(const Record& task, const StageFlags& stage) {
    const auto& f = task_fields();
    auto due = task_due(task, stage);
    if (!due || task.integer_at(f.is_done, 0) == 0 || is_null(task, f.completed_at))
        return std::nullopt;
    due->done_at = from_millis(task.integer_at(f.completed_at, 0));
    return due;
}

std::optional<Count> email_sent(const Record& email, const StageFlags&) {
    static const std::size_t direction = field(Entity::email, "direction");
    static const std::size_t status = field(Entity::email, "status");
    static const std::size_t sent_at = field(Entity::email, "sent_at");
    if (email.text_at(direction) != "outbound") return std::nullopt;
    if (!is_null(email, status) && email.text_at(status) != "sent") return std::nullopt;
    return at_instant(email, sent_at);
}

std::optional<Count> opportunity_created(const Record& opportunity, const StageFlags&) {
    static const std::size_t created_at = field(Entity::opportunity, "created_at");
    return at_instant(opportunity, created_at);
}

std::optional<Count> win(const Record& opportunity, const StageFlags& stage) {
    return ending_of(opportunity, stage) == Ending::won ? count_at_end(opportunity, 1)
                                                        : std::nullopt;
}

std::optional<Count> loss(const Record& opportunity, const StageFlags& stage) {
    return ending_of(opportunity, stage) == Ending::lost ? count_at_end(opportunity, 1)
                                                         : std::nullopt;
}

std::optional<Count> won_amount(const Record& opportunity, const StageFlags& stage) {
    static const std::size_t amount = field(Entity::opportunity, "amount");
    if (ending_of(opportunity, stage) != Ending::won) return std::nullopt;
    const auto value = hundredths(opportunity.text_at(amount));
    return value ? count_at_end(opportunity, *value) : std::nullopt;
}

constexpr Measure table[] = {
    {"dials", "dials", "calls that were made outbound, or logged without a direction; any outcome",
     Entity::call, 1, 1, dial},
    {"connects", "connects",
     "dials whose outcome is connected, or of 60 seconds and more where no outcome was logged",
     Entity::call, 1, 1, connect},
    {"talk_seconds", "seconds",
     "length of the calls of either direction that were connected, or have no outcome",
     Entity::call, 1, 1, talk_seconds},
    {"inbound_calls", "calls",
     "calls that came in and were taken: connected, or without an outcome", Entity::call, 1, 1,
     inbound_call},
    {.name = "meetings_held",
     .unit = "meetings",
     .meaning = "meetings whose outcome is held, or that have none, on the day they began; a day "
                "tells what was held once it is over, and before that what is planned",
     .entity = Entity::meeting,
     .parts = 1,
     .revision = 2,
     .count = meeting_held,
     .is_planned_ahead = true},
    {"tasks_completed", "tasks", "tasks that were done, on the day they were completed",
     Entity::task, 1, 1, task_completed},
    {.name = "tasks_due",
     .unit = "tasks",
     .meaning = "tasks by the day on which they are due, done or not; dropped ones are none",
     .entity = Entity::task,
     .parts = 1,
     .revision = 1,
     .count = task_due,
     .shows_begin = false},
    {.name = "tasks_on_time",
     .unit = "tasks",
     .meaning = "those of tasks_due that were completed on that day at the latest",
     .entity = Entity::task,
     .parts = 1,
     .revision = 1,
     .count = task_on_time,
     .shows_begin = false},
    {"emails_sent", "emails", "e-mails that were sent: outbound, and no drafts or bounced ones",
     Entity::email, 1, 1, email_sent},
    {"opportunities_created", "opportunities", "opportunities created, for their present owner",
     Entity::opportunity, 1, 1, opportunity_created},
    {.name = "wins",
     .unit = "wins",
     .meaning = "opportunities won, on the day they closed",
     .entity = Entity::opportunity,
     .parts = 1,
     .revision = 1,
     .count = win,
     .by_stage = true},
    {.name = "losses",
     .unit = "losses",
     .meaning = "opportunities lost, on the day they closed",
     .entity = Entity::opportunity,
     .parts = 1,
     .revision = 1,
     .count = loss,
     .by_stage = true},
    {.name = "won_amount",
     .unit = "currency",
     .meaning = "amounts of the opportunities won, each in full for its owner and in its own "
                "currency, none split or converted",
     .entity = Entity::opportunity,
     .parts = 100,
     .revision = 1,
     .count = won_amount,
     .by_stage = true,
     .below_zero = true},
};

}  // namespace

std::optional<Count> Measure::counted(const Record& record, const StageFlags& stage) const {
    return rule ? rule->count(record, stage) : count(record, stage);
}

std::optional<Count> count_at_end(const Record& opportunity, std::int64_t value) {
    static const std::size_t closed_at = field(Entity::opportunity, "closed_at");
    static const std::size_t close_date = field(Entity::opportunity, "close_date");
    if (!is_null(opportunity, closed_at)) return at_instant(opportunity, closed_at, value);
    const auto day = parse_date(opportunity.text_at(close_date));
    if (!day) return std::nullopt;
    return Count{*day, value};
}

std::optional<Count> count_at_call(const Record& call, std::int64_t value) {
    const auto& f = call_fields();
    return at_instant(call, is_null(call, f.started_at) ? f.created_at : f.started_at, value);
}

Ending ending_of(const model::Record& opportunity, const StageFlags& stage) {
    static const std::size_t is_closed = field(Entity::opportunity, "is_closed");
    static const std::size_t is_won = field(Entity::opportunity, "is_won");
    const auto own_won = flag(opportunity, is_won);
    const auto own_closed = flag(opportunity, is_closed);
    const auto won = own_won ? own_won : stage.is_won;
    const auto closed = own_closed ? own_closed : stage.is_closed;
    if (!closed.value_or(won.value_or(false))) return Ending::open;
    if (!won) return Ending::closed;
    return *won ? Ending::won : Ending::lost;
}

std::span<const Measure> measures() {
    return table;
}

const Measure* find_measure(std::string_view name) {
    const auto* found = std::find_if(std::begin(table), std::end(table),
                                     [&](const Measure& measure) { return measure.name == name; });
    return found == std::end(table) ? nullptr : found;
}

std::string_view owner_of(const model::Record& record) {
    static const auto owners = [] {
        std::array<std::optional<std::size_t>, model::entity_count> indexes;
        for (const auto entity : model::all_entities())
            indexes[static_cast<std::size_t>(entity)] = model::field_index(entity, "owner");
        return indexes;
    }();
    const auto index = owners[static_cast<std::size_t>(record.entity)];
    return index ? record.text_at(*index) : std::string_view{};
}

std::optional<std::int64_t> hundredths(std::string_view decimal) {
    const bool negative = decimal.starts_with('-');
    if (negative) decimal.remove_prefix(1);
    const auto point = std::min(decimal.find('.'), decimal.size());
    std::string fraction{decimal.substr(std::min(point + 1, decimal.size()))};
    const bool rounds_up = fraction.size() > 2 && fraction[2] >= '5';
    fraction.resize(2, '0');
    const std::string digits = std::string{decimal.substr(0, point)} + fraction;
    std::int64_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [parsed, error] = std::from_chars(digits.data(), end, value);
    if (error != std::errc{} || parsed != end || value < 0 || value > most_hundredths)
        return std::nullopt;
    value += rounds_up;
    return negative ? -value : value;
}

}  // namespace nudged::warehouse
