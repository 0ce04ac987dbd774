// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/base/instant.hpp"
#include "tests/daemon/cli/site.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nudged::tests {

/// The demo's configuration, read once from its CRM.
class DemoSite {
public:
    DemoSite();
    /// As it is then: the story ends as that day begins, and the program's clock says it.
    explicit DemoSite(Instant now);

    Finished nudged(std::vector<std::string> words) const;
    /// A line of a shell in the checkout's folder, where `nudged` is the program on this site
    /// unless the line names another configuration.
    Finished shell(const std::string& line) const;

private:
    explicit DemoSite(std::optional<Instant> now);
    std::vector<std::string> command() const;
    std::string secret(const std::string& name, const std::string& text);
    void replace(const std::string& name, const std::string& what, const std::string& with);

    TempFolder folder_;
    std::optional<Instant> now_;
    ShiftedClock clock_;
    Crm crm_;
};

}  // namespace nudged::tests
