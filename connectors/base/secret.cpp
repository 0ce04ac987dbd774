// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/secret.hpp"

#include <string.h>

#include <utility>

namespace nudged {

Secret::Secret(std::string value, std::string origin)
    : value_(std::move(value)), origin_(std::move(origin)) {}

// A moved-from short string keeps its bytes, so a move copies and wipes.
Secret::Secret(Secret&& other) : value_(other.value_), origin_(other.origin_) {
    other.wipe();
}

Secret& Secret::operator=(Secret other) {
    wipe();
    value_ = other.value_;
    origin_ = other.origin_;
    return *this;
}

Secret::~Secret() {
    wipe();
}

void Secret::wipe() {
    explicit_bzero(value_.data(), value_.size());
    value_.clear();
}

}  // namespace nudged
