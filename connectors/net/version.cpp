// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/version.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

namespace nudged::net {

std::string library_versions() {
    const auto* info = curl_version_info(CURLVERSION_NOW);
    return fmt::format("libcurl {}, {}", info->version,
                       info->ssl_version ? info->ssl_version : "no TLS");
}

}  // namespace nudged::net
