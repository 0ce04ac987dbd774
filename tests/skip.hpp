// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace nudged::tests {

/// Says that the test cannot be run here, and why; the test then returns. A program none of whose
/// tests failed ends with 77 after that, which ctest shows as skipped rather than passed.
void skip(const std::string& why);

}  // namespace nudged::tests
