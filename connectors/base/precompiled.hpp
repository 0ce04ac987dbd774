// SPDX-License-Identifier: Apache-2.0
#pragma once

// What most translation units use anyway; nothing of ours, and nothing that changes often. Each
// pays for the size of this: Boost.Asio, which a third of them use, gained nothing even there.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>
