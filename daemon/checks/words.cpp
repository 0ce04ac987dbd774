// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/words.hpp"

#include <fmt/format.h>

#include <cmath>

namespace nudged::checks {

std::string days_text(int count, Days counted) {
    return fmt::format("{} {}day{}", count, counted == Days::working ? "working " : "",
                       count == 1 ? "" : "s");
}

std::string count_text(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string amount_text(const Decimal& amount, std::string_view currency) {
    return currency.empty() ? amount.str() : fmt::format("{} {}", amount.str(), currency);
}

std::string day_text(const Owner& owner, Instant moment) {
    return format_date(owner.zone.local_day(moment));
}

std::string number_text(double value) {
    const double hundredths = std::round(value * 100) / 100;
    std::string text = fmt::format("{:.2f}", hundredths == 0 ? 0 : hundredths);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
}

warehouse::Evidence touch_evidence(const Owner& owner, std::string_view label,
                                   const std::optional<warehouse::Touch>& touch) {
    if (!touch) return {std::string{label}, "none known", ""};
    std::string value =
        fmt::format("{} ({} ago)", day_text(owner, touch->at), days_text(owner.age(touch->at)));
    if (!touch->subject.empty()) value += ": " + touch->subject;
    return {std::string{label}, std::move(value), touch->url};
}

void add_deal_evidence(Finding& finding, const warehouse::OpenOpportunity& deal) {
    if (!deal.stage.empty()) finding.evidence.push_back({"stage", deal.stage, ""});
    if (deal.close_date)
        finding.evidence.push_back({"close date", format_date(*deal.close_date), deal.url});
    if (deal.amount)
        finding.evidence.push_back({"amount", amount_text(*deal.amount, deal.currency), ""});
    if (!deal.account.empty()) finding.evidence.push_back({"account", deal.account, ""});
}

}  // namespace nudged::checks
