// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/login_name.hpp"

#include <pwd.h>
#include <unistd.h>

namespace nudged::cli {

std::string login_name() {
    const auto* entry = getpwuid(getuid());
    return entry == nullptr ? "" : entry->pw_name;
}

}  // namespace nudged::cli
