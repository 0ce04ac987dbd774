// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/process/spawn.hpp"

#include <string>

namespace nudged::sources::singer {

/// A folder that nobody else can look into, for the files of one run of a tap; it goes with all
/// that is in it. What a program that was killed has left behind goes when the next is made, since
/// there are credentials in it. Blocks: for workers. Throws Failure(transient) when there is no
/// room.
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
    process::Descriptor
        lock_;  // tells the folder of a living program from one that was left behind
};

}  // namespace nudged::sources::singer
