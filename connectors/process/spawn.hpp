// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/process/child.hpp"

#include <utility>

namespace nudged::process {

/// A descriptor that is closed with its owner.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor();

    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

private:
    int fd_ = -1;
};

/// A program that was started: our ends of its pipes, and what becomes readable when it ends.
struct Spawned {
    int pid = -1;
    Descriptor output;
    Descriptor errors;
    Descriptor end;
};

/// Throws Failure(needs_person) when there is no such program, Failure(transient) when the system
/// has no room for it.
Spawned spawn(const Launch& launch);

}  // namespace nudged::process
