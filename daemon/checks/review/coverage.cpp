// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/review/coverage.hpp"

#include "connectors/base/text.hpp"
#include "daemon/checks/past.hpp"
#include "daemon/checks/review/criteria.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::checks {
namespace {

using std::chrono::local_days;
using warehouse::Rep;

constexpr double shrinkage = 20;  // sales practice §5, κ

local_days months_before(local_days day, int months) {
    auto date = std::chrono::year_month_day{day} - std::chrono::months{months};
    if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
    return local_days{date};
}

bool is_in(const FiscalQuarter& quarter, const std::optional<local_days>& day) {
    return day && *day >= quarter.from && *day < quarter.until;
}

/// An amount that says no currency is in that of the quota.
bool is_same_currency(const std::string& currency, const std::string& wanted) {
    return currency.empty() || wanted.empty() || currency == wanted;
}

const std::vector<std::size_t>& at_or_none(const auto& indexes, const auto& key) {
    static const std::vector<std::size_t> none;
    const auto found = indexes.find(key);
    return found == indexes.end() ? none : found->second;
}

void add_open(const Scene& scene, const Rep& rep, QuarterCoverage& coverage) {
    Decimal open;
    Decimal real;
    const auto& book = book_of(scene);
    for (const std::size_t index : at_or_none(book.opportunities_of_owner, rep.id)) {
        const auto& deal = book.opportunities[index];
        if (!is_in(coverage.quarter, deal.close_date)) continue;
        if (!deal.amount || !is_same_currency(deal.currency, coverage.currency)) {
            ++coverage.left_out;
            continue;
        }
        ++coverage.open_deals;
        open = open.plus(*deal.amount).value_or(open);
        if (!judge_reality(scene, deal).is_real) continue;
        ++coverage.real_deals;
        real = real.plus(*deal.amount).value_or(real);
    }
    coverage.open = open.to_double();
    coverage.real = real.to_double();
}

void add_closed(const Scene& scene, const Rep& rep, QuarterCoverage& coverage) {
    const auto today = rep.zone.local_day(scene.as_of);
    const auto first = months_before(today, scene.options.rep_coverage_gap.win_months);
    const auto& book = closed_book(scene);
    Decimal won;
    for (const std::size_t index : at_or_none(book.of_owner, rep.id)) {
        const auto& deal = book.deals[index];
        if (deal.closed > today) continue;
        if (deal.is_won && is_in(coverage.quarter, deal.closed) && deal.amount &&
            is_same_currency(deal.currency, coverage.currency))
            won = won.plus(*deal.amount).value_or(won);
        if (deal.closed < first) continue;
        ++coverage.own_closed;
        coverage.own_won += deal.is_won ? 1 : 0;
    }
    coverage.won = won.to_double();
    for (const std::size_t index : at_or_none(book.of_team, rep.team)) {
        const auto& deal = book.deals[index];
        if (deal.closed > today || deal.closed < first) continue;
        ++coverage.team_closed;
        coverage.team_won += deal.is_won ? 1 : 0;
    }
}

}  // namespace

std::string FiscalQuarter::name() const {
    return fmt::format("{}-Q{}", year, quarter);
}

FiscalQuarter fiscal_quarter(local_days day, int first_month) {
    using namespace std::chrono;
    const year_month_day date{day};
    const int months_in =
        (static_cast<int>(static_cast<unsigned>(date.month())) - first_month + 12) % 12;
    const year_month begin = year_month{date.year(), date.month()} - months{months_in % 3};
    const year_month year_begin = year_month{date.year(), date.month()} - months{months_in};
    FiscalQuarter quarter;
    quarter.quarter = months_in / 3 + 1;
    quarter.year = static_cast<int>((year_begin + months{11}).year());
    quarter.from = local_days{begin / 1};
    quarter.until = local_days{(begin + months{3}) / 1};
    return quarter;
}

CoverageRatios decide_coverage(double open, double real, double left) {
    return {open / left, real / left};
}

double shrunk_rate(double won, double closed, double team_rate) {
    return (won + shrinkage * team_rate) / (closed + shrinkage);
}

std::optional<double> QuarterCoverage::required() const {
    if (!win_rate || *win_rate <= 0) return std::nullopt;
    return 1 / *win_rate;
}

const Quota* quota_of(const Scene& scene, const Rep& rep, const FiscalQuarter& quarter) {
    const auto email = to_lower_ascii(rep.email);
    const Quota* best = nullptr;
    int best_rank = -1;
    for (const auto& quota : scene.options.quotas) {
        if (!quota.quarter.empty() && quota.quarter != quarter.name()) continue;
        // Most are somebody else's, and of another length.
        if (!quota.rep.empty() &&
            (quota.rep.size() != email.size() || to_lower_ascii(quota.rep) != email))
            continue;
        if (!quota.team.empty() && quota.team != scene.people.team_of(rep).name) continue;
        const int rank = (quota.rep.empty() ? 0 : 4) + (quota.team.empty() ? 0 : 2) +
                         (quota.quarter.empty() ? 0 : 1);
        if (rank > best_rank) best = &quota, best_rank = rank;
    }
    return best;
}

std::optional<QuarterCoverage> coverage_of(const Scene& scene, const Rep& rep) {
    QuarterCoverage coverage;
    coverage.quarter =
        fiscal_quarter(rep.zone.local_day(scene.as_of), scene.options.fiscal_year_starts);
    const auto* quota = quota_of(scene, rep, coverage.quarter);
    if (!quota) return std::nullopt;
    coverage.currency = quota->currency;
    coverage.quota = quota->amount;
    add_closed(scene, rep, coverage);
    add_open(scene, rep, coverage);
    coverage.left = std::max(0.0, coverage.quota - coverage.won);
    const auto least =
        static_cast<std::size_t>(std::max(1, scene.options.rep_coverage_gap.minimum_deals));
    if (coverage.team_closed >= least)
        coverage.win_rate = shrunk_rate(
            static_cast<double>(coverage.own_won), static_cast<double>(coverage.own_closed),
            static_cast<double>(coverage.team_won) / static_cast<double>(coverage.team_closed));
    if (coverage.left > 0)
        coverage.ratios = decide_coverage(coverage.open, coverage.real, coverage.left);
    return coverage;
}

}  // namespace nudged::checks
