// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/faults/disk.hpp"

namespace nudged::tests {

/// While it lives, every database of this process that is opened is on the Disk: it is SQLite's
/// default file system. Locks and shared memory are of this process alone, and end with it, as they
/// do at a power cut. One at a time; all connections are closed before it goes.
class DiskVfs {
public:
    explicit DiskVfs(Disk& disk);
    ~DiskVfs();
    DiskVfs(const DiskVfs&) = delete;
    DiskVfs& operator=(const DiskVfs&) = delete;
};

}  // namespace nudged::tests
