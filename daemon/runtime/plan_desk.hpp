// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/care.hpp"

namespace nudged::runtime {

// The commands of coaching_desk.hpp that are about plans.

asio::awaitable<CareReport> add_plan(const CareContext& context, ControlRequest request);
/// Notes where the rep stands in a skill that is a goal.
asio::awaitable<CareReport> rate_plan(const CareContext& context, ControlRequest request);
/// Notes what the goals of one plan, or of all, stood at on checkpoints that are past; at the end
/// the result, with a line to celebrate and a next plan to talk about.
asio::awaitable<CareReport> check_plans(const CareContext& context, ControlRequest request);

}  // namespace nudged::runtime
