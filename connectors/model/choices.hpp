// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/model/entity.hpp"

#include <span>
#include <string_view>

namespace nudged::model {

/// The only texts that mean anything in a field, as its meaning lists them; none: any text does.
std::span<const std::string_view> choices_of(Entity entity, std::string_view field);

}  // namespace nudged::model
