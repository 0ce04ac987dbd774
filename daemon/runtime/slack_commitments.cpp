// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/slack_commitments.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "connectors/channels/slack/dialog.hpp"
#include "daemon/runtime/answer_rights.hpp"
#include "daemon/runtime/slack_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace nudged::runtime {
namespace {

constexpr std::string_view prefix = "commit";

/// What a button of the question says: separated by `|`, which none of the parts may have.
struct Proposal {
    bool is_confirmed = false;
    std::string rep;  // an address
    std::string kpi;
    std::string to;
    std::string week;
    std::string from;    // empty: worked out
    std::string member;  // who proposed it: their ID in Slack
    std::string by;      // and their address
};
constexpr std::size_t parts_of_proposal = 9;

std::string to_text(const Proposal& proposal) {
    const std::array parts{std::string{prefix}, std::string{proposal.is_confirmed ? "yes" : "no"},
                           proposal.rep,        proposal.kpi,
                           proposal.to,         proposal.week,
                           proposal.from,       proposal.member,
                           proposal.by};
    for (const auto& part : parts)
        if (part.find('|') != part.npos)
            throw Failure(FailureKind::refused, "a \"|\" cannot be part of a commitment");
    return fmt::format("{}", fmt::join(parts, "|"));
}

std::optional<Proposal> parse_proposal(std::string_view text) {
    const auto parts = split(text, '|');
    if (parts.size() != parts_of_proposal || parts[0] != prefix) return std::nullopt;
    return Proposal{.is_confirmed = parts[1] == "yes",
                    .rep = std::string{parts[2]},
                    .kpi = std::string{parts[3]},
                    .to = std::string{parts[4]},
                    .week = std::string{parts[5]},
                    .from = std::string{parts[6]},
                    .member = std::string{parts[7]},
                    .by = std::string{parts[8]}};
}

ControlRequest request_of(const Proposal& proposal, const char* what) {
    ControlRequest request{.command = "commit",
                           .arguments = {{"do", what},
                                         {"rep", proposal.rep},
                                         {"kpi", proposal.kpi},
                                         {"to", proposal.to},
                                         {"week", proposal.week},
                                         {"by", proposal.by},
                                         {"manager", proposal.by},
                                         {"acknowledged", "yes"}}};
    if (!proposal.from.empty()) request.arguments["from"] = proposal.from;
    return request;
}

/// After they declined: they may have confirmed before, or have agreed it another way.
std::string what_stands(const CareReport& present) {
    if (!present.facts.contains("id")) return "Nothing is kept.";
    return fmt::format("What was agreed before stands, though: {} (number {}); a manager can take "
                       "it back with nudged commit void.",
                       present.facts.at("what"), present.facts.at("id"));
}

/// The day that it is where somebody's team is.
std::chrono::local_days today_of(const config::Config& config, std::string_view mail, Instant now) {
    for (const auto& team : config.roster.teams)
        if (manages(config, team.name, mail, now)) return team.zone.local_day(now);
    return Zone::utc().local_day(now);
}

/// Where a rep's days begin and end.
Zone zone_of_rep(const config::Config& config, std::string_view mail) {
    for (const auto& team : config.roster.teams)
        for (const auto& member : team.members)
            if (std::find(member.emails.begin(), member.emails.end(), mail) != member.emails.end())
                return member.zone ? *member.zone : team.zone;
    return Zone::utc();
}

}  // namespace

SlackCommitments::SlackCommitments(const config::Config& config, channels::slack::WebClient& web,
                                   Clock clock, AnswerCommand answer)
    : config_(config), web_(web), clock_(std::move(clock)), answer_(std::move(answer)) {}

