// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "daemon/warehouse/reader.hpp"

#include <string>

namespace nudged::runtime {

/// How everything stands, as Prometheus text.
std::string render_gauges(const warehouse::Reader& reader, Instant now);

}  // namespace nudged::runtime
