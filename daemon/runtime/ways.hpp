// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/alerts/answer_link.hpp"
#include "daemon/alerts/line_message.hpp"
#include "daemon/alerts/schedule.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/config/config.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nudged::runtime {

/// What the checks have found, with its life, and whom it goes to; in the order given. A worker;
/// reads the scene's snapshot.
std::vector<alerts::Routed> route_findings(const config::Config& config, const checks::Scene& scene,
                                           const warehouse::Findings& findings,
                                           const warehouse::ShadowBook& shadow,
                                           const warehouse::Tellings& tellings);

/// The messages to others than the managers whose hour has come, and that are not in the outbox;
/// with buttons that answer, or links where there is a signer. Empty at once where nobody but
/// managers is told.
std::vector<alerts::LineMessage> make_line_messages(const config::Config& config,
                                                    const checks::Scene& scene,
                                                    const checks::Evaluation& evaluation,
                                                    const alerts::LinkSigner* signer);

/// Whether people can answer in the channel itself: by buttons, rather than by links.
bool takes_answers(const config::Config& config, std::string_view channel);

/// The channels that keep account of what they were told, and hear that it is over.
std::set<std::string> channels_that_hear_ends(const config::Config& config);

/// The findings that a message may name by their short ids.
std::map<std::string, alerts::Linked> linked_by_id(const std::vector<alerts::Routed>& routed);

/// Whose digest it is on that day: the manager's, their cover's, or the admin's while the team is
/// in shadow. Sets the team's channel and manager to that, and the key to one of its own for the
/// admin; the line it goes by. Empty when nobody gets one: in shadow without an admin_channel, or
/// while the manager is away without a cover.
std::optional<std::string_view> address(warehouse::Team& team, alerts::DigestDue& due,
                                        const config::Config& config,
                                        const warehouse::ShadowBook& shadow);

}  // namespace nudged::runtime