asio::awaitable<std::string> SlackCommitments::propose(std::string member, std::string mail,
                                                       std::string text) {
    auto command = parse_commit(text, today_of(config_, mail, clock_()));
    if (!command.member.empty()) {
        const auto rep = co_await web_.find_mail(command.member);
        command.words["rep"] = main_address(config_, rep, clock_());
        if (command.words["rep"].empty())
            throw Failure(FailureKind::refused,
                          "whoever you mention is not on nudged's roster (teams.toml), under the "
                          "e-mail address that their Slack account has");
    }
    Proposal proposal{.rep = command.words["rep"],
                      .kpi = command.words["kpi"],
                      .to = command.words["to"],
                      .week = command.words["week"],
                      .from = command.words["from"],
                      .member = std::move(member),
                      .by = mail};
    auto look = request_of(proposal, "look");
    auto report = co_await run(std::move(look));
    const auto& facts = report.facts;
    if (facts.at("email").empty())
        throw Failure(FailureKind::refused,
                      fmt::format("the roster has no e-mail address of {}, so that they cannot be "
                                  "asked in Slack",
                                  facts.at("rep")));
    proposal.rep = facts.at("email");
    proposal.kpi = facts.at("kpi");
    const auto rep = co_await web_.find_member(proposal.rep);
    std::vector<model::Message::Answer> answers;
    proposal.is_confirmed = true;
    answers.push_back({"Confirm", to_text(proposal)});
    proposal.is_confirmed = false;
    answers.push_back({"Decline", to_text(proposal)});
    const auto question = channels::slack::question(
        fmt::format("{} proposes: {}. Do you agree? Nothing is kept before you do.", mail,
                    facts.at("what")),
        answers);
    co_await web_.post(rep, question);
    co_return fmt::format("{} is asked: {}. It is kept once they confirm; you hear of it.",
                          facts.at("rep"), facts.at("what"));
}

bool SlackCommitments::is_answer(std::string_view value) {
    return parse_proposal(value).has_value();
}

asio::awaitable<std::string> SlackCommitments::decide(std::string value, std::string mail) {
    const auto proposal = parse_proposal(value).value_or(Proposal{});
    if (main_address(config_, mail, clock_()) != proposal.rep)
        throw Failure(FailureKind::refused, "this is for somebody else to answer");
    const auto week = IsoWeek::parse(proposal.week);
    if (!week || zone_of_rep(config_, proposal.rep).local_day(clock_()) >= week->end())
        throw Failure(FailureKind::refused,
                      "that week is over; agree with your manager on one that is not");
    const auto what = fmt::format("{} {} in {}", proposal.to, proposal.kpi, proposal.week);
    if (!proposal.is_confirmed) {
        auto look_up = request_of(proposal, "look_up");
        const auto present = co_await run(std::move(look_up));
        const auto kept = what_stands(present);
        const auto known = co_await tell_proposer(
            proposal.member, fmt::format("{} declined: {}. {}", proposal.rep, what, kept));
        co_return fmt::format("You declined: {}. {}{}", what, kept,
                              known ? fmt::format(" {} knows.", proposal.by) : "");
    }
    auto add = request_of(proposal, "add");
    const auto report = co_await run(std::move(add));
    const auto stored = fmt::format("{}", fmt::join(report.sentences, " "));
    const auto known = co_await tell_proposer(
        proposal.member, fmt::format("{} confirmed. {}", proposal.rep, stored));
    co_return fmt::format("Agreed: {}.{}", what,
                          known ? fmt::format(" {} knows.", proposal.by) : "");
}

/// False when they could not be told, which undoes nothing.
asio::awaitable<bool> SlackCommitments::tell_proposer(std::string member, std::string text) {
    const auto message = channels::slack::question(text, {});
    try {
        co_await web_.post(member, message);
        co_return true;
    } catch (const Failure&) {
        co_return false;
    }
}

/// The report of what was done; what was not is a Failure.
asio::awaitable<CareReport> SlackCommitments::run(ControlRequest request) {
    auto work = answer_(request);
    if (!work) throw Failure(FailureKind::refused, "nothing is known of commitments here");
    auto report = co_await std::move(*work);
    if (report.status != 0)
        throw Failure(FailureKind::refused, fmt::format("{}", fmt::join(report.sentences, " ")));
    co_return report;
}

}  // namespace nudged::runtime
