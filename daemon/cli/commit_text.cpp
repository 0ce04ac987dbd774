// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/commit_text.hpp"

#include "daemon/checks/words.hpp"
#include "daemon/cli/json.hpp"
#include "daemon/cli/table.hpp"

#include <fmt/format.h>

#include <cmath>

namespace nudged::cli {
namespace {

using checks::JudgedCommitment;
using checks::number_text;
using checks::VerdictStatus;

std::string status_text(const JudgedCommitment& judged) {
    if (!judged.is_agreed()) return std::string{to_string(judged.commitment.state)};
    if (judged.verdict.status != VerdictStatus::pending)
        return std::string{to_string(judged.verdict.status)};
    return judged.is_over && is_reached(judged.verdict) ? "kept so far" : "pending";
}

std::string value_text(const JudgedCommitment& judged) {
    const auto& verdict = judged.verdict;
    if (!verdict.value) return "";
    std::string text = number_text(*verdict.value);
    if (verdict.working_days != checks::standard_week)
        text += fmt::format(" of {} in {} days", number_text(verdict.due),
                            number_text(verdict.working_days));
    return text;
}

std::string way_text(const JudgedCommitment& judged) {
    if (!is_judged(judged.verdict.status) || !judged.verdict.progress) return "";
    return number_text(std::round(*judged.verdict.progress * 1000) / 10) + " %";
}

std::string remark(const JudgedCommitment& judged) {
    std::string text = judged.why;
    if (text.empty() && judged.is_agreed()) text = judged.commitment.reason;
    if (judged.streak.kept > 1)
        text += fmt::format("{}{} kept in a row", text.empty() ? "" : "; ", judged.streak.kept);
    if (judged.moved_from)
        text += fmt::format("{}moved from {}", text.empty() ? "" : "; ", judged.moved_from->str());
    return text;
}

std::string rep_name(const JudgedCommitment& judged) {
    return judged.rep
               ? judged.rep->name
               : fmt::format("person {}", static_cast<std::int64_t>(judged.commitment.person));
}

}  // namespace

std::string commitments_text(std::span<const JudgedCommitment> commitments) {
    using Align = Table::Align;
    Table table({Align::right, Align::left, Align::left, Align::left, Align::right, Align::right,
                 Align::left, Align::right, Align::right, Align::left});
    table.row({"no", "week", "rep", "KPI", "from", "agreed", "verdict", "came to", "of the way",
               "remark"});
    for (const auto& judged : commitments) {
        const auto& commitment = judged.commitment;
        table.row({fmt::format("{}", commitment.id), commitment.week.str(),
                   for_terminal(rep_name(judged)), for_terminal(commitment.kpi),
                   number_text(commitment.baseline), number_text(commitment.promised),
                   status_text(judged), value_text(judged), way_text(judged),
                   for_terminal(remark(judged), 100)});
    }
    return table.str();
}

std::string commitments_json(std::span<const JudgedCommitment> commitments) {
    Json json;
    json.begin_array();
    for (const auto& judged : commitments) {
        const auto& commitment = judged.commitment;
        const auto& verdict = judged.verdict;
        json.begin_object()
            .field("commitment", commitment.id)
            .field("revision", commitment.revision)
            .field("rep", rep_name(judged))
            .field("email", judged.rep ? judged.rep->email : std::string{})
            .field("kpi", commitment.kpi)
            .field("week", commitment.week.str())
            .field("from", commitment.baseline)
            .field("to", commitment.promised)
            .field("state", to_string(commitment.state))
            .field("reason", commitment.reason)
            .field("agreed_by", commitment.agreed_by)
            .field("agreed_at", format_instant(commitment.agreed_at))
            .field("acknowledged", commitment.acknowledged)
            .field("source", commitment.source)
            .field("note", commitment.note)
            .field("worked", commitment.worked)
            .field("hard", commitment.hard)
            .field("verdict",
                   judged.is_agreed() ? std::optional{to_string(verdict.status)} : std::nullopt)
            .field("value", verdict.value)
            .field("working_days", verdict.working_days)
            .field("due", verdict.due)
            .field("progress", verdict.progress)
            .field("why", judged.why)
            .field("kept_in_a_row", judged.streak.kept)
            .field("missed_in_a_row", judged.streak.missed)
            .end_object();
    }
    json.end_array();
    return json.str();
}

std::string proposal_text(const checks::Kpi& kpi, const checks::Proposal& proposal) {
    using Kind = checks::Proposal::Kind;
    if (proposal.kind == Kind::reached)
        return fmt::format("{}: {} is reached; there is no further rung.\n", kpi.label,
                           number_text(proposal.to));
    std::string text = fmt::format("{}: {} {}, from {}.", kpi.label, number_text(proposal.to),
                                   proposal.kind == Kind::again  ? "once more"
                                   : proposal.kind == Kind::half ? "as half a step"
                                                                 : "next",
                                   number_text(proposal.from));
    if (proposal.rungs.size() > 1) {
        text += " Then ";
        for (std::size_t i = 1; i < proposal.rungs.size(); ++i)
            text += fmt::format("{}{}", i > 1 ? ", " : "", number_text(proposal.rungs[i]));
        text += ".";
    }
    text += "\n";
    if (proposal.kind == Kind::half)
        text += "What would have to change: the KPI itself, or the time set aside for it?\n";
    return text;
}

}  // namespace nudged::cli
