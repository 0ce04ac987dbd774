// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/config.hpp"
#include "tests/support/process.hpp"

#include <string>
#include <vector>

namespace nudged::tests {

/// An environment variable for as long as a test lasts; null takes it away.
class Variable {
public:
    Variable(std::string name, const char* value);
    ~Variable();
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    std::string name_;
    std::optional<std::string> before_;
};

/// A folder with a small configuration that has nothing wrong with it: a source "exports", a
/// channel "dana" for a manager, a team "East" with the member ana@example.com.
class Site {
public:
    Site();

    /// Replaces or adds a file; its path.
    std::string write(const std::string& name, const std::string& text) const {
        return folder_.write(name, text);
    }
    std::string path(const std::string& name) const { return folder_.file(name); }
    void remove(const std::string& name) const;

    config::Loaded load(const std::vector<std::string>& overrides = {}) const;
    /// Every problem, one line each; "" when there is none.
    std::string problems(const std::vector<std::string>& overrides = {}) const;
    /// The configuration, which must be without a problem.
    config::Config good(const std::vector<std::string>& overrides = {}) const;

private:
    TempFolder folder_;
    Variable own_{"NUDGED_STATE_DIR", nullptr};
    Variable state_{"STATE_DIRECTORY", nullptr};
    Variable runtime_{"RUNTIME_DIRECTORY", nullptr};
    Variable credentials_{"CREDENTIALS_DIRECTORY", nullptr};
};

}  // namespace nudged::tests
