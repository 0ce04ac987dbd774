// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/commitment_desk.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "connectors/base/text.hpp"
#include "daemon/checks/coaching/verdict.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/runtime/answer_rights.hpp"
#include "daemon/runtime/commitment_entry.hpp"
#include "daemon/runtime/commitment_store.hpp"
#include "daemon/warehouse/commitments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>

namespace nudged::runtime {
namespace {

using checks::number_text;
using warehouse::Commitment;
using warehouse::CommitmentState;
using warehouse::Database;

CareReport explain_added(const CommitmentEntry& entry, const Stored& stored) {
    CareReport report;
    report.facts["id"] = fmt::format("{}", stored.id);
    if (stored.kind == Stored::Kind::is_refused) {
        report.status = 1;
        report.sentences.push_back(stored.why);
        return report;
    }
    report.facts["from"] = number_text(entry.commitment.baseline);
    report.sentences.push_back(
        fmt::format("{}: {} for {}{}.", stored.id, agreed_text(entry.commitment), entry.rep,
                    stored.kind == Stored::Kind::is_new ? "" : " was there already"));
    if (entry.is_baseline_worked_out)
        report.sentences.push_back(fmt::format("{} is the median of the last usable weeks.",
                                               number_text(entry.commitment.baseline)));
    if (checks::Promise{entry.commitment.baseline, entry.commitment.promised}.is_hold())
        report.sentences.emplace_back("That is no more than before: it is met by holding it.");
    return report;
}

/// Before anything of theirs is read: nobody but whoever manages a rep learns of what they agreed.
void require_manager(const CommitmentScene& desk, const CommitmentWords& words) {
    const auto manager = words.find("manager");
    if (manager == words.end()) return;
    const auto& rep = find_rep(desk.scene, argument(words, "rep"));
    const auto& team = desk.people.team_of(rep).name;
    if (!manages(desk.context.config, team, manager->second, desk.scene.as_of))
        throw Failure(FailureKind::refused,
                      fmt::format("{} is not in a team of {}: whoever manages {} can propose it",
                                  rep.name, manager->second, team));
}

asio::awaitable<CareReport> add(const CareContext& context, const CommitmentWords& words) {
    auto read = [&] {
        const CommitmentScene desk(context);
        require_manager(desk, words);
        return read_entry(desk.scene, words, "command");
    };
    const auto entry = co_await on(context.workers, read);
    auto write = [&](Database& database) { return store(database, entry, false); };
    const auto stored = co_await context.writer.run(write);
    co_return explain_added(entry, stored);
}

/// What adding it would come to, and whose it would be; nothing is stored.
asio::awaitable<CareReport> look_at(const CareContext& context, const CommitmentWords& words) {
    CareReport report;
    auto read = [&] {
        const CommitmentScene desk(context);
        require_manager(desk, words);
        const auto entry = read_entry(desk.scene, words, "command");
        const auto& wanted = entry.commitment;
        const auto present =
            warehouse::read_commitments(desk.reader.database(), {.person = wanted.person});
        const auto* other = holding(present, wanted);
        if (other != nullptr && !says_the_same(*other, entry))
            throw Failure(FailureKind::refused, taken(*other));
        const auto* rep = desk.people.rep(wanted.person);
        report.facts = {{"rep", entry.rep},
                        {"email", rep->email},
                        {"team", desk.people.team_of(*rep).name},
                        {"kpi", wanted.kpi},
                        {"what", agreed_text(wanted)}};
    };
    co_await on(context.workers, read);
    co_return report;
}

/// What is agreed for the week, if anything.
asio::awaitable<CareReport> look_up(const CareContext& context, const CommitmentWords& words) {
    CareReport report;
    auto read = [&] {
        const CommitmentScene desk(context);
        Commitment wanted;
        wanted.person = find_rep(desk.scene, argument(words, "rep")).id;
        wanted.kpi = argument(words, "kpi");
        wanted.week = read_week(argument(words, "week"));
        const auto present =
            warehouse::read_commitments(desk.reader.database(), {.person = wanted.person});
        if (const auto* stands = holding(present, wanted))
            report.facts = {{"id", fmt::format("{}", stands->id)}, {"what", agreed_text(*stands)}};
    };
    co_await on(context.workers, read);
    co_return report;
}

std::uint64_t line_of(const CommitmentWords& words) {
    const auto found = words.find("line");
    std::uint64_t line = 2;
    if (found != words.end())
        std::from_chars(found->second.data(), found->second.data() + found->second.size(), line);
    return line;
}

asio::awaitable<CareReport> import_lines(const CareContext& context, const CommitmentWords& words) {
    auto read = [&] {
        const CommitmentScene desk(context);
        return read_lines(desk.scene, argument(words, "header"), argument(words, "text"),
                          line_of(words));
    };
    auto lines = co_await on(context.workers, read);
    std::vector<Stored> stored;
    auto write = [&](Database& database) {
        for (const auto& entry : lines.entries) stored.push_back(store(database, entry, true));
    };
    co_await context.writer.run(write);
    int added = 0, there = 0;
    for (std::size_t i = 0; i < stored.size(); ++i) {
        if (stored[i].kind == Stored::Kind::is_refused)
            lines.problems.push_back(
                fmt::format("line {}: {}", lines.entries[i].line, stored[i].why));
        else
            ++(stored[i].kind == Stored::Kind::is_new ? added : there);
    }
    CareReport report;
    report.facts = {{"stored", fmt::format("{}", added)},
                    {"there_already", fmt::format("{}", there)},
                    {"refused", fmt::format("{}", lines.problems.size())}};
    report.sentences = lines.problems;
    report.sentences.push_back(fmt::format("{} stored, {} there already, {} refused", added, there,
                                           lines.problems.size()));
    report.status = lines.problems.empty() ? 0 : 1;
    co_return report;
}

std::int64_t id_of(const CommitmentWords& words) {
    const auto text = argument(words, "id");
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size())
        throw Failure(FailureKind::refused,
                      fmt::format("\"{}\" is no commitment's number; `nudged commit list` shows "
                                  "them",
                                  text));
    return id;
}

Commitment require(const Database& database, std::int64_t id) {
    auto commitment = warehouse::find_commitment(database, id);
    if (!commitment)
        throw Failure(
            FailureKind::refused,
            fmt::format("there is no commitment {}; `nudged commit list` shows them", id));
    if (commitment->state != CommitmentState::agreed)
        throw Failure(FailureKind::refused,
                      fmt::format("commitment {} is {}: {}; agree a new one with `nudged commit "
                                  "add`",
                                  id, to_string(commitment->state), commitment->reason));
    return *commitment;
}

/// What the words change; false when it is nothing.
bool change(Commitment& commitment, const CommitmentWords& words) {
    const auto before = commitment;
    const auto has = [&](const char* name) { return words.contains(name); };
    if (has("to")) commitment.promised = read_value("to", argument(words, "to"));
    if (has("from")) commitment.baseline = read_value("from", argument(words, "from"));
    if (has("week")) commitment.week = read_week(argument(words, "week"));
    if (has("note")) commitment.note = argument(words, "note");
    if (has("worked")) commitment.worked = argument(words, "worked");
    if (has("hard")) commitment.hard = argument(words, "hard");
    if (has("acknowledged")) commitment.acknowledged = argument(words, "acknowledged") == "yes";
    const auto all = [](const Commitment& one) {
        return std::tie(one.promised, one.baseline, one.week, one.note, one.worked, one.hard,
                        one.acknowledged);
    };
    return all(before) != all(commitment);
}

asio::awaitable<CareReport> correct(const CareContext& context, const CommitmentWords& words) {
    const auto id = id_of(words);
    const auto now = context.clock();
    CareReport report;
    auto write = [&](Database& database) {
        auto commitment = require(database, id);
        const auto before = agreed_text(commitment);
        if (!change(commitment, words)) {
            report.sentences.push_back(fmt::format("{}: {}, as before.", id, before));
            return;
        }
        const auto present = warehouse::read_commitments(database, {.person = commitment.person});
        if (const auto* other = holding(present, commitment))
            throw Failure(FailureKind::refused, taken(*other));
        commitment.reason = argument(words, "reason");
        commitment.made_at = now;
        warehouse::revise_commitment(database, commitment);
        const auto after = agreed_text(commitment);
        report.sentences.push_back(
            after == before ? fmt::format("{}: {}; what was written of it is stored.", id, after)
                            : fmt::format("{}: {}. It was: {}.", id, after, before));
    };
    co_await context.writer.run(write);
    report.facts["id"] = fmt::format("{}", id);
    co_return report;
}

asio::awaitable<CareReport> take_back(const CareContext& context, const CommitmentWords& words) {
    const auto id = id_of(words);
    const auto reason = argument(words, "reason");
    if (trim(reason).empty())
        throw Failure(FailureKind::refused,
                      "what was agreed is void for a reason: say it with --reason");
    const auto now = context.clock();
    CareReport report;
    auto write = [&](Database& database) {
        auto commitment = require(database, id);
        commitment.state = CommitmentState::taken_back;
        commitment.reason = reason;
        commitment.made_at = now;
        warehouse::revise_commitment(database, commitment);
        report.sentences.push_back(fmt::format("{}: {} is void.", id, agreed_text(commitment)));
    };
    co_await context.writer.run(write);
    report.facts["id"] = fmt::format("{}", id);
    co_return report;
}

}  // namespace

asio::awaitable<CareReport> keep_commitments(const CareContext& context, ControlRequest request) {
    const auto what = request.argument("do");
    CareReport report;
    if (what == "add") {
        report = co_await add(context, request.arguments);
    } else if (what == "look") {
        report = co_await look_at(context, request.arguments);
    } else if (what == "look_up") {
        report = co_await look_up(context, request.arguments);
    } else if (what == "import") {
        report = co_await import_lines(context, request.arguments);
    } else if (what == "correct") {
        report = co_await correct(context, request.arguments);
    } else if (what == "void") {
        report = co_await take_back(context, request.arguments);
    } else {
        throw Failure(FailureKind::refused,
                      fmt::format("nothing is known of \"{}\"; this daemon and the command are of "
                                  "different versions: restart the daemon",
                                  what));
    }
    co_return report;
}

}  // namespace nudged::runtime
