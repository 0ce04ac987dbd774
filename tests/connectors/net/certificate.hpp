// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/http_server.hpp"

namespace nudged::tests {

/// A key, and a certificate for 127.0.0.1 that only itself vouches for; valid for an hour.
TlsIdentity self_signed();

}  // namespace nudged::tests
