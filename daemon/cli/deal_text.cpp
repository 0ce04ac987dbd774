// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/deal_text.hpp"

#include "daemon/checks/words.hpp"
#include "daemon/cli/finding_text.hpp"
#include "daemon/cli/table.hpp"

#include <fmt/format.h>

#include <iterator>

namespace nudged::cli {
namespace {

constexpr std::size_t widest = 200;

std::string mark_of(const std::optional<bool>& is_true) {
    return !is_true ? "?" : *is_true ? "yes" : "no";
}

std::string facts_text(const std::vector<warehouse::Evidence>& facts) {
    Table table({Table::Align::left, Table::Align::left, Table::Align::left});
    for (const auto& fact : facts)
        table.row(
            {"  " + fact.label, for_terminal(fact.value, widest), for_terminal(fact.url, widest)});
    return table.str();
}

std::string reality_text(const checks::Reality& reality) {
    if (reality.criteria.empty()) return "  no criterion of criteria.toml is about this stage\n";
    Table table({Table::Align::left, Table::Align::left, Table::Align::left, Table::Align::left});
    for (const auto& judged : reality.criteria)
        table.row({"  " + mark_of(judged.is_true),
                   for_terminal(judged.criterion->name, 60) +
                       (judged.criterion->is_mandatory ? " (mandatory)" : ""),
                   for_terminal(judged.looked, widest), for_terminal(judged.url, widest)});
    auto text = table.str();
    if (reality.score)
        text +=
            fmt::format("  score {:.0f} %, {}\n", 100 * *reality.score,
                        reality.is_real ? "real" : "not real: a mandatory criterion is not met");
    return text;
}

std::string coverage_text(const checks::QuarterCoverage& coverage) {
    auto text = fmt::format("  {}: quota {} {}, won {}, left {}\n", coverage.quarter.name(),
                            checks::number_text(coverage.quota), coverage.currency,
                            checks::number_text(coverage.won), checks::number_text(coverage.left));
    text += fmt::format("  open {} in {} deals, of that real {} in {}\n",
                        checks::number_text(coverage.open), coverage.open_deals,
                        checks::number_text(coverage.real), coverage.real_deals);
    if (!coverage.ratios) return text + "  nothing is left to win in the quarter\n";
    text += fmt::format("  coverage {:.2f} by all that is open, {:.2f} by what is real",
                        coverage.ratios->headline, coverage.ratios->real);
    if (const auto required = coverage.required())
        text += fmt::format("; {:.2f} are needed at a win rate of {:.1f} %", *required,
                            100 * *coverage.win_rate);
    return text + "\n";
}

std::string risks_text(const warehouse::Findings& risks) {
    if (risks.empty()) return "  none that a check sees\n";
    Table table({Table::Align::left, Table::Align::left, Table::Align::left, Table::Align::left});
    for (const auto& finding : risks)
        table.row({"  " + finding_id(finding), std::string{to_string(finding.severity)},
                   finding.check, for_terminal(finding.summary, widest)});
    return table.str();
}

void write_facts(Json& json, std::string_view name, const std::vector<warehouse::Evidence>& facts) {
    json.key(name).begin_array();
    for (const auto& fact : facts)
        json.begin_object()
            .field("label", fact.label)
            .field("value", fact.value)
            .field("url", fact.url)
            .end_object();
    json.end_array();
}

void write_reality(Json& json, const checks::Reality& reality) {
    json.field("score", reality.score).field("real", reality.is_real);
    json.key("criteria").begin_array();
    for (const auto& judged : reality.criteria)
        json.begin_object()
            .field("name", judged.criterion->name)
            .field("mandatory", judged.criterion->is_mandatory)
            .field("weight", judged.criterion->weight)
            .field("met", judged.is_true)
            .field("looked", judged.looked)
            .field("url", judged.url)
            .end_object();
    json.end_array();
}

void write_coverage(Json& json, const checks::QuarterCoverage& coverage) {
    json.key("coverage")
        .begin_object()
        .field("quarter", coverage.quarter.name())
        .field("currency", coverage.currency)
        .field("quota", coverage.quota)
        .field("won", coverage.won)
        .field("left", coverage.left)
        .field("open", coverage.open)
        .field("real", coverage.real)
        .field("win_rate", coverage.win_rate)
        .field("required", coverage.required());
    if (coverage.ratios)
        json.field("headline_coverage", coverage.ratios->headline)
            .field("real_coverage", coverage.ratios->real);
    json.end_object();
}

}  // namespace

std::string deal_review_text(const checks::DealReview& review) {
    const auto& deal = *review.deal;
    std::string text = fmt::format(
        "{} ({}/{}), {}{}\n", for_terminal(deal.name.empty() ? deal.key.id : deal.name, 100),
        deal.key.source, for_terminal(deal.key.id), for_terminal(review.owner),
        review.team.empty() ? "" : ", " + for_terminal(review.team));
    if (!deal.url.empty()) text += for_terminal(deal.url, widest) + "\n";
    text += "\nOverview\n" + facts_text(review.overview);
    text += "\nTo clarify\n";
    for (const auto& question : review.questions)
        text += fmt::format("  {}\n", for_terminal(question, widest));
    text += "\nEvidence\n" + reality_text(review.reality);
    text += "\nRisks\n" + risks_text(review.risks);
    text += fmt::format("\n{}\n  1.\n  2.\n  3.\n", checks::top_reasons);
    text += fmt::format("\nThe buyer's view\n  {}\n", checks::buyers_view);
    text += "\nAgreed actions (who, what, by when)\n";
    text += review.planned.empty() ? "  nothing is planned yet\n" : facts_text(review.planned);
    if (review.coverage) text += "\nThe owner's quarter\n" + coverage_text(*review.coverage);
    return text;
}

std::string deal_review_json(const checks::DealReview& review) {
    const auto& deal = *review.deal;
    Json json;
    json.begin_object()
        .field("source", deal.key.source)
        .field("id", deal.key.id)
        .field("name", deal.name)
        .field("url", deal.url)
        .field("owner", review.owner)
        .field("team", review.team);
    write_facts(json, "overview", review.overview);
    json.key("questions").begin_array();
    for (const auto& question : review.questions) json.value(question);
    json.end_array();
    write_reality(json, review.reality);
    json.key("risks").begin_array();
    for (const auto& finding : review.risks)
        json.begin_object()
            .field("id", finding_id(finding))
            .field("check", finding.check)
            .field("severity", to_string(finding.severity))
            .field("summary", finding.summary)
            .field("question", finding.question)
            .end_object();
    json.end_array();
    json.field("top_reasons", checks::top_reasons).field("buyers_view", checks::buyers_view);
    write_facts(json, "planned", review.planned);
    if (review.coverage) write_coverage(json, *review.coverage);
    return json.end_object().str();
}

}  // namespace nudged::cli
