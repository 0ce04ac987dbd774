// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/checks/check.hpp"
#include "daemon/warehouse/opportunities.hpp"

#include <string>
#include <vector>

namespace nudged::checks {

struct Owner;

/// The options that hold for a deal of this owner: those of everybody, with every [[override]] that
/// fits the deal laid over them in the order of the file. The reference lives as long as the scene.
const CheckOptions& options_for(const Scene& scene, const warehouse::OpenOpportunity& deal,
                                const Owner& owner);
/// The same for what is no deal, such as a task or an account: only overrides that name nothing but
/// a team fit.
const CheckOptions& options_for(const Scene& scene, const Owner& owner);

/// Those that a finding was judged by. One about an open deal goes by the deal, any other by its
/// owner and team.
const CheckOptions& options_of(const Scene& scene, const Finding& finding);

/// The overrides that those were made of, in the order of the file.
std::vector<const Override*> overrides_of(const Scene& scene, const Finding& finding);

/// Whether a check may say anything at all: to everybody, or in the scope of some override.
bool is_enabled_somewhere(const CheckOptions& options, const Check& check);
/// Whether it may say this.
bool is_enabled_for(const Scene& scene, const Check& check, const Finding& finding);

}  // namespace nudged::checks
