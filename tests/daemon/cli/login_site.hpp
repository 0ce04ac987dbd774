// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/daemon/cli/site.hpp"
#include "tests/support/http_server.hpp"

#include <string>
#include <vector>

namespace nudged::tests {

/// An installation whose one source, "crm", logs in at a server that grants every code.
class LoginSite {
public:
    LoginSite();

    std::vector<std::string> command(std::vector<std::string> words) const;
    std::vector<std::string> login(std::vector<std::string> more = {}) const;
    /// Logs in with a code that is pasted.
    Finished paste() const;

    TempFolder folder;
    HttpServer server;
};

}  // namespace nudged::tests
