// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace nudged::sources::singer {

/// A folder that nobody else can look into, for the files of one run of a tap; it goes with all
/// that is in it. Any thread. Throws Failure(transient) when there is no room.
class Workspace {
public:
    Workspace();
    ~Workspace();
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;

    const std::string& folder() const { return folder_; }
    /// Writes a new file that only we can read; its path.
    std::string write(const std::string& name, const std::string& text) const;

private:
    std::string folder_;
};

}  // namespace nudged::sources::singer
