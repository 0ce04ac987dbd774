// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/process.hpp"

#include <string>
#include <utility>

namespace nudged::tests {

/// SQLite's own shell, which has a read of a warehouse open until it is told to go.
class ForeignReader {
public:
    /// Returns once it reads. Its files lie in `folder`.
    ForeignReader(const TempFolder& folder, const std::string& database);
    ~ForeignReader() { end(); }
    ForeignReader(const ForeignReader&) = delete;
    ForeignReader& operator=(const ForeignReader&) = delete;

    void end();
    pid_t pid() const { return shell_.pid(); }

private:
    std::string door_;
    Process shell_;
    bool is_ended_ = false;
};

}  // namespace nudged::tests
