// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Tails of the distributions that counts follow. Exact sums, good to about 1e-12; no thread, no
/// state.
namespace nudged::checks {

/// How a count of a week scatters: around `mean`, with the variance `spread` × `mean`. A spread of
/// 1 is Poisson's law, more is the negative binomial one (sales practice §8.3).
struct CountLaw {
    double mean = 0;
    double spread = 1;
};

/// P(X <= x); 0 below 0.
double lower_tail(const CountLaw& law, long x);
/// P(X >= x); 1 from 0 down.
double upper_tail(const CountLaw& law, long x);

/// P(X <= x) and P(X >= x) of `trials`, each with the chance `share`, 0 … 1.
double binomial_lower(long trials, double share, long x);
double binomial_upper(long trials, double share, long x);
/// P(X = x).
double binomial_point(long trials, double share, long x);

/// P(Z >= z) of the normal law.
double normal_upper(double z);

/// P(X >= x) of the chi-square law with `degrees` of freedom, at least 1.
double chi_square_upper(double x, int degrees);

}  // namespace nudged::checks
