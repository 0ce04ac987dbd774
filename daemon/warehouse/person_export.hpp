// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/warehouse/reader.hpp"
#include "daemon/warehouse/traces.hpp"

#include <functional>
#include <string_view>

namespace nudged::warehouse {

/// Everything that is stored about one human, as one JSON object: by table, the rows that are
/// theirs or mention them, as they are stored. 1:1 notes are not in it. `write` is given it in
/// pieces.
void export_person(const Reader& reader, const Traces& traces,
                   const std::function<void(std::string_view)>& write);

}  // namespace nudged::warehouse
