// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/made_options.hpp"

namespace nudged::bench {

checks::CheckOptions make_options() {
    checks::CheckOptions options;
    for (const auto* measure : {"dials", "connects", "talk_seconds", "meetings_held", "wins"})
        options.kpis.push_back({.name = measure,
                                .label = measure,
                                .measure = measure,
                                .targets = {{"", 90}},
                                .why = "a benchmark",
                                .question = "",
                                .place = {}});
    auto& quota = options.quotas.emplace_back();
    quota.amount = 500'000;
    quota.currency = "EUR";
    const auto criterion = [&](const char* name, checks::Evidence evidence) -> auto& {
        auto& made = options.criteria.emplace_back();
        made.name = name;
        made.evidence = evidence;
        made.is_mandatory = true;
        return made;
    };
    criterion("a decision maker is known", checks::Evidence::contact_role);
    criterion("they met us", checks::Evidence::meeting);
    criterion("they answer", checks::Evidence::inbound_touch);
    criterion("we know what comes next", checks::Evidence::field).field = "next_step";
    criterion("we know its type", checks::Evidence::field).field = "type";
    return options;
}

}  // namespace nudged::bench
