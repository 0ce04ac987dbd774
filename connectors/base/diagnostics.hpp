// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nudged {

/// Where something stands in a file that an admin edits. Lines and columns count from 1; 0 is
/// unknown.
struct Place {
    std::string file;
    int line = 0;
    int column = 0;

    std::string str() const;  // "sources.d/sales.toml:14:9"
};

/// One problem: what is wrong and what to do, in a sentence each.
struct Diagnostic {
    enum class Severity { warning, error };
    Place place;
    std::string what;
    std::string remedy;
    Severity severity = Severity::error;

    std::string str() const;  // "place: what, remedy"; warnings say "warning: " after the place
};

/// Collects every problem of a configuration, so that ten typos take one round.
class Diagnostics {
public:
    void error(Place place, std::string what, std::string remedy = {});
    void warning(Place place, std::string what, std::string remedy = {});

    bool has_errors() const;
    const std::vector<Diagnostic>& items() const { return items_; }
    std::string str() const;  // one line each

private:
    std::vector<Diagnostic> items_;
};

}  // namespace nudged
