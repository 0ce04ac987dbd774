// SPDX-License-Identifier: Apache-2.0
#include "daemon/warehouse/measures.hpp"

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

/// A call that was made, by the moment it began, or was logged where the CRM keeps no beginning.
std::optional<Count> made_call(const Record& call, std::int64_t value) {
    const auto& f = call_fields();
    if (call.integer_at(f.is_planned, 0) != 0) return std::nullopt;
    return at_instant(call, is_null(call, f.started_at) ? f.created_at : f.started_at, value);
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

std::optional<Count> meeting_held(const Record& meeting, const StageFlags&) {
    static const std::size_t outcome = field(Entity::meeting, "outcome");
    static const std::size_t starts_at = field(Entity::meeting, "starts_at");
    if (meeting.text_at(outcome) != "held") return std::nullopt;
    return at_instant(meeting, starts_at);
}

std::optional<Count> task_completed(const Record& task, const StageFlags&) {
    static const std::size_t is_done = field(Entity::task, "is_done");
    static const std::size_t is_cancelled = field(Entity::task, "is_cancelled");
    static const std::size_t is_series = field(Entity::task, "is_series");
    static const std::size_t completed_at = field(Entity::task, "completed_at");
    if (task.integer_at(is_done, 0) == 0 || task.integer_at(is_cancelled, 0) != 0 ||
        task.integer_at(is_series, 0) != 0)
        return std::nullopt;
    return at_instant(task, completed_at);
}

std::optional<Count> opportunity_created(const Record& opportunity, const StageFlags&) {
    static const std::size_t created_at = field(Entity::opportunity, "created_at");
    return at_instant(opportunity, created_at);
}

std::optional<Count> ended(const Record& opportunity, std::int64_t value) {
    static const std::size_t closed_at = field(Entity::opportunity, "closed_at");
    static const std::size_t close_date = field(Entity::opportunity, "close_date");
    if (!is_null(opportunity, closed_at)) return at_instant(opportunity, closed_at, value);
    const auto day = parse_date(opportunity.text_at(close_date));
    if (!day) return std::nullopt;
    return Count{*day, value};
}

std::optional<Count> win(const Record& opportunity, const StageFlags& stage) {
    return ending_of(opportunity, stage) == Ending::won ? ended(opportunity, 1) : std::nullopt;
}

std::optional<Count> loss(const Record& opportunity, const StageFlags& stage) {
    return ending_of(opportunity, stage) == Ending::lost ? ended(opportunity, 1) : std::nullopt;
}

std::optional<Count> won_amount(const Record& opportunity, const StageFlags& stage) {
    static const std::size_t amount = field(Entity::opportunity, "amount");
    if (ending_of(opportunity, stage) != Ending::won) return std::nullopt;
    const auto value = hundredths(opportunity.text_at(amount));
    return value ? ended(opportunity, *value) : std::nullopt;
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
    {"meetings_held", "meetings", "meetings whose outcome is held, on the day they began",
     Entity::meeting, 1, 1, meeting_held},
    {"tasks_completed", "tasks", "tasks that were done, on the day they were completed",
     Entity::task, 1, 1, task_completed},
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
     .meaning = "amounts of the opportunities won, each in its own currency, none converted",
     .entity = Entity::opportunity,
     .parts = 100,
     .revision = 1,
     .count = won_amount,
     .by_stage = true,
     .below_zero = true},
};

}  // namespace

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
