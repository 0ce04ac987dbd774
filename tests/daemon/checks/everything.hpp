// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/daemon/checks/scene.hpp"

namespace nudged::tests {

/// Something of every kind that is worth telling, on Friday.
void everything(Office& office);

}  // namespace nudged::tests
