// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/book.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace nudged::checks {

/// A quarter of the fiscal year that begins in a month; the year has the name of the calendar year
/// in which it ends.
struct FiscalQuarter {
    int year = 0;
    int quarter = 1;
    std::chrono::local_days from;
    std::chrono::local_days until;  // exclusive
    std::string name() const;       // "2027-Q1"
};
FiscalQuarter fiscal_quarter(std::chrono::local_days day, int first_month);

/// Pipeline by what is left to win (sales practice §5, §11).
struct CoverageRatios {
    double headline = 0;
    double real = 0;
};
/// 4.8 M open, 3.1 M of it real, 1.6 M left: 3.0 and 1.94. `left` must be above zero.
CoverageRatios decide_coverage(double open, double real, double left);

/// Own cases shrunk towards the team's rate, with the weight of 20 cases (sales practice §5): 3 of
/// 10 where the team wins 25 % are 0.2667.
double shrunk_rate(double won, double closed, double team_rate);

/// How a rep stands with the quota of the quarter.
struct QuarterCoverage {
    FiscalQuarter quarter;
    std::string currency;
    double quota = 0;
    double won = 0;   // in the quarter
    double left = 0;  // never below zero
    double open = 0;  // to close in the quarter, open at the moment
    double real = 0;  // of that, deals whose mandatory criteria are met
    std::size_t open_deals = 0, real_deals = 0;
    std::size_t left_out = 0;  // open deals of another currency, or without an amount
    std::size_t own_won = 0, own_closed = 0;  // over the months that the win rate looks back
    std::size_t team_won = 0, team_closed = 0;
    std::optional<double> win_rate;          // shrunk; empty: too few deals have closed
    std::optional<CoverageRatios> ratios;    // empty: nothing is left to win
    std::optional<double> required() const;  // 1 / win rate
};

/// The quota that counts for the rep in the quarter; null when there is none.
const Quota* quota_of(const Scene& scene, const warehouse::Rep& rep, const FiscalQuarter& quarter);

/// nullopt for a rep without a quota.
std::optional<QuarterCoverage> coverage_of(const Scene& scene, const warehouse::Rep& rep);

}  // namespace nudged::checks
