// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/config.hpp"

#include <string>
#include <vector>

namespace nudged::config {

/// A secret that the configuration names.
struct NamedSecret {
    std::string owner;  // "source sales", "channel managers", "nudged"
    std::string key;    // "credentials.token"
    const Secret* secret;
};
/// Every secret that is set. They belong to `config`.
std::vector<NamedSecret> find_secrets(const Config& config);

/// The file that a secret's origin names; empty for one from elsewhere.
std::string file_of(const Secret& secret);

}  // namespace nudged::config
