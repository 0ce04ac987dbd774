// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/channels/options.hpp"
#include "connectors/model/message.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace nudged::channels::alertmanager {

inline constexpr std::size_t max_alerts = 1'000;  // of one message

/// The list of alerts that is posted: one a finding; one a subject for items of no finding; or one
/// for a message without items. Alertmanager takes what has the same labels for the same, so they
/// are what it is about, and neither text nor numbers, nor which message tells it. What is over
/// ends its alert; any other one lets them end by themselves after `keep_for`, as nobody sends them
/// again.
std::string render(const model::Message& message, std::string_view channel,
                   const AlertmanagerOptions& options);

/// Of a label: a letter or `_`, then letters, digits and `_`; none that begins with `__`.
bool is_label_name(std::string_view name);

}  // namespace nudged::channels::alertmanager
