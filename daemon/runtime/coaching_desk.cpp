// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/coaching_desk.hpp"

#include "connectors/base/text.hpp"
#include "daemon/runtime/leave_desk.hpp"
#include "daemon/runtime/note_desk.hpp"
#include "daemon/runtime/note_draft.hpp"
#include "daemon/runtime/plan_desk.hpp"
#include "daemon/warehouse/escalations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace nudged::runtime {
namespace {

using warehouse::Database;
using warehouse::EscalationId;
using warehouse::Role;

EscalationId read_escalation(const ControlRequest& request) {
    return EscalationId{read_number("escalation", request.argument("id"), 1,
                                    std::numeric_limits<std::int64_t>::max())};
}

CareReport told(EscalationId id, std::string_view what) {
    CareReport report;
    const auto number = fmt::format("{}", static_cast<std::int64_t>(id));
    report.facts["escalation"] = number;
    report.sentences.push_back(fmt::format("escalation {} {}", number, what));
    return report;
}

asio::awaitable<CareReport> open_one(const CareContext& context, ControlRequest request) {
    const auto& config = context.config;
    const auto now = context.clock();
    const auto rep = warehouse::find_on_roster(config.roster, request.argument("rep"), Role::rep);
    const auto manager = request.argument("manager");
    const auto handler = manager.empty()
                             ? manager_on(*rep.team, rep.team->zone.local_day(now))
                             : warehouse::find_on_roster(config.roster, manager, Role::manager);
    warehouse::EscalationDraft draft;
    draft.customer = trim(request.argument("customer"));
    draft.team = rep.team->name;
    draft.text = trim(request.argument("text"));
    draft.next_step = trim(request.argument("next"));
    auto open = [&](Database& database) {
        draft.rep = settle_person(database, config, rep);
        draft.manager = settle_person(database, config, handler);
        return warehouse::open_escalation(database, draft, now);
    };
    const auto id = co_await context.writer.run(open);
    co_return told(id, "is open; it asks for an update every working day, and closes with an "
                       "outcome");
}

asio::awaitable<CareReport> update_one(const CareContext& context, ControlRequest request) {
    const auto id = read_escalation(request);
    const auto now = context.clock();
    auto update = [&](Database& database) {
        warehouse::update_escalation(database, id, request.argument("text"),
                                     request.argument("next"), now);
        return true;
    };
    co_await context.writer.run(update);
    co_return told(id, "has an update");
}

asio::awaitable<CareReport> close_one(const CareContext& context, ControlRequest request) {
    const auto id = read_escalation(request);
    const auto now = context.clock();
    auto close = [&](Database& database) {
        warehouse::close_escalation(database, id, request.argument("outcome"), now);
        return true;
    };
    co_await context.writer.run(close);
    co_return told(id, "is closed; what was learnt belongs into its review within 5 working days: "
                       "`nudged escalation review`");
}

asio::awaitable<CareReport> review_one(const CareContext& context, ControlRequest request) {
    const auto id = read_escalation(request);
    const auto now = context.clock();
    auto review = [&](Database& database) {
        warehouse::review_escalation(database, id, request.argument("text"), now);
        return true;
    };
    co_await context.writer.run(review);
    co_return told(id, "has its review");
}

struct Command {
    std::string_view name;
    asio::awaitable<CareReport> (*run)(const CareContext& context, ControlRequest request);
};
constexpr std::array commands{
    Command{"note.add", add_note},
    Command{"note.edit", edit_note},
    Command{"note.remove", take_note_away},
    Command{"note.handover", hand_notes_over},
    Command{"note.import", import_notes},
    Command{"note.seen", audit_seen},
    Command{"plan.add", add_plan},
    Command{"plan.rate", rate_plan},
    Command{"plan.check", check_plans},
    Command{"escalation.open", open_one},
    Command{"escalation.update", update_one},
    Command{"escalation.close", close_one},
    Command{"escalation.review", review_one},
    Command{"away.add", add_away},
    Command{"away.remove", take_away_back},
};

const Command* find_command(std::string_view name) {
    const auto* found = std::find_if(commands.begin(), commands.end(),
                                     [&](const Command& each) { return each.name == name; });
    return found == commands.end() ? nullptr : found;
}

}  // namespace

std::optional<asio::awaitable<CareReport>> find_desk(const ControlRequest& request,
                                                     const CareContext& context) {
    const auto* command = find_command(request.command);
    if (!command) return std::nullopt;
    return guarded(command->run(context, request));
}

bool is_of_desk(std::string_view command) {
    return find_command(command) != nullptr;
}

}  // namespace nudged::runtime
