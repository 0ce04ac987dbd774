// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace nudged::cli {

/// Asks at the terminal, or takes the lines of a pipe for answers. Whoever leaves (end of input)
/// ends the command.
class Questions {
public:
    /// What is typed; `usual` for an empty line, where there is one.
    std::string ask(const std::string& question, const std::string& usual = {});
    bool confirm(const std::string& question, bool usual);
    /// One of them, by its name or its number.
    std::string choose(const std::string& question, const std::vector<std::string>& choices,
                       const std::string& usual = {});
    /// What is typed is not shown. "@PATH" stands for the text of a file.
    std::string secret(const std::string& question);

private:
    std::string line();
};

}  // namespace nudged::cli
