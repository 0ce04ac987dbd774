// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/runtime/delivery.hpp"
#include "daemon/warehouse/file_health.hpp"
#include "daemon/warehouse/reader.hpp"

#include <string>
#include <vector>

namespace nudged::runtime {

/// How everything stands, as Prometheus text.
std::string render_gauges(const warehouse::Reader& reader, Instant now);

/// How each channel fares, as of now.
std::string render_channel_figures(const std::vector<ChannelFigures>& all, Instant now);

/// How the warehouse's file fares, which cannot be read from it.
std::string render_file_gauges(const warehouse::FileHealth& health,
                               std::chrono::steady_clock::time_point now);

}  // namespace nudged::runtime
