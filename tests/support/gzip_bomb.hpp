// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/http_server.hpp"

namespace nudged::tests {

/// So many mebibytes of zeros, a kilobyte each, as the beginning of a gzip stream (RFC 1952, 1951).
Reply gzip_bomb(int mebibytes);

}  // namespace nudged::tests
