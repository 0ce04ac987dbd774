// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/precompiled.hpp"

#include <catch2/catch.hpp>
