// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/soak/installation.hpp"
#include "tests/soak/stillness.hpp"
#include "tests/soak/verdict.hpp"

namespace nudged::soak {

struct Options {
    int weeks = 2;
    unsigned seed = 1;
    std::chrono::minutes poll{180};
    bool tells_steps = false;
};

/// The weeks, lived through: the real daemon, the far ends, and the clock that leaps whenever
/// nothing goes on.
class Soak {
public:
    explicit Soak(const Options& options);
    Verdict run();

private:
    Hands hands();
    Crm& crm_of(Hands::Part part);
    void take_down(Hands::Part part, int round);
    void bring_back(Hands::Part part);
    void revoke_token();
    void give_token();
    void end_access_tokens();
    void start_daemon();
    void end_daemon(int signal);
    void measure_daemon();

    void pass_until(Instant end);
    void come_to_rest();
    std::chrono::nanoseconds until_next(Instant end) const;
    void check_daemon();
    void check_end(Verdict& verdict);
    void check_admin(Verdict& verdict) const;

    Options options_;
    tests::LeapingClock clock_;
    Crms crms_;
    Receivers receivers_;
    Installation installation_;
    Stillness stillness_;
    Hands hands_;
    Scenario scenario_;
    std::vector<Sample> samples_;
    std::vector<std::string> faults_;
    int tokens_ = 0;
    long leaps_ = 0;
};

}  // namespace nudged::soak
