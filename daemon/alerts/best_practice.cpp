// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/best_practice.hpp"

namespace nudged::alerts {

std::string practice_text(const BestPractice& practice, const Texts& texts) {
    return texts.fill("practice.offer", {{"rep", practice.rep_name},
                                         {"date", texts.date(practice.held_on)},
                                         {"note", std::to_string(practice.note)},
                                         {"reader", practice.reader}});
}

}  // namespace nudged::alerts
