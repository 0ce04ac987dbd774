// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace nudged::net {

/// What speaks HTTP and TLS for us: "libcurl 7.88.1, OpenSSL/3.0.15".
std::string library_versions();

}  // namespace nudged::net
